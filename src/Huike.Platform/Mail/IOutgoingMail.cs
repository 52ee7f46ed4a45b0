namespace Huike.Platform.Mail;

/// <summary>The way out for mail. Where none is configured, features offer another way.</summary>
public interface IOutgoingMail
{
    /// <summary>Whether mail can be sent at all.</summary>
    bool IsReady { get; }

    /// <summary>How people outside reach the program, without a slash at the end: links in mails begin with it. Never taken from a request, whose sender could put a name of his own there.</summary>
    string PublicAddress { get; }

    /// <summary>Hands a mail to the server.</summary>
    /// <param name="to">One address, without a name.</param>
    /// <param name="subject">One line.</param>
    /// <param name="body">Plain text.</param>
    /// <param name="ct">Ends the try.</param>
    /// <exception cref="System.Net.Mail.SmtpException">The server refused or wasn't there.</exception>
    Task Send(string to, string subject, string body, CancellationToken ct);
}
