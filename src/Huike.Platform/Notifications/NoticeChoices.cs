using System.Data.Common;
using System.Globalization;
using Huike.Platform.Access.Users;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Mail;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Notifications;

/// <summary>A line of the page.</summary>
/// <param name="Kind">Name of the kind.</param>
/// <param name="Ways">As the user is told of it.</param>
internal sealed record NoticeChoice(string Kind, NoticeWays Ways);

/// <summary>How somebody is told of what: reads it for the page, and saves it.</summary>
internal sealed class NoticeChoices(Database database, NoticeKinds kinds, MailTimes times, IOutgoingMail mail, AuditLog audit, TimeProvider clock)
{
    public IReadOnlyList<NoticeChoice> All { get; private set; } = [];

    /// <summary>Of mails; empty: each language.</summary>
    public string Language { get; private set; } = "";

    public int DigestHour { get; private set; }

    /// <summary>Null where the account has none.</summary>
    public string? Email { get; private set; }

    /// <summary>Whether the firm has mail at all.</summary>
    public bool HasMail => mail.IsReady;

    public async Task Read(long userId, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var own = await Own(connection, userId, ct);
        All = [.. kinds.All.Select(kind => new NoticeChoice(kind.Name, own.GetValueOrDefault(kind.Name, kind.Usual)))];
        (Language, DigestHour, Email) = await connection.First($"select coalesce(r.language, ''), coalesce(r.digest_hour, {MailTimes.UsualHour}), u.email from platform_user u left join platform_notice_reader r on r.user_id = u.id where u.id = @user",
            row => (row.GetString(0), row.GetInt32(1), row.TextOrNull(2)), ct, ("user", userId));
    }

    /// <param name="userId">Who chooses.</param>
    /// <param name="form"><c>language</c>, <c>digestHour</c>, and of each kind <c>app-</c> and <c>mail-</c> with its name.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>notice.choice.wrong</c>.</exception>
    public async Task Save(long userId, IFormCollection form, CancellationToken ct)
    {
        var language = form["language"].ToString();
        if (language.Length > 0 && !TextCatalog.Languages.Contains(language, StringComparer.Ordinal)) { throw new RuleException("notice.choice.wrong"); }
        if (!int.TryParse(form["digestHour"], NumberStyles.None, CultureInfo.InvariantCulture, out var hour) || hour > 23) { throw new RuleException("notice.choice.wrong"); }
        var chosen = kinds.All.Select(kind => new NoticeChoice(kind.Name, new(form["app-" + kind.Name] == "true", Way(form["mail-" + kind.Name])))).ToList();
        var digestAt = await times.Digest(userId, hour, ct);
        await audit.Change(async connection =>
        {
            var old = await Own(connection, userId, ct);
            var before = kinds.All.Select(kind => new NoticeChoice(kind.Name, old.GetValueOrDefault(kind.Name, kind.Usual))).ToList();
            foreach (var (kind, ways) in chosen) { await Keep(connection, userId, kind, ways, digestAt, ct); }
            await connection.Run("insert into platform_notice_reader (user_id, language, digest_hour) values (@user, @language, @hour) on conflict (user_id) do update set language = excluded.language, digest_hour = excluded.digest_hour", ct,
                ("user", userId), ("language", language), ("hour", hour));
            return UserChange.Entry("notices-chosen", userId, new("notices", Said(before.Except(chosen)), Said(chosen.Except(before))), AuditChange.Is("language", language), AuditChange.Is("digestHour", hour));
        }, ct);
    }

    private static MailWay Way(string? text) => text is null or "" ? MailWay.None : Enum.TryParse<MailWay>(text, ignoreCase: true, out var way) && Enum.IsDefined(way) ? way : throw new RuleException("notice.choice.wrong");

    private static string Said(IEnumerable<NoticeChoice> choices) => string.Join(", ", choices.Select(choice => $"{choice.Kind}: {(choice.Ways.InApp ? "app, " : "")}{choice.Ways.Mail.ToString().ToLowerInvariant()}"));

    /// <summary>What waits for its hour goes by what is chosen now.</summary>
    private async Task Keep(DbConnection connection, long userId, string kind, NoticeWays ways, DateTimeOffset digestAt, CancellationToken ct)
    {
        await connection.Run("insert into platform_notice_choice (user_id, kind, in_app, mail) values (@user, @kind, @app, @mail) on conflict (user_id, kind) do update set in_app = excluded.in_app, mail = excluded.mail", ct,
            ("user", userId), ("kind", kind), ("app", ways.InApp ? 1 : 0), ("mail", ways.Mail));
        await connection.Run("update platform_notice set mail_at = @at where user_id = @user and kind = @kind and mail_at > @now", ct,
            ("at", ways.Mail == MailWay.None ? null : digestAt), ("user", userId), ("kind", kind), ("now", clock.GetUtcNow()));
    }

    private static async Task<Dictionary<string, NoticeWays>> Own(DbConnection connection, long userId, CancellationToken ct) =>
        (await connection.Rows("select kind, in_app, mail from platform_notice_choice where user_id = @user", row => (Kind: row.GetString(0), Ways: new NoticeWays(row.GetInt32(1) == 1, (MailWay)row.GetInt32(2))), ct, ("user", userId)))
        .ToDictionary(one => one.Kind, one => one.Ways);
}
