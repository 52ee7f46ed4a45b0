using System.Data.Common;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Platform.Audit;

/// <summary>Reads entries for the pages, newest first, and holds them for the request.</summary>
internal sealed class AuditList(Database database, SettingsStore settings)
{
    private const int RowsOfPage = 50;

    /// <summary>What was asked.</summary>
    public AuditQuery Query { get; private set; } = new();

    /// <summary>A page of entries, or the one that was asked for, with the hash that is kept with each.</summary>
    public IReadOnlyList<(AuditRow Row, string Hash)> Rows { get; private set; } = [];

    /// <summary>Older ones; null where there are none.</summary>
    public string? OlderHref { get; private set; }

    /// <summary>Newer ones; null where there are none.</summary>
    public string? NewerHref { get; private set; }

    /// <summary>Everyone who ever acted; the first two hundred by name.</summary>
    public IReadOnlyList<string> Actors { get; private set; } = [];

    /// <summary>All that was ever done; the first two hundred by name.</summary>
    public IReadOnlyList<string> Actions { get; private set; } = [];

    /// <summary>In which days are told.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>Reads a page. Costs its rows where it is asked for person, action or record.</summary>
    public async Task Read(AuditQuery query, CancellationToken ct)
    {
        (Query, Zone) = (query, (await settings.Get<FirmSettings>(ct)).Zone);
        await using var connection = await database.Open(ct);
        var conditions = Conditions().ToList();
        var where = conditions.Count == 0 ? "" : "where " + string.Join(" and ", conditions.Select(condition => condition.Sql));
        // Towards the newer ones a page is read in the opposite order and turned.
        var order = query.After is null ? "desc" : "asc";
        var rows = await connection.Rows($"select {AuditRow.Columns} from platform_audit {where} order by id {order} limit {RowsOfPage + 1}", AuditRow.Map, ct,
            [.. conditions.Select(condition => (condition.Name, condition.Value))]);
        var more = rows.Count > RowsOfPage;
        if (more) { rows.RemoveAt(RowsOfPage); }
        if (query.After is not null) { rows.Reverse(); }
        Rows = rows;
        var page = query with { Before = null, After = null };
        var (hasOlder, hasNewer) = query.After is null ? (more, query.Before is not null) : (true, more);
        OlderHref = hasOlder && rows.Count > 0 ? (page with { Before = rows[^1].Row.Id }).Href() : null;
        NewerHref = hasNewer ? rows.Count > 0 ? (page with { After = rows[0].Row.Id }).Href() : page.Href() : null;
        (Actors, Actions) = (await Choices(connection, "actor", ct), await Choices(connection, "action", ct));
    }

    /// <summary>Reads one entry.</summary>
    /// <exception cref="RuleException"><c>audit.entry.unknown</c>.</exception>
    public async Task Find(long id, CancellationToken ct)
    {
        Zone = (await settings.Get<FirmSettings>(ct)).Zone;
        await using var connection = await database.Open(ct);
        Rows = await connection.Rows($"select {AuditRow.Columns} from platform_audit where id = @id", AuditRow.Map, ct, ("id", id));
        if (Rows.Count == 0) { throw new RuleException("audit.entry.unknown", id); }
    }

    private IEnumerable<(string Sql, string Name, object? Value)> Conditions()
    {
        if (Query.Actor.Length > 0) { yield return ("actor = @actor", "actor", Query.Actor); }
        if (Query.Action.Length > 0) { yield return ("action = @action", "action", Query.Action); }
        if (Query.Kind.Length > 0) { yield return ("record_kind = @kind", "kind", Query.Kind); }
        if (Query.Record is { } record) { yield return ("record_id = @record", "record", record); }
        if (Query.From is { } from) { yield return ("at >= @from", "from", LocalDay.Begin(from, Zone)); }
        if (Query.To is { } to) { yield return ("at < @to", "to", LocalDay.After(to, Zone)); }
        if (Query.Before is { } before) { yield return ("id < @before", "before", before); }
        if (Query.After is { } after) { yield return ("id > @after", "after", after); }
    }

    /// <summary>From one value to the next over the index, not over the entries.</summary>
    private static Task<List<string>> Choices(DbConnection connection, string column, CancellationToken ct) => connection.Rows($"""
        with recursive choice (value) as (
            select min({column}) from platform_audit where {column} > ''
            union all
            select (select min({column}) from platform_audit where {column} > choice.value) from choice where choice.value is not null)
        select value from choice where value is not null limit 200
        """, row => row.GetString(0), ct);
}
