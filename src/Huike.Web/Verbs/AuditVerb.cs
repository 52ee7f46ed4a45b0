using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Huike.Platform;
using Huike.Platform.Audit;

namespace Huike.Web.Verbs;

/// <summary><c>audit verify</c>: walks the chain of the audit and names the first place that is not whole.</summary>
internal static class AuditVerb
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = CommandLine.Texts["cli.import.json"] };
        var head = new Option<string?>("--head") { Description = CommandLine.Texts["cli.audit.head"] };
        var verify = new Command("verify", CommandLine.Texts["cli.audit.verify"]) { json, head };
        verify.SetAction((parsed, ct) => CommandLine.Guarded(CommandLine.Arguments(parsed), async app =>
        {
            var verdict = await app.Services.GetRequiredService<AuditChain>().Verify(Noted(parsed.GetValue(head)), ct);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? Json(verdict) : Readable(verdict));
            app.Services.GetRequiredService<CurrentActor>().Become(Environment.UserName);
            await app.Services.GetRequiredService<AuditLog>().Write(new("audit.verified") { Kind = "audit", Changes = [AuditChange.Is("whole", verdict.Whole), .. verdict.BrokenAt is { } broken ? (AuditChange[])[AuditChange.Is("brokenAt", broken)] : []] }, ct);
            return verdict.Fault == AuditFault.None ? 0 : 1;
        }, ct));
        return new Command("audit", CommandLine.Texts["cli.audit"]) { verify };
    }

    private static (long, string)? Noted(string? head) => head?.Split(':') switch
    {
        null => null,
        [var id, { Length: 64 } hash] when long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => (number, hash.ToLowerInvariant()),
        _ => throw new RuleException("cli.audit.headWrong", head),
    };

    private static string Readable(AuditVerdict verdict) => verdict.BrokenAt is { } broken
        ? CommandLine.Texts[verdict.Fault switch
        {
            AuditFault.Changed => "cli.audit.changed",
            AuditFault.Missing => "cli.audit.missing",
            AuditFault.Extra => "cli.audit.extra",
            _ => "cli.audit.rewritten",
        }, broken, verdict.Whole]
        : CommandLine.Texts["cli.audit.whole", verdict.Whole, HeadOf(verdict)];

    private static string Json(AuditVerdict verdict) => JsonSerializer.Serialize(new
    {
        whole = verdict.Whole,
        head = HeadOf(verdict),
        brokenAt = verdict.BrokenAt,
        fault = verdict.BrokenAt is null ? null : JsonNamingPolicy.CamelCase.ConvertName(verdict.Fault.ToString()),
    });

    private static string HeadOf(AuditVerdict verdict) => string.Create(CultureInfo.InvariantCulture, $"{verdict.Whole}:{verdict.Hash}");
}
