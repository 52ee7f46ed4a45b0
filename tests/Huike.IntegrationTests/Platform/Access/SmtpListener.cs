using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Huike.IntegrationTests.Platform.Access;

/// <summary>A mail server for one test: takes mails by SMTP (RFC 5321) and keeps them.</summary>
/// <param name="certificate">Offers encryption (STARTTLS, RFC 3207) with it; null: offers none.</param>
internal sealed class SmtpListener(X509Certificate2? certificate) : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentQueue<Mail> mails = new();
    private Task serving = Task.CompletedTask;

    /// <summary>Serves at once, without encryption.</summary>
    public SmtpListener() : this(null) => Start();

    /// <summary>What it answers to the next recipients instead of taking them.</summary>
    public ConcurrentQueue<string> Refusals { get; } = new();

    /// <summary>All that it was told in the clear.</summary>
    public StringBuilder Overheard { get; } = new();

    public SmtpListener Start()
    {
        listener.Start();
        serving = Serve();
        return this;
    }

    public sealed record Mail(string From, string To, string Content)
    {
        /// <summary>The body as its reader sees it.</summary>
        public string Text
        {
            get
            {
                var body = Content[(Content.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
                return Content.Contains("Content-Transfer-Encoding: base64", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8.GetString(Convert.FromBase64String(body)) : body;
            }
        }
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The next mail; half a minute at most.</summary>
    public async Task<Mail> Next()
    {
        for (var i = 0; i < 300; i++)
        {
            if (mails.TryDequeue(out var mail)) { return mail; }
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException("No mail came");
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await serving;
        end.Dispose();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(end.Token);
                try
                {
                    await Talk(client.GetStream(), isSecret: false);
                }
                catch (Exception left) when (left is AuthenticationException or IOException && !end.IsCancellationRequested)
                {
                    // Whoever called doesn't trust us.
                }
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or IOException || end.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task Talk(Stream stream, bool isSecret)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await using var writer = new StreamWriter(stream, Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
        var (from, to) = ("", "");
        if (!isSecret) { await writer.WriteLineAsync("220 test ESMTP"); }
        while (await reader.ReadLineAsync(end.Token) is { } line)
        {
            if (!isSecret) { Overheard.AppendLine(line); }
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb == "MAIL") { from = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]; }
            if (verb == "RCPT") { to = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]; }
            if (verb == "STARTTLS" && certificate is not null)
            {
                await writer.WriteLineAsync("220 go on");
                await using var secret = new SslStream(stream, leaveInnerStreamOpen: true);
                await secret.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, end.Token);
                await Talk(secret, isSecret: true);
                return;
            }
            if (verb == "RCPT" && Refusals.TryDequeue(out var refusal))
            {
                await writer.WriteLineAsync(refusal);
                continue;
            }
            await writer.WriteLineAsync(verb switch { "DATA" => "354 go on", "QUIT" => "221 bye", "EHLO" => certificate is null || isSecret ? "250 test" : "250-test\r\n250 STARTTLS", _ => "250 ok" });
            if (verb == "QUIT") { return; }
            if (verb != "DATA") { continue; }
            var content = new StringBuilder();
            while (await reader.ReadLineAsync(end.Token) is { } part && part != ".") { content.Append(part.StartsWith('.') ? part[1..] : part).Append("\r\n"); }
            mails.Enqueue(new(from, to, content.ToString()));
            await writer.WriteLineAsync("250 kept");
        }
    }
}
