using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Huike.Platform.Webhooks;

/// <summary>What came of a try to send.</summary>
/// <param name="Status">Of the answer; null: there was none.</param>
/// <param name="Error">End of a text key; empty: it was delivered.</param>
/// <param name="Took">From the first byte to the answer.</param>
/// <param name="RetryAfter">How long the other side asks to be left alone; null: it didn't.</param>
internal sealed record Outcome(int? Status, string Error, TimeSpan Took, TimeSpan? RetryAfter = null);

/// <summary>Posts to addresses that people typed: no redirects, no proxy, no cookies, and no address that isn't permitted, looked at when the connection is made and whatever the name said before.</summary>
internal sealed class PostOutside : IDisposable
{
    private const int LongestRest = 4_096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Reachable reachable;
    private readonly TimeProvider clock;
    private readonly HttpMessageInvoker http;

    public PostOutside(Reachable reachable, TimeProvider clock)
    {
        (this.reachable, this.clock) = (reachable, clock);
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = LongestRest,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = Connect,
        });
    }

    /// <param name="url">Where to.</param>
    /// <param name="body">JSON.</param>
    /// <param name="headers">Besides those of every post.</param>
    /// <param name="ct">Ends the try; thrown on.</param>
    public async Task<Outcome> Run(Uri url, string body, IEnumerable<(string Name, string Value)> headers, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.Add(new("Huike", null));
        foreach (var (name, value) in headers) { request.Headers.Add(name, value); }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            // What the answer says is not read: its end is let run out, up to a few KB, or the connection is closed.
            using var answer = await http.SendAsync(request, patience.Token);
            var status = (int)answer.StatusCode;
            return new(status, status switch { < 300 => "", < 400 => "redirect", 410 => "gone", _ => "status" }, Stopwatch.GetElapsedTime(begun),
                answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable ? Wait(answer.Headers.RetryAfter) : null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(null, "timeout", Stopwatch.GetElapsedTime(begun));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            return new(null, Word(failure), Stopwatch.GetElapsedTime(begun));
        }
    }

    public void Dispose() => http.Dispose();

    private TimeSpan? Wait(RetryConditionHeaderValue? asked) => asked?.Delta ?? (asked?.Date is { } at ? at - clock.GetUtcNow() : null);

    private static string Word(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case RuleException rule: return rule.Code;
                case AuthenticationException: return "tls";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery }: return "name";
            }
        }
        return "unreachable";
    }

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var isPlain = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttp;
        var found = IPAddress.TryParse(context.DnsEndPoint.Host, out var address) ? [address] : await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        var permitted = found.Where(one => reachable.Permits(one, isPlain)).ToArray();
        if (permitted.Length == 0) { throw new RuleException("address"); }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(permitted, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
