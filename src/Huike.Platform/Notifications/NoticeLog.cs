using System.Data.Common;
using System.Globalization;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Jobs;

namespace Huike.Platform.Notifications;

/// <summary>Tells users of what concerns them, in the transaction of its cause or of an event's handler: what is rolled back was never told.</summary>
public sealed class NoticeLog
{
    private const int LongestKey = 200;

    private readonly NoticeKinds kinds;
    private readonly MailTimes times;
    private readonly Wire wire;
    private readonly JobQueue jobs;
    private readonly CurrentActor actor;
    private readonly TimeProvider clock;

    internal NoticeLog(NoticeKinds kinds, MailTimes times, Wire wire, JobQueue jobs, CurrentActor actor, TimeProvider clock) =>
        (this.kinds, this.times, this.wire, this.jobs, this.actor, this.clock) = (kinds, times, wire, jobs, actor, clock);

    private sealed record Reader(string Name, NoticeWays? Chosen, int DigestHour);

    /// <summary>Tells one user, by the ways that the user chose. Nobody is told twice of one key, nor of what he did himself, nor after he was shut out; programs are told nothing.</summary>
    /// <param name="connection">Holds the caller's transaction and, on SQLite, the turn to write.</param>
    /// <param name="notice">What to tell.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Whether the user was told.</returns>
    /// <exception cref="ArgumentException">The kind was not registered, the key is empty or too long, or the address leads out of this program.</exception>
    public async Task<bool> Tell(DbConnection connection, Notice notice, CancellationToken ct)
    {
        var kind = Checked(notice);
        if (await Find(connection, notice, ct) is not { } reader || (reader.Name == actor.Value.Name && !notice.ToActorToo)) { return false; }
        var ways = reader.Chosen ?? kind.Usual;
        var mailAt = await times.Due(notice.UserId, ways.Mail, reader.DigestHour, ct);
        if ((!ways.InApp && mailAt is null) || !await Write(connection, notice, ways.InApp, mailAt, ct)) { return false; }
        if (ways.InApp) { await wire.Tell(connection, new(WordKind.Notice, "-", notice.UserId, notice.UserId), ct); }
        if (mailAt is not null && ways.Mail == MailWay.AtOnce) { await jobs.AddUnlessWaiting(connection, SendNotices.KindName, notice.UserId.ToString(CultureInfo.InvariantCulture), "", ct); }
        return true;
    }

    /// <summary>The number behind a sign-in name; null: nobody has it.</summary>
    /// <param name="connection">Reads.</param>
    /// <param name="name">Sign-in name, in any case.</param>
    /// <param name="ct">Ends the read.</param>
    public static async Task<long?> UserOf(DbConnection connection, string name, CancellationToken ct) =>
        await connection.Number("select id from platform_user where normalized_user_name = @name", ct, ("name", name.ToUpperInvariant())) is var id and > 0 ? id : null;

    private NoticeKind Checked(Notice notice)
    {
        if (notice.Key.Length is 0 or > LongestKey) { throw new ArgumentException($"The key of a notice has 1 to {LongestKey} characters", nameof(notice)); }
        if (!IsOurs(notice.Href) || !IsOurs(notice.Many?.Href ?? "")) { throw new ArgumentException($"A notice leads to a page of this program, not to {notice.Href}", nameof(notice)); }
        return kinds.Find(notice.Kind) ?? throw new ArgumentException($"The kind {notice.Kind} was not registered", nameof(notice));
    }

    private static bool IsOurs(string href) => href.Length == 0 || (href[0] == '/' && !(href.Length > 1 && href[1] is '/' or '\\') && !href.Any(char.IsControl));

    private static Task<Reader?> Find(DbConnection connection, Notice notice, CancellationToken ct) => connection.First($"""
        select u.user_name, c.in_app, c.mail, coalesce(r.digest_hour, {MailTimes.UsualHour}) from platform_user u
        left join platform_notice_choice c on c.user_id = u.id and c.kind = @kind left join platform_notice_reader r on r.user_id = u.id
        where u.id = @user and u.disabled_at is null and u.kind <> @service
        """, row => new Reader(row.GetString(0), row.IsDBNull(1) ? null : new(row.GetInt32(1) == 1, (MailWay)row.GetInt32(2)), row.GetInt32(3)), ct,
        ("kind", notice.Kind), ("user", notice.UserId), ("service", UserKind.Service));

    private async Task<bool> Write(DbConnection connection, Notice notice, bool inApp, DateTimeOffset? mailAt, CancellationToken ct)
    {
        // What was read stays as it was read, and frees the key for the next ones.
        if (notice.Many is not null) { await connection.Run("update platform_notice set notice_key = notice_key || '#' || id where user_id = @user and notice_key = @key and read_at is not null", ct, ("user", notice.UserId), ("key", notice.Key)); }
        return await connection.Run($"""
            insert into platform_notice (user_id, kind, notice_key, text_key, args, record_kind, record_id, href, things, many_text_key, many_href, in_app, told_at, mail_at)
            values (@user, @kind, @key, @text, @args, @recordKind, @record, @href, 1, @manyText, @manyHref, @inApp, @now, @mail)
            on conflict (user_id, notice_key) do {(notice.Many is null ? "nothing" : "update set things = platform_notice.things + 1, told_at = excluded.told_at, in_app = excluded.in_app, mail_at = excluded.mail_at")}
            """, ct, ("user", notice.UserId), ("kind", notice.Kind), ("key", notice.Key), ("text", notice.TextKey), ("args", NoticeArgs.Write(notice.Args)), ("recordKind", notice.About?.Kind ?? ""), ("record", notice.About?.Id ?? 0),
            ("href", notice.Href), ("manyText", notice.Many?.TextKey ?? ""), ("manyHref", notice.Many?.Href ?? ""), ("inApp", inApp ? 1 : 0), ("now", clock.GetUtcNow()), ("mail", mailAt)) > 0;
    }
}
