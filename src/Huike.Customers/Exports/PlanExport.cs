using System.Data.Common;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Calendar;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;

namespace Huike.Customers.Exports;

/// <summary>What would leave, and what the rules say of it.</summary>
/// <param name="Kind">Kind of the list.</param>
/// <param name="Of">Which of it.</param>
/// <param name="Table">The table.</param>
/// <param name="Ids">Numbers of its rows as they are now.</param>
/// <param name="Decision">What the rules say.</param>
internal sealed record ExportPlan(IExported Kind, ExportOf Of, ExportedTable Table, IReadOnlyCollection<long> Ids, ExportDecision Decision);

/// <summary>Counts what would leave, and asks the rules.</summary>
internal sealed class PlanExport(IEnumerable<IExported> kinds, Database database, Calendars calendars, SettingsStore settings, TimeProvider clock)
{
    /// <summary>Holds the count of a day, so that two files at once don't pass it together.</summary>
    private const string Hold = "select pg_advisory_xact_lock(4242046)";

    /// <exception cref="RuleException"><c>exports.kind.unknown</c>.</exception>
    public IExported Of(string? kind) => kinds.FirstOrDefault(one => one.Kind == kind) ?? throw new RuleException("exports.kind.unknown");

    /// <exception cref="RuleException"><c>exports.kind.unknown</c>; what <see cref="IExported.Open"/> says.</exception>
    public async Task<ExportPlan> Run(ExportOf of, string? purpose, UserAccess access, Texts texts, CancellationToken ct)
    {
        var table = await Of(of.Kind).Open(of, access, null, texts, ct);
        var ids = await table.ReadIds(ct);
        await using var connection = await database.Open(ct);
        return new(Of(of.Kind), of, table, ids, (await Decide(connection, await Case(of.Kind, ids.Count, table.IsPersonal, purpose, access, ct), ct)).Decision);
    }

    /// <summary>What the rules say of a list whose rows nobody has counted.</summary>
    public async Task<ExportDecision> Limits(string kind, bool isPersonal, UserAccess access, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return (await Decide(connection, await Case(kind, 0, isPersonal, null, access, ct), ct)).Decision;
    }

    /// <summary>Decides within the transaction that writes it down.</summary>
    public async Task<(ExportDecision Decision, long Version)> Again(DbConnection connection, ExportPlan plan, string purpose, CancellationToken ct)
    {
        if (connection.Kind() == DatabaseKind.Postgres) { await connection.Run(Hold, ct); }
        return await Decide(connection, plan.Decision.Case with { Purpose = purpose }, ct);
    }

    private async Task<ExportCase> Case(string kind, long rows, bool isPersonal, string? purpose, UserAccess access, CancellationToken ct) =>
        new(kind, rows, isPersonal, purpose, 0, (await calendars.OfPerson(access.UserId, ct)).Time.IsWorking(clock.GetUtcNow()), access);

    private async Task<(ExportDecision Decision, long Version)> Decide(DbConnection connection, ExportCase of, CancellationToken ct)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        var midnight = LocalDay.Begin(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime), zone);
        // What was refused or taken back took nothing away.
        var today = await connection.Number($"select cast(coalesce(sum(row_count), 0) as bigint) from {Export.Table} where user_id = @user and asked_at >= @midnight and state not in (4, 6)", ct, ("user", of.Access.UserId), ("midnight", midnight));
        var rules = await ExportRules.Now(connection, ct);
        return (rules.Decide(of with { Today = today }), rules.Version);
    }
}
