using System.Net;
using System.Net.Mail;
using System.Security.Authentication;
using System.Text;

namespace Huike.Platform.Mail;

/// <summary>How mail goes out: section <c>Mail</c> of the configuration.</summary>
public sealed record MailOptions
{
    /// <summary>Name of the SMTP server; empty: no mail.</summary>
    public string Host { get; init; } = "";

    /// <summary>Its port; 587 by default.</summary>
    public int Port { get; init; } = 587;

    /// <summary>Name to sign in with; empty: without signing in.</summary>
    public string User { get; init; } = "";

    /// <summary>The password to it.</summary>
    public string Password { get; init; } = "";

    /// <summary>Address of the sender.</summary>
    public string From { get; init; } = "";

    /// <summary>Whether the connection has to be encrypted (STARTTLS); true by default.</summary>
    public bool Tls { get; init; } = true;

    /// <summary>How people reach the program, for links: <c>https://crm.example.com</c>.</summary>
    public string PublicAddress { get; init; } = "";
}

/// <summary>Mail by the firm's SMTP server.</summary>
internal sealed class SmtpMail(MailOptions options) : IOutgoingMail
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly int[] PauseMinutes = [1, 4, 15, 60, 240];

    /// <summary>When to try again what the server refused for now (4xx, RFC 5321), or where it wasn't there; growing, and given up after five hours.</summary>
    /// <returns>Null where trying again is of no use.</returns>
    public static TimeSpan? PauseAfter(Exception failure, int attempts)
    {
        var passes = failure is OperationCanceledException or SmtpException { StatusCode: SmtpStatusCode.GeneralFailure or (>= (SmtpStatusCode)400 and < (SmtpStatusCode)500) };
        // A certificate that isn't trusted won't be in an hour.
        return passes && failure.InnerException is not AuthenticationException && attempts <= PauseMinutes.Length ? TimeSpan.FromMinutes(PauseMinutes[attempts - 1]) : null;
    }

    public bool IsReady => options is { Host.Length: > 0, From.Length: > 0, PublicAddress.Length: > 0 };

    public string PublicAddress => options.PublicAddress.TrimEnd('/');

    public async Task Send(string to, string subject, string body, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using var client = new SmtpClient(options.Host, options.Port) { EnableSsl = options.Tls };
        if (options.User.Length > 0) { client.Credentials = new NetworkCredential(options.User, options.Password); }
        using var message = new MailMessage(options.From, to, subject, body) { SubjectEncoding = Encoding.UTF8, BodyEncoding = Encoding.UTF8 };
        // Holidays are not to be told to a machine.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        await client.SendMailAsync(message, patience.Token);
    }
}
