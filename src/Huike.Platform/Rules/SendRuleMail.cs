using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Mail;
using Huike.Ui;

namespace Huike.Platform.Rules;

/// <summary>A mail that a rule asked for.</summary>
/// <param name="Rule">Number of the rule.</param>
/// <param name="Record">The record.</param>
/// <param name="Text">As the rule has it; its first line is the subject.</param>
/// <param name="To">An address, or a user's number.</param>
internal sealed record RuleMail(long Rule, long Record, string Text, string To);

/// <summary>Sends a rule's mail to one address, with the values that its record has then; of a record that is gone, none.</summary>
internal sealed class SendRuleMail(Database database, RuleSubjects subjects, RuleRuns runs, IOutgoingMail mail) : IJobWorker
{
    public const string KindName = "rules.mail";

    private const int LongestSubject = 120;

    public string Kind => KindName;

    public bool IsShort => true;

    /// <summary>Whether somebody typed an address, and not a name.</summary>
    public static bool IsAddress(string word) => word.IndexOf('@', StringComparison.Ordinal) > 0 && word.LastIndexOf('.') > word.IndexOf('@', StringComparison.Ordinal) && !word.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));

    public TimeSpan? PauseAfter(Exception failure, int attempts) => SmtpMail.PauseAfter(failure, attempts);

    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        var asked = JsonSerializer.Deserialize<RuleMail>(job.Payload)!;
        if (await Written(asked, ct) is not { } written) { return; }
        await mail.Send(written.To, written.Subject, written.Body, ct);
    }

    private async Task<(string To, string Subject, string Body)?> Written(RuleMail asked, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        if (await Address(connection, asked.To, ct) is not { } to) { return null; }
        var rule = await Rule.Find(connection, asked.Rule, null, ct);
        var subject = subjects.Find(rule.Subject);
        if (await connection.Number($"select count(*) from {subject.From} where c.id = @id and {subject.Where}", ct, ("id", asked.Record)) == 0) { return null; }
        var (_, _, zone) = await runs.Day(ct);
        var text = await RuleText.Fill(asked.Text, connection, subject, subjects.Fields(subject), asked.Record, (TextCatalog.For(rule.Definition.Language), zone), ct);
        var title = string.Concat(text.Split('\n')[0].Where(c => !char.IsControl(c))).Trim();
        return (to, title.Length > LongestSubject ? title[..LongestSubject] + "…" : title, $"{text}\r\n\r\n{mail.PublicAddress}{subject.Href(asked.Record)}\r\n");
    }

    private static async Task<string?> Address(DbConnection connection, string to, CancellationToken ct) => !long.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var user) ? to
        : await connection.First("select email from platform_user where id = @id and disabled_at is null", row => row.TextOrNull(0), ct, ("id", user)) is { Length: > 0 } address ? address : null;
}
