using System.Data.Common;
using System.Globalization;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Notifications;
using Huike.Platform.Settings;

namespace Huike.Platform.Access.Shares;

/// <summary>共享: one record, opened to somebody or to a unit and all below it.</summary>
/// <param name="Id">Number.</param>
/// <param name="With">Name of the person or unit; empty for an unnamed whole firm.</param>
/// <param name="IsUnit">With a unit.</param>
/// <param name="MayEdit">May change it, too.</param>
/// <param name="UntilAt">Ends; null: stays.</param>
/// <param name="Purpose">Code of the purpose of processing; empty where the kind of record asks for none.</param>
/// <param name="Reason">What for, in the words of who shared it.</param>
public sealed record Share(long Id, string With, bool IsUnit, bool MayEdit, DateTimeOffset? UntilAt, string Purpose, string Reason);

/// <summary>What somebody filled in to share a record.</summary>
/// <param name="Person">Sign-in name; empty where it is a unit.</param>
/// <param name="UnitId">Unit; 0 where it is a person.</param>
/// <param name="MayEdit">May change it, too.</param>
/// <param name="Until">Last day, as yyyy-MM-dd; empty: stays.</param>
/// <param name="Purpose">Code of the purpose of processing; empty where the kind of record asks for none.</param>
/// <param name="Reason">What for.</param>
public sealed record ShareInput(string Person, long UnitId, bool MayEdit, string Until, string Purpose, string Reason);

/// <summary>Shares of single records. Who shares must be allowed to change the record; the routes see to it.</summary>
public sealed class ShareRecords(Database database, SettingsStore settings, NoticeLog notices, AuditLog audit, TimeProvider clock, AccessMemory memory)
{
    private const int LongestReason = 400;

    /// <summary>With whom a record is shared now.</summary>
    public async Task<List<Share>> Of(RecordKind kind, long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows("""
            select s.id, coalesce(nullif(p.display_name, ''), p.user_name, u.name), s.unit_id is not null, s.may_edit, s.until_at, s.purpose, s.reason
            from platform_share s left join platform_user p on p.id = s.user_id left join platform_unit u on u.id = s.unit_id
            where s.record_kind = @kind and s.record_id = @id and (s.until_at is null or s.until_at > @now) order by s.id limit 200
            """, row => new Share(row.GetInt64(0), row.GetString(1), row.GetBoolean(2), row.GetBoolean(3), row.AtOrNull(4), row.GetString(5), row.GetString(6)), ct, ("kind", kind.Name), ("id", id), ("now", clock.GetUtcNow()));
    }

    /// <summary>Shares a record; shared again with the same, the newer terms hold.</summary>
    /// <exception cref="RuleException"><c>access.share.with</c>, <c>access.share.until</c>, <c>access.share.reason</c>, <c>access.user.nameUnknown</c>, <c>access.unit.unknown</c>.</exception>
    public async Task Add(RecordKind kind, long id, ShareInput input, CancellationToken ct)
    {
        if (input.Reason.Length is 0 or > LongestReason || input.Reason.Contains('\0', StringComparison.Ordinal)) { throw new RuleException("access.share.reason", LongestReason); }
        if (input.Person.Length == 0 == (input.UnitId == 0)) { throw new RuleException("access.share.with"); }
        DateTimeOffset? until = null;
        if (input.Until.Length > 0)
        {
            if (!DateOnly.TryParseExact(input.Until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 2000 or > 9000) { throw new RuleException("access.share.until"); }
            until = LocalDay.Begin(day.AddDays(1), (await settings.Get<FirmSettings>(ct)).Zone);
            if (until <= clock.GetUtcNow()) { throw new RuleException("access.share.until"); }
        }
        await Change(async connection =>
        {
            var person = await Owner.FindOrNone(connection, input.Person, ct);
            var unit = input.UnitId == 0 ? null : await UnitChange.DemandOpen(connection, input.UnitId, ct);
            var share = await connection.Number("""
                insert into platform_share (record_kind, record_id, user_id, unit_id, may_edit, until_at, purpose, reason, created_at, created_by) values (@kind, @id, @person, @unit, @edit, @until, @purpose, @reason, @now, @by)
                on conflict (record_kind, record_id, coalesce(user_id, 0), coalesce(unit_id, 0)) do update set may_edit = excluded.may_edit, until_at = excluded.until_at, purpose = excluded.purpose, reason = excluded.reason
                returning id
                """, ct, ("kind", kind.Name), ("id", id), ("person", person), ("unit", unit?.Id), ("edit", input.MayEdit), ("until", until), ("purpose", input.Purpose), ("reason", input.Reason), ("now", clock.GetUtcNow()), ("by", audit.Who));
            if (person is { } user) { await notices.Tell(connection, new Notice(NotificationsModule.Shared, user, "notice.shared", string.Create(CultureInfo.InvariantCulture, $"{NotificationsModule.Shared}/{share}")) { About = new(kind.Name, id) }, ct); }
            return new AuditEntry("record.shared") { Kind = kind.Audited, Record = id, Reason = input.Reason, Changes = [AuditChange.Is("sharedWith", unit?.Name ?? input.Person), AuditChange.Is("mayEdit", input.MayEdit ? "true" : "false"), AuditChange.Is("until", input.Until), AuditChange.Is("purpose", input.Purpose)] };
        }, ct);
    }

    /// <summary>Ends a share of the record.</summary>
    /// <exception cref="RuleException"><c>access.share.unknown</c>.</exception>
    public Task End(RecordKind kind, long id, long share, CancellationToken ct) => Change(async connection =>
    {
        var with = await connection.First("select coalesce(p.user_name, u.name) from platform_share s left join platform_user p on p.id = s.user_id left join platform_unit u on u.id = s.unit_id where s.id = @share and s.record_kind = @kind and s.record_id = @id",
            row => row.GetString(0), ct, ("share", share), ("kind", kind.Name), ("id", id)) ?? throw new RuleException("access.share.unknown");
        await connection.Run("delete from platform_share where id = @share", ct, ("share", share));
        return new("record.unshared") { Kind = kind.Audited, Record = id, Changes = [new("sharedWith", with, null)] };
    }, ct);

    private async Task Change(Func<DbConnection, Task<AuditEntry?>> work, CancellationToken ct)
    {
        await audit.Change(work, ct);
        memory.Forget();
    }
}
