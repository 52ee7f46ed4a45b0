using System.Data.Common;
using System.Globalization;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Platform.Live;

/// <summary>An event as streams are told of it.</summary>
internal sealed record LiveEvent(long Id, string Kind, string RecordKind, long RecordId)
{
    public string Topic => LiveTopic.Of(RecordKind, RecordId);
}

/// <summary>
/// Reads events for streams. Where one goes on from is told by a cursor: on SQLite, where commits come in the order of ids, the last id; on PostgreSQL a number of a transaction below
/// which all had ended and were handed out, so that one that commits late is read all the same. Some are handed out twice after a break, none is left out.
/// </summary>
internal sealed class LiveRows(Database database, TimeProvider clock)
{
    /// <summary>Who missed more looks anew.</summary>
    private const int Most = 500;

    private const int ScopesAtOnce = 100;
    private const string Columns = "id, kind, record_kind, record_id";

    private bool IsPostgres => database.Kind == DatabaseKind.Postgres;

    private string NowSql => IsPostgres ? "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint" : "select coalesce(max(id), 0) from platform_event";

    /// <summary>Where everything that will be handed out from now on begins.</summary>
    public async Task<long> Now(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number(NowSql, ct);
    }

    /// <summary>Where things stand when what a word tells of was handed out.</summary>
    public long CursorOf(Word word) => IsPostgres ? word.Settled : word.Last;

    /// <summary>Events about records since a cursor, and the cursor after them; null where they are too many, or not all kept.</summary>
    public async Task<(IReadOnlyList<LiveEvent>? Events, long Now)> Since(long since, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        // Before the rows: what commits in between is in the rows, and comes again.
        var now = await connection.Number(NowSql, ct);
        var order = IsPostgres ? "writer" : "id";
        var first = await connection.First($"select id, {order} from platform_event order by {order} limit 1", row => (Id: row.GetInt64(0), At: row.GetInt64(1)), ct);
        if (since > now || (first.Id > 1 && since < first.At)) { return (null, now); }
        var events = await connection.Rows($"select {Columns} from platform_event where {(IsPostgres ? "writer >= @since" : "id > @since")} order by {order} limit {Most + 1}", Map, ct, ("since", since));
        return (events.Count > Most ? null : [.. events.Where(one => one.RecordId > 0)], now);
    }

    /// <summary>Events that a word tells of; null where they are too many.</summary>
    public async Task<IReadOnlyList<LiveEvent>?> Between(Word word, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var events = await connection.Rows($"select {Columns} from platform_event where id between @first and @last and kind = @kind order by id limit {Most + 1}", Map, ct, ("first", word.First), ("last", word.Last), ("kind", word.Name));
        return events.Count > Most ? null : [.. events.Where(one => one.RecordId > 0)];
    }

    /// <summary>Those of the streams whose users may see a record: one statement for all, by the policy's own conditions.</summary>
    public async Task<IReadOnlyList<LiveStream>> Allowed(RecordKind kind, long id, IReadOnlyList<LiveStream> streams, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var scoped = streams.Select(stream => (Stream: stream, Scope: stream.Access.Scope(kind, RecordAction.Read, now))).ToList();
        var allowed = scoped.Where(one => one.Scope.IsEverything).Select(one => one.Stream).ToList();
        foreach (var some in scoped.Where(one => !one.Scope.IsEverything && one.Scope.Arms.Count > 0).GroupBy(one => one.Scope.Key).Chunk(ScopesAtOnce))
        {
            await using var connection = await database.Open(ct);
            var tests = string.Join(", ", some.Select(of => $"case when {of.First().Scope.Sql("r")} then 1 else 0 end"));
            var parameters = some.SelectMany(of => of.First().Scope.Parameters).Take(1).Append(("id", id));
            var found = await connection.First($"select {tests} from {kind.Table} r where r.id = @id", row => some.Select((_, i) => Convert.ToInt32(row.GetValue(i), CultureInfo.InvariantCulture) == 1).ToArray(), ct, [.. parameters]);
            if (found is not null) { allowed.AddRange(some.Where((_, i) => found[i]).SelectMany(of => of.Select(one => one.Stream))); }
        }
        return allowed;
    }

    private static LiveEvent Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3));
}
