using System.Globalization;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Access.Users;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Notifications;
using Huike.Platform.Settings;

namespace Huike.Platform.Access.Deputies;

/// <summary>代理: who stands in for whom, and until when. Powers over the system itself are not passed on.</summary>
/// <param name="Id">Number.</param>
/// <param name="For">Sign-in name of the one who is away.</param>
/// <param name="By">Sign-in name of the deputy.</param>
/// <param name="FromAt">Begins.</param>
/// <param name="UntilAt">Ends.</param>
/// <param name="Reason">Why; may be empty.</param>
/// <param name="ForId">Number of the one who is away.</param>
public sealed record Deputy(long Id, string For, string By, DateTimeOffset FromAt, DateTimeOffset UntilAt, string Reason, long ForId);

/// <summary>Deputies: appointed for some days, ended at once where need be.</summary>
internal sealed class DeputyRegister(Database database, SettingsStore settings, SessionRegister sessions, NoticeLog notices, AuditLog audit, TimeProvider clock)
{
    private const int Page = 100;
    private const int LongestReason = 400;
    private const int MostDays = 366;

    /// <summary>Those in force or yet to come, the first to end first; of one person, or all.</summary>
    /// <param name="userId">For whom or by whom; null for all.</param>
    /// <param name="after">Number of the last one before the page.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<List<Deputy>> List(long? userId, long after, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows($"""
            select d.id, u.user_name, p.user_name, d.from_at, d.until_at, d.reason, d.user_id from platform_deputy d join platform_user u on u.id = d.user_id join platform_user p on p.id = d.deputy_id
            where d.until_at > @now and d.id > @after{(userId is null ? "" : " and (d.user_id = @user or d.deputy_id = @user)")} order by d.id limit {Page + 1}
            """, row => new Deputy(row.GetInt64(0), row.GetString(1), row.GetString(2), row.At(3), row.At(4), row.GetString(5), row.GetInt64(6)), ct, ("now", clock.GetUtcNow()), ("after", after), ("user", userId ?? 0));
    }

    /// <summary>Appoints a deputy from the beginning of one day until the end of another, in the firm's zone.</summary>
    /// <exception cref="RuleException"><c>access.user.nameUnknown</c>, <c>access.deputy.self</c>, <c>access.deputy.kind</c>, <c>access.deputy.days</c>, <c>access.deputy.reason</c>, <c>access.deputy.twice</c>.</exception>
    public async Task Appoint(long forId, string deputy, string from, string until, string reason, CancellationToken ct)
    {
        if (reason.Length > LongestReason) { throw new RuleException("access.deputy.reason", LongestReason); }
        if (!Day(from, out var first) || !Day(until, out var last) || last < first || last.DayNumber - first.DayNumber > MostDays) { throw new RuleException("access.deputy.days", MostDays); }
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        var (begins, ends) = (LocalDay.Begin(first, zone), LocalDay.Begin(last.AddDays(1), zone));
        if (ends <= clock.GetUtcNow()) { throw new RuleException("access.deputy.days", MostDays); }
        long deputyId;
        using (await database.WriteTurn(ct))
        {
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var (standIn, away) = (await Owner.Find(connection, deputy, ct), await Owner.Find(connection, forId, ct));
            deputyId = standIn.Id;
            if (deputyId == forId) { throw new RuleException("access.deputy.self"); }
            // What staff may see is not a partner's to see.
            if (standIn.Kind != away?.Kind) { throw new RuleException("access.deputy.kind"); }
            if (await connection.Number("select count(*) from platform_deputy where user_id = @for and deputy_id = @by and from_at < @until and until_at > @from and until_at > @now", ct, ("now", clock.GetUtcNow()), ("for", forId), ("by", deputyId), ("from", begins), ("until", ends)) > 0) { throw new RuleException("access.deputy.twice"); }
            var id = await connection.Number("insert into platform_deputy (user_id, deputy_id, from_at, until_at, reason, created_at, created_by) values (@for, @by, @from, @until, @reason, @now, @who) returning id", ct,
                ("for", forId), ("by", deputyId), ("from", begins), ("until", ends), ("reason", reason), ("now", clock.GetUtcNow()), ("who", audit.Who));
            await notices.Tell(connection, new Notice(NotificationsModule.Deputy, deputyId, "notice.deputy", string.Create(CultureInfo.InvariantCulture, $"{NotificationsModule.Deputy}/{id}")) { Args = [away.Name, first, last], Href = "/account/deputies" }, ct);
            await audit.Write(connection, UserChange.Entry("deputy-appointed", forId, AuditChange.Is("deputy", deputy), AuditChange.Is("from", from), AuditChange.Is("until", until)) with { Reason = reason }, ct);
            await transaction.CommitAsync(ct);
        }
        sessions.Forget(deputyId);
    }

    /// <summary>Ends it now; done already, it stays done.</summary>
    /// <param name="id">Which.</param>
    /// <param name="only">For or by whom it must be; null: whomsoever.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task End(long id, long? only, CancellationToken ct)
    {
        (long For, long By, string Name) found;
        using (await database.WriteTurn(ct))
        {
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            found = await connection.First("select d.user_id, d.deputy_id, p.user_name from platform_deputy d join platform_user p on p.id = d.deputy_id where d.id = @id and d.until_at > @now",
                row => (row.GetInt64(0), row.GetInt64(1), row.GetString(2)), ct, ("id", id), ("now", clock.GetUtcNow()));
            if (found.By == 0 || (only is { } user && user != found.For && user != found.By)) { throw new RuleException("access.deputy.unknown"); }
            await connection.Run("update platform_deputy set until_at = @now, from_at = case when from_at > @now then @now else from_at end where id = @id", ct, ("id", id), ("now", clock.GetUtcNow()));
            await audit.Write(connection, UserChange.Entry("deputy-ended", found.For, new AuditChange("deputy", found.Name, null)), ct);
            await transaction.CommitAsync(ct);
        }
        sessions.Forget(found.By);
    }

    private static bool Day(string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is > 2000 and < 9000;
}
