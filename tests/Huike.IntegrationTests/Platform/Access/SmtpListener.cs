using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Huike.IntegrationTests.Platform.Access;

/// <summary>A mail server for one test: takes mails by SMTP (RFC 5321) and keeps them.</summary>
internal sealed class SmtpListener : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentQueue<Mail> mails = new();
    private readonly Task serving;

    public SmtpListener()
    {
        listener.Start();
        serving = Serve();
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
                await Talk(client.GetStream());
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or IOException)
        {
            // The test is over.
        }
    }

    private async Task Talk(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await using var writer = new StreamWriter(stream, Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
        var (from, to) = ("", "");
        await writer.WriteLineAsync("220 test ESMTP");
        while (await reader.ReadLineAsync(end.Token) is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb == "MAIL") { from = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]; }
            if (verb == "RCPT") { to = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]; }
            await writer.WriteLineAsync(verb switch { "DATA" => "354 go on", "QUIT" => "221 bye", "EHLO" => "250 test", _ => "250 ok" });
            if (verb == "QUIT") { return; }
            if (verb != "DATA") { continue; }
            var content = new StringBuilder();
            while (await reader.ReadLineAsync(end.Token) is { } part && part != ".") { content.Append(part.StartsWith('.') ? part[1..] : part).Append("\r\n"); }
            mails.Enqueue(new(from, to, content.ToString()));
            await writer.WriteLineAsync("250 kept");
        }
    }
}
