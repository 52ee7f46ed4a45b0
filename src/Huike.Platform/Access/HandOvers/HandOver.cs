using System.Data.Common;
using System.Globalization;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Users;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Notifications;

namespace Huike.Platform.Access.HandOvers;

/// <summary>What of somebody's goes to another.</summary>
/// <param name="TextKey">Key of what it is.</param>
/// <param name="Count">How many.</param>
/// <param name="Moves">True where it goes to the successor; false where it ends.</param>
public sealed record HandOverPart(string TextKey, long Count, bool Moves);

/// <summary>离职交接: gives all that somebody looks after to a successor in one step, in one transaction (H18).</summary>
internal sealed class HandOver(UnitChange change, Database database, NoticeLog notices, AuditLog audit, HandOverKinds kinds, TimeProvider clock)
{
    private const int AtOnce = 500;

    /// <summary>What it would be, with nothing changed.</summary>
    public async Task<List<HandOverPart>> DryRun(long fromId, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var parts = new List<HandOverPart>();
        foreach (var kind in kinds.All) { parts.Add(new(kind.TextKey, await connection.Number($"select count(*) from {kind.Table} where owner_id = @from", ct, ("from", fromId)), Moves: true)); }
        foreach (var (key, sql, moves) in Parts())
        {
            parts.Add(new(key, await connection.Number($"select count(*) from {sql}", ct, ("from", fromId), ("now", clock.GetUtcNow())), moves));
        }
        return parts;
    }

    /// <summary>Hands over. What is done already stays done: a second time nothing is left to move.</summary>
    /// <exception cref="RuleException"><c>access.user.unknown</c>, <c>access.user.nameUnknown</c>, <c>access.handOver.self</c>.</exception>
    /// <param name="fromId">Whose.</param>
    /// <param name="to">Sign-in name of the successor.</param>
    /// <param name="places">By kind of record, where they wait instead of going to the successor.</param>
    /// <param name="ct">Ends the write.</param>
    public Task Run(long fromId, string to, IReadOnlyDictionary<string, long> places, CancellationToken ct) => change.Run(async connection =>
    {
        var successor = await Owner.Find(connection, to, ct);
        if (successor.Id == fromId) { throw new RuleException("access.handOver.self"); }
        var from = await connection.First("select user_name from platform_user where id = @id", row => row.GetString(0), ct, ("id", fromId)) ?? throw new RuleException("access.user.unknown");
        var changes = new List<AuditChange> { new("owner", from, successor.Name) };
        var records = 0;
        foreach (var kind in kinds.All)
        {
            var place = places.GetValueOrDefault(kind.Name);
            var moved = await Move(connection, kind, (fromId, from), (successor, place), ct);
            records += place > 0 ? 0 : moved;
            changes.Add(AuditChange.Is(kind.Name, moved));
        }
        (string, object?)[] values = [("from", fromId), ("to", successor.Id), ("now", clock.GetUtcNow())];
        foreach (var (name, sql) in Statements) { changes.Add(AuditChange.Is(name, await connection.Run(sql, ct, values))); }
        if (records > 0) { await Tell(connection, from, successor, records, ct); }
        return UserChange.Entry("handed-over", fromId, [.. changes]);
    }, ct);

    private static readonly (string Name, string Sql)[] Statements =
    [
        ("unitsLed", "update platform_unit set leader_id = @to, version = version + 1 where leader_id = @from"),
        ("peopleLed", "update platform_user set leader_id = case when id = @to then null else @to end where leader_id = @from"),
        ("sharesMoved", "update platform_share set user_id = @to where user_id = @from and not exists (select 1 from platform_share s where s.record_kind = platform_share.record_kind and s.record_id = platform_share.record_id and s.user_id = @to)"),
        ("sharesDouble", "delete from platform_share where user_id = @from"),
        ("deputiesEnded", "update platform_deputy set until_at = @now, from_at = case when from_at > @now then @now else from_at end where (user_id = @from or deputy_id = @from) and until_at > @now"),
        ("tokensEnded", "delete from platform_token where user_id = @from"),
    ];

    private static IEnumerable<(string Key, string Sql, bool Moves)> Parts()
    {
        yield return ("access.handOver.units", "platform_unit where leader_id = @from", true);
        yield return ("access.handOver.people", "platform_user where leader_id = @from", true);
        yield return ("access.handOver.shares", "platform_share where user_id = @from", true);
        yield return ("access.handOver.deputies", "platform_deputy where (user_id = @from or deputy_id = @from) and until_at > @now", false);
        yield return ("access.handOver.tokens", "platform_token where user_id = @from", false);
    }

    /// <summary>One notice, however many there are.</summary>
    private Task<bool> Tell(DbConnection connection, string from, Owner successor, int records, CancellationToken ct) =>
        notices.Tell(connection, new Notice(NotificationsModule.HandedOver, successor.Id, "notice.handedOver", string.Create(CultureInfo.InvariantCulture, $"{NotificationsModule.HandedOver}/{from}/{clock.GetUtcNow().Ticks}")) { Args = [records, from], Href = "/" }, ct);

    /// <summary>Moves the records of a kind; each gets its own entry, as its history must say who looked after it when.</summary>
    private async Task<int> Move(DbConnection connection, RecordKind kind, (long Id, string Name) from, (Owner Owner, long Place) to, CancellationToken ct)
    {
        var moved = 0;
        while (true)
        {
            var some = await connection.Rows($"select id from {kind.Table} where owner_id = @from order by id limit {AtOnce}", row => row.GetInt64(0), ct, ("from", from.Id));
            if (some.Count == 0) { return moved; }
            if (kinds.TakeOver(kind) is { } take) { await audit.WriteAll(connection, await take.Move(connection, some, to.Place > 0 ? null : to.Owner, to.Place, ct), ct); }
            else
            {
                await connection.Run($"update {kind.Table} set owner_id = @to, unit_id = @unit where id in ({string.Join(',', some)})", ct, ("to", to.Owner.Id), ("unit", to.Owner.UnitId));
                await audit.WriteAll(connection, [.. some.Select(id => new AuditEntry("record.assigned") { Kind = kind.Audited, Record = id, Changes = [new("owner", from.Name, to.Owner.Name)] })], ct);
            }
            moved += some.Count;
        }
    }
}

/// <summary>Kinds of record with an owner, and who moves those of which more is kept than that.</summary>
internal sealed class HandOverKinds(IEnumerable<RecordKind> kinds, IEnumerable<ITakeOver> takeOvers)
{
    public IReadOnlyList<RecordKind> All { get; } = [.. kinds];

    /// <summary>Null where another owner is all that changes.</summary>
    public ITakeOver? TakeOver(RecordKind kind) => takeOvers.FirstOrDefault(one => one.Kind == kind.Name);

    /// <summary>By kind of record, the question and the places where they can wait; none where there is no place.</summary>
    public async Task<IReadOnlyList<HandOverPlaces>> Places(DbConnection connection, CancellationToken ct)
    {
        var offered = new List<HandOverPlaces>();
        foreach (var take in takeOvers)
        {
            if (await take.Places(connection, ct) is { Count: > 0 } places) { offered.Add(new(take.Kind, take.Label, places)); }
        }
        return offered;
    }
}

/// <summary>Where records of a kind can wait instead of going to a successor.</summary>
/// <param name="Kind">Name of the kind.</param>
/// <param name="Label">Text key of the question.</param>
/// <param name="Places">Number and name of each.</param>
public sealed record HandOverPlaces(string Kind, string Label, IReadOnlyList<(long Id, string Name)> Places);
