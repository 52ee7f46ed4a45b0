using System.Data.Common;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Platform.Webhooks;

/// <summary>Adds, edits, switches and removes endpoints, and gives them new secrets.</summary>
internal sealed class ChangeWebhook(AuditLog audit, Reachable reachable, IEnumerable<WebhookEvent> events, WebhookSecrets secrets, TimeProvider clock)
{
    /// <summary>Each event writes a message for each of them.</summary>
    public const int Most = 100;

    private const string OldForm = "webhooks.form";
    private static readonly TimeSpan OldSecretHolds = TimeSpan.FromDays(1);

    /// <returns>Its number, and its secret, to be shown once; null where the form was sent before and another was made since.</returns>
    /// <exception cref="RuleException">Of <see cref="WebhookInput.Demand"/>; <c>webhooks.form</c>, <c>webhooks.many</c>.</exception>
    public async Task<(long Id, string? Secret)> Add(WebhookInput input, CancellationToken ct)
    {
        var (url, key, secret, id) = (Demand(input), FormKeys.Read(input.FormKey, OldForm), (string?)WebhookSecrets.Make(), 0L);
        await audit.Change(async connection =>
        {
            id = await connection.Number("""
                insert into platform_webhook (url, description, events, secret, is_on, stopped, version, created_at, created_by, form_key)
                values (@url, @description, @events, @secret, @on, '', 1, @now, @by, @key) on conflict (form_key) do nothing returning id
                """, ct, ("url", url), ("description", input.Description), ("events", Kept(input)), ("secret", secrets.Keep(secret!)), ("on", true), ("now", clock.GetUtcNow()), ("by", audit.Who), ("key", key));
            if (id == 0)
            {
                // Whoever pressed twice sees the answer to the second press alone.
                (id, secret) = await connection.First("select id, case when old_secret is null then secret end from platform_webhook where form_key = @key", row => (row.GetInt64(0), row.TextOrNull(1) is { } kept ? secrets.Read(kept) : null), ct, ("key", key));
                return null;
            }
            if (await connection.Number("select count(*) from platform_webhook", ct) > Most) { throw new RuleException("webhooks.many", Most); }
            return Entry("added", id, [.. Told(input, url).Select(one => AuditChange.Is(one.Field, one.Value))]);
        }, ct);
        return (id, secret);
    }

    /// <exception cref="RuleException">Of <see cref="WebhookInput.Demand"/>; <c>webhooks.unknown</c>, <c>webhooks.stale</c>.</exception>
    public Task Edit(long id, WebhookInput input, CancellationToken ct)
    {
        var url = Demand(input);
        return audit.Change(async connection =>
        {
            var was = await Get(connection, id, ct);
            if (await connection.Run("update platform_webhook set url = @url, description = @description, events = @events, version = version + 1 where id = @id and version = @version", ct,
                ("url", url), ("description", input.Description), ("events", Kept(input)), ("id", id), ("version", input.Version)) == 0)
            {
                throw new RuleException("webhooks.stale");
            }
            // A path may hold a key: that it changed is told, not how.
            var changes = Told(WebhookInput.Of(was), was.Url).Zip(Told(input, url), (old, now) => new AuditChange(now.Field, old.Value, now.Value)).Where(one => one.Old != one.New || (one.Field == "url" && was.Url != url));
            return Entry("edited", id, [.. changes]);
        }, ct);
    }

    /// <summary>On: what waited is sent, and failures are counted anew. Off: nothing is sent, and of what happens nothing is written down for it.</summary>
    /// <exception cref="RuleException"><c>webhooks.unknown</c>.</exception>
    public Task Switch(long id, bool on, CancellationToken ct) => audit.Change(async connection =>
    {
        await Get(connection, id, ct);
        return await connection.Run("update platform_webhook set is_on = @on, stopped = '', failing_since = null, version = version + 1 where id = @id and is_on <> @on", ct, ("on", on), ("id", id)) == 0
            ? null : Entry(on ? "switched-on" : "switched-off", id);
    }, ct);

    /// <summary>Gives a new secret; the former one signs too for a day. Sent twice, the form makes one: the former would be lost otherwise.</summary>
    /// <returns>The secret, to be shown once.</returns>
    /// <exception cref="RuleException"><c>webhooks.unknown</c>, <c>webhooks.form</c>.</exception>
    public async Task<string> NewSecret(long id, string formKey, CancellationToken ct)
    {
        var (secret, key) = (WebhookSecrets.Make(), FormKeys.Read(formKey, OldForm));
        await audit.Change(async connection =>
        {
            await Get(connection, id, ct);
            if (await connection.Run("update platform_webhook set old_secret = secret, old_until = @until, secret = @secret, secret_form_key = @key where id = @id and coalesce(secret_form_key, '') <> @key", ct,
                ("until", clock.GetUtcNow() + OldSecretHolds), ("secret", secrets.Keep(secret)), ("key", key), ("id", id)) > 0)
            {
                return Entry("secret-made", id);
            }
            secret = secrets.Read((await connection.First("select secret from platform_webhook where id = @id", row => row.GetString(0), ct, ("id", id)))!);
            return null;
        }, ct);
        return secret;
    }

    /// <summary>Removes it with its log.</summary>
    /// <exception cref="RuleException"><c>webhooks.unknown</c>.</exception>
    public Task Remove(long id, CancellationToken ct) => audit.Change(async connection =>
    {
        var was = await Get(connection, id, ct);
        await connection.Run("delete from platform_webhook where id = @id", ct, ("id", id));
        return Entry("removed", id, [.. Told(WebhookInput.Of(was), was.Url).Select(one => new AuditChange(one.Field, one.Value, null))]);
    }, ct);

    public static AuditEntry Entry(string action, long id, params IReadOnlyList<AuditChange> changes) => new("webhook." + action) { Kind = WebhooksModule.Audited.Name, Record = id, Changes = changes };

    /// <exception cref="RuleException"><c>webhooks.unknown</c>.</exception>
    public static async Task<Webhook> Get(DbConnection connection, long id, CancellationToken ct) =>
        await connection.First($"select {Webhook.Columns} from platform_webhook w where w.id = @id", Webhook.Map, ct, ("id", id)) ?? throw new RuleException("webhooks.unknown", id);

    private string Demand(WebhookInput input) => input.Demand(reachable, [.. events.Select(one => one.Kind)]);

    private static string Kept(WebhookInput input) => $" {string.Join(' ', input.Events)} ";

    private static (string Field, string Value)[] Told(WebhookInput input, string url) => [("description", input.Description), ("url", new Uri(url).GetLeftPart(UriPartial.Authority)), ("events", string.Join(", ", input.Events))];
}
