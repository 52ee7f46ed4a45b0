using System.Net.Sockets;
using Huike.Platform.Access.Passwords;
using Huike.Platform.Data;
using Huike.Platform.Files;
using Huike.Platform.Mail;

namespace Huike.Platform.Health;

/// <summary>Does mail go out?</summary>
internal sealed class MailGoesOut(Database database, IOutgoingMail mail) : IHealthCheck
{
    public string Title => "health.mail";

    public async Task<Finding> Run(CancellationToken ct)
    {
        if (!mail.IsReady) { return new(HealthState.Off, "health.mail.none") { Do = "health.mail.set" }; }
        await using var connection = await database.Open(ct);
        var (failed, done) = await connection.First("""
            select (select max(finished_at) from platform_job where kind = @kind and state = 3 and finished_at is not null), (select max(finished_at) from platform_job where kind = @kind and state = 2 and finished_at is not null)
            """, row => (row.AtOrNull(0), row.AtOrNull(1)), ct, ("kind", SendLink.Kind));
        return failed is { } at && (done is null || done < at) ? new(HealthState.Bad, "health.mail.failed", at) { Do = "health.mail.do", Href = Jobs.JobQuery.Path }
            : done is { } sent ? new(HealthState.Good, "health.mail.sent", sent) : new(HealthState.Good, "health.mail.ready");
    }
}

/// <summary>Does the malware scanner answer, where there is one?</summary>
internal sealed class ScannerAnswers(ScanFile scan) : IHealthCheck
{
    public string Title => "health.scanner";

    public async Task<Finding> Run(CancellationToken ct)
    {
        if (!scan.IsSet) { return new(HealthState.Off, "health.scanner.none"); }
        try
        {
            await scan.Ping(ct);
            return new(HealthState.Good, "health.scanner.answers");
        }
        catch (Exception failure) when (failure is SocketException or IOException or UriFormatException)
        {
            return new(HealthState.Bad, "health.scanner.down", failure.Message) { Do = "health.scanner.do" };
        }
    }
}

/// <summary>Do people reach the program by HTTPS?</summary>
internal sealed class AddressIsSafe(IOutgoingMail mail, Microsoft.Extensions.Configuration.IConfiguration configuration) : IHealthCheck
{
    public string Title => "health.address";

    public Task<Finding> Run(CancellationToken ct)
    {
        var address = configuration["PublicAddress"] is { Length: > 0 } own ? own : mail.PublicAddress;
        return Task.FromResult(address.Length == 0 ? new Finding(HealthState.Off, "health.address.none") { Do = "health.address.set" }
            : address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? new(HealthState.Good, "health.address.figure", address)
            : new(HealthState.Warn, "health.address.figure", address) { Do = "health.address.do" });
    }
}
