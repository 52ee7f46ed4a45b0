using System.Data.Common;
using System.Globalization;
using Huike.Customers.OneVoice;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Relationships.Plans;

/// <summary>Adds touches to the contact plan, changes them and takes them away. Tasks that were made stay.</summary>
internal sealed class ChangeTouches(AuditLog audit, JobQueue jobs)
{
    private const int Most = 50;

    /// <summary>How touches stand in the audit.</summary>
    public static readonly AuditedKind Kind = new("touch", "relationship.audit.touch", RelationshipRulesEndpoints.Path, "relationship.field.");

    /// <summary>What a form says.</summary>
    /// <exception cref="RuleException"><c>relationship.touch.wrong</c>, <c>relationship.touch.span</c>, <c>relationship.touch.text</c>.</exception>
    public static Touch Read(IFormCollection form)
    {
        T Chosen<T>(string name) where T : struct, Enum => TypedText.Chosen<T>(form[name], "relationship.touch.wrong");
        var (after, channel) = (Chosen<TouchAfter>("after"), Chosen<InteractionKind>("channel"));
        if (channel == InteractionKind.Note) { throw new RuleException("relationship.touch.wrong"); }
        if (!int.TryParse(form["span"], NumberStyles.None, CultureInfo.InvariantCulture, out var span) || span > RelationshipRules.MostDays || (span == 0 && after == TouchAfter.Contact)) { throw new RuleException("relationship.touch.span", RelationshipRules.MostDays); }
        var (chinese, english) = (TypedText.Clean(form["chinese"]), TypedText.Clean(form["english"]));
        if (chinese.Length is 0 or > Touch.LongestText || english.Length is 0 or > Touch.LongestText) { throw new RuleException("relationship.touch.text", Touch.LongestText); }
        return new(Chosen<RelationshipType>("type"), channel, after, span, Chosen<TouchUnit>("unit"), chinese, english);
    }

    /// <summary>Adds one, unless the very same is there.</summary>
    /// <exception cref="RuleException"><c>relationship.touch.many</c>.</exception>
    public Task Add(Touch wanted, CancellationToken ct) => audit.Change(async connection =>
    {
        if (connection.Kind() == DatabaseKind.Postgres) { await connection.Run("lock table customers_touch in share row exclusive mode", ct); }
        var all = await Touch.All(connection, ct);
        if (all.Exists(known => known with { Id = 0, Version = 1 } == wanted)) { return null; }
        if (all.Count >= Most) { throw new RuleException("relationship.touch.many", Most); }
        var id = await connection.Number("insert into customers_touch (type, channel, after, span, unit, chinese, english, version) values (@type, @channel, @after, @span, @unit, @chinese, @english, 1) returning id", ct, Values(wanted));
        return await Told(connection, "relationship.touch-added", id, null, wanted, ct);
    }, ct);

    /// <exception cref="RuleException"><c>relationship.touch.unknown</c>, <c>customers.edit.stale</c>.</exception>
    public Task Change(long id, string? version, Touch wanted, CancellationToken ct) => audit.Change(async connection =>
    {
        var old = await Find(connection, id, ct);
        if (old.Version.ToString(CultureInfo.InvariantCulture) != version) { throw new RuleException("customers.edit.stale"); }
        if (old == wanted with { Id = id, Version = old.Version }) { return null; }
        await connection.Run("update customers_touch set type = @type, channel = @channel, after = @after, span = @span, unit = @unit, chinese = @chinese, english = @english, version = version + 1 where id = @id", ct, [.. Values(wanted), ("id", id)]);
        return await Told(connection, "relationship.touch-changed", id, old, wanted, ct);
    }, ct, Hold(id));

    /// <exception cref="RuleException"><c>relationship.touch.unknown</c>.</exception>
    public Task Remove(long id, CancellationToken ct) => audit.Change(async connection =>
    {
        var old = await Find(connection, id, ct);
        await connection.Run("delete from customers_touch where id = @id", ct, ("id", id));
        return await Told(connection, "relationship.touch-removed", id, old, null, ct);
    }, ct, Hold(id));

    private static string Hold(long id) => string.Create(CultureInfo.InvariantCulture, $"update customers_touch set version = version where id = {id}");

    private static async Task<Touch> Find(DbConnection connection, long id, CancellationToken ct) =>
        (await Touch.All(connection, ct)).Find(known => known.Id == id) ?? throw new RuleException("relationship.touch.unknown") { Status = StatusCodes.Status404NotFound };

    private async Task<AuditEntry> Told(DbConnection connection, string action, long id, Touch? old, Touch? now, CancellationToken ct)
    {
        await jobs.AddUnlessWaiting(connection, PlanTouches.KindName, "{}", "", ct);
        var changes = Words(old).Zip(Words(now), (was, becomes) => new AuditChange(was.Field, was.Value, becomes.Value)).Where(change => change.Old != change.New);
        return new(action) { Kind = Kind.Name, Record = id, Changes = [.. changes] };
    }

    private static (string Field, string? Value)[] Words(Touch? touch) =>
    [
        ("type", touch is null ? null : CustomerFilter.Kebab(touch.Type)), ("channel", touch is null ? null : CustomerFilter.Kebab(touch.Channel)), ("after", touch is null ? null : CustomerFilter.Kebab(touch.After)),
        ("span", touch?.Span.ToString(CultureInfo.InvariantCulture)), ("unit", touch is null ? null : CustomerFilter.Kebab(touch.Unit)), ("chinese", touch?.Chinese), ("english", touch?.English),
    ];

    private static (string, object?)[] Values(Touch touch) =>
        [("type", touch.Type), ("channel", touch.Channel), ("after", touch.After), ("span", touch.Span), ("unit", touch.Unit), ("chinese", touch.Chinese), ("english", touch.English)];
}
