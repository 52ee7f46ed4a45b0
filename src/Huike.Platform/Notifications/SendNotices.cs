using System.Data.Common;
using System.Globalization;
using System.Text;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Mail;
using Huike.Ui;

namespace Huike.Platform.Notifications;

/// <summary>Sends one user what is due by mail, in one mail. The payload is the user's number. What went is marked at once, so that a later try sends the rest alone; what was read meanwhile stays.</summary>
internal sealed class SendNotices(Database database, ReadAccess access, NoticeReader reader, IOutgoingMail mail, TimeProvider clock) : IJobWorker
{
    public const string KindName = "notices.mail";

    private const int OfMail = 100;
    private const int LongestSubject = 120;

    public string Kind => KindName;

    public bool IsShort => true;

    private sealed record Recipient(string Name, string? Email, bool IsOpen, string Language);

    public TimeSpan? PauseAfter(Exception failure, int attempts) => SmtpMail.PauseAfter(failure, attempts);

    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        var user = long.Parse(job.Payload, CultureInfo.InvariantCulture);
        while (await Due(user, ct) is { Notices.Count: > 0 } due)
        {
            try
            {
                if (due.To is { IsOpen: true, Email.Length: > 0 } && mail.IsReady) { await Send(user, due.To, due.Notices, ct); }
            }
            catch (Exception failure) when (!ct.IsCancellationRequested && PauseAfter(failure, job.Attempts) is null)
            {
                // They stand in the app; a later mail is not to be held up by these.
                await Mark(due.Notices, CancellationToken.None);
                throw;
            }
            await Mark(due.Notices, ct);
        }
    }

    private async Task<(Recipient? To, List<KeptNotice> Notices)> Due(long user, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        // What was read needs no mail.
        using (await database.WriteTurn(ct)) { await connection.Run("update platform_notice set mail_at = null where user_id = @user and mail_at <= @now and read_at is not null", ct, ("user", user), ("now", clock.GetUtcNow())); }
        var to = await connection.First("""
            select coalesce(nullif(u.display_name, ''), u.user_name), u.email, case when u.disabled_at is null and u.kind <> @service then 1 else 0 end, coalesce(r.language, '')
            from platform_user u left join platform_notice_reader r on r.user_id = u.id where u.id = @user
            """, row => new Recipient(row.GetString(0), row.TextOrNull(1), row.GetInt32(2) == 1, row.GetString(3)), ct, ("user", user), ("service", UserKind.Service));
        return (to, await connection.Rows($"select {KeptNotice.Columns} from platform_notice where user_id = @user and mail_at <= @now order by told_at, id limit {OfMail}", KeptNotice.Map, ct, ("user", user), ("now", clock.GetUtcNow())));
    }

    private async Task Send(long user, Recipient to, List<KeptNotice> notices, CancellationToken ct)
    {
        UserAccess may;
        await using (var connection = await database.Open(ct)) { may = await access.Of(connection, user, ct); }
        // Who has not said which language to write in gets each, as with links to sign in.
        var languages = TextCatalog.Languages.Contains(to.Language, StringComparer.Ordinal) ? [to.Language] : TextCatalog.Languages;
        var (subjects, bodies) = (new List<string>(), new List<string>());
        foreach (var texts in languages.Select(TextCatalog.For))
        {
            var said = await reader.Say(may, notices, texts, ct);
            subjects.Add(said is [var only] ? only.Sentence : texts["notice.mail.subject", said.Count]);
            bodies.Add(Body(texts, to.Name, said));
        }
        await mail.Send(to.Email!, OneLine(string.Join(" / ", subjects)), string.Join("\r\n\r\n— — —\r\n\r\n", bodies), ct);
    }

    private string Body(Texts texts, string name, List<SaidNotice> said)
    {
        var body = new StringBuilder(texts["notice.mail.greeting", name]).Append("\r\n");
        foreach (var notice in said)
        {
            body.Append("\r\n- ").Append(notice.Sentence).Append("\r\n");
            if (notice.Href.Length > 0) { body.Append("  ").Append(mail.PublicAddress).Append(notice.Href).Append("\r\n"); }
        }
        return body.Append("\r\n").Append(texts["notice.mail.end", mail.PublicAddress + NoticeEndpoints.Path, mail.PublicAddress + NoticeEndpoints.ChoicesPath]).ToString();
    }

    /// <summary>A header is one line, and no record's name makes it another.</summary>
    private static string OneLine(string subject)
    {
        var clean = string.Concat(subject.Where(c => !char.IsControl(c)));
        return clean.Length > LongestSubject ? clean[..LongestSubject] + "…" : clean;
    }

    private async Task Mark(List<KeptNotice> notices, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Not what came to stand for more things meanwhile.
        foreach (var notice in notices) { await MarkOne(connection, notice, ct); }
        await transaction.CommitAsync(ct);
    }

    private static Task<int> MarkOne(DbConnection connection, KeptNotice notice, CancellationToken ct) =>
        connection.Run("update platform_notice set mail_at = null where id = @id and things = @things", ct, ("id", notice.Id), ("things", notice.Things));
}
