using System.Globalization;
using Huike.Customers.NextSteps;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;

namespace Huike.Customers.Unknowns;

/// <summary>Plans to ask a customer for what is not known of him: with the next step that is planned anyway, else in some days. While one is open, asking again does nothing.</summary>
internal sealed class AskFor(Database database, AddNextStep plan, SettingsStore settings, Texts texts, TimeProvider clock)
{
    public const string Prefix = "ask-";

    /// <param name="customerId">Whom.</param>
    /// <param name="name">Name of the field.</param>
    /// <param name="viewer">Who plans: of the firm's own fields, those that he sees.</param>
    /// <param name="by">His name.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>customers.unknowns.nothing</c>: no such field; those of <see cref="AddNextStep"/>.</exception>
    public async Task Run(long customerId, string? name, Viewer viewer, string by, CancellationToken ct)
    {
        var field = UnknownField.For(viewer).FirstOrDefault(field => field.Name == name) ?? throw new RuleException("customers.unknowns.nothing");
        var (zone, days) = ((await settings.Get<FirmSettings>(ct)).Zone, (await settings.Get<UnknownRules>(ct)).DaysToAsk);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);
        (List<(string Key, bool IsOpen)> Asked, DateTimeOffset? Next) known;
        await using (var connection = await database.Open(ct))
        {
            known = (await connection.Rows($"select form_key, case when done_at is null then 1 else 0 end from customers_next_step where customer_id = @id and form_key like '{Prefix}%'", row => (row.GetString(0), row.GetInt32(1) == 1), ct, ("id", customerId)),
                await connection.First("select min(due_at) from customers_next_step where customer_id = @id and done_at is null", row => row.AtOrNull(0), ct, ("id", customerId)));
        }
        var before = known.Asked.Where(one => FieldOf(one.Key) == field.Name).ToList();
        if (before.Exists(one => one.IsOpen)) { return; }
        var next = known.Next is { } at ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime) : today.AddDays(days);
        var due = next < today ? today : next;
        // Of two clicks at once both come to the same key.
        var key = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{customerId}-{before.Count}-{field.Name}");
        await plan.Run(customerId, texts["customers.unknowns.step", field.Label(texts)], due.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), by, new(key), ct);
    }

    /// <summary>The field that a step is to ask for.</summary>
    public static string FieldOf(string key) => key.Split('-', 4) is [_, _, _, var field] ? field : "";
}
