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
internal sealed class HandOver(UnitChange change, Database database, NoticeLog notices, AuditLog audit, IEnumerable<RecordKind> kinds, TimeProvider clock)
{
    private const int AtOnce = 500;

    /// <summary>What it would be, with nothing changed.</summary>
    public async Task<List<HandOverPart>> DryRun(long fromId, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var parts = new List<HandOverPart>();
        foreach (var kind in kinds) { parts.Add(new(kind.TextKey, await connection.Number($"select count(*) from {kind.Table} where owner_id = @from", ct, ("from", fromId)), Moves: true)); }
        foreach (var (key, sql, moves) in Parts())
        {
            parts.Add(new(key, await connection.Number($"select count(*) from {sql}", ct, ("from", fromId), ("now", clock.GetUtcNow())), moves));
        }
        return parts;
    }

    /// <summary>Hands over. What is done already stays done: a second time nothing is left to move.</summary>
    /// <exception cref="RuleException"><c>access.user.unknown</c>, <c>access.user.nameUnknown</c>, <c>access.handOver.self</c>.</exception>
    public Task Run(long fromId, string to, CancellationToken ct) => change.Run(async connection =>
    {
        var successor = await Owner.Find(connection, to, ct);
        if (successor.Id == fromId) { throw new RuleException("access.handOver.self"); }
        var from = await connection.First("select user_name from platform_user where id = @id", row => row.GetString(0), ct, ("id", fromId)) ?? throw new RuleException("access.user.unknown");
        var changes = new List<AuditChange> { new("owner", from, successor.Name) };
        var records = 0;
        foreach (var kind in kinds)
        {
            var moved = await Move(connection, kind, (fromId, from), successor, ct);
            records += moved;
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
    private async Task<int> Move(DbConnection connection, RecordKind kind, (long Id, string Name) from, Owner to, CancellationToken ct)
    {
        var moved = 0;
        while (true)
        {
            var some = await connection.Rows($"select id from {kind.Table} where owner_id = @from order by id limit {AtOnce}", row => row.GetInt64(0), ct, ("from", from.Id));
            if (some.Count == 0) { return moved; }
            await connection.Run($"update {kind.Table} set owner_id = @to, unit_id = @unit where id in ({string.Join(',', some)})", ct, ("to", to.Id), ("unit", to.UnitId));
            await audit.WriteAll(connection, [.. some.Select(id => new AuditEntry("record.assigned") { Kind = kind.Audited, Record = id, Changes = [new("owner", from.Name, to.Name)] })], ct);
            moved += some.Count;
        }
    }
}
