using System.Net;

namespace Huike.IntegrationTests.Platform.Live;

/// <summary>A stream as a browser reads it.</summary>
internal sealed class OpenStream : IDisposable
{
    private readonly HttpClient http;
    private readonly HttpResponseMessage answer;
    private readonly StreamReader reader;

    private OpenStream(HttpClient http, HttpResponseMessage answer, StreamReader reader) => (this.http, this.answer, this.reader) = (http, answer, reader);

    /// <summary>The last id that came; empty before the first.</summary>
    public string LastId { get; private set; } = "";

    public HttpStatusCode Status => answer.StatusCode;

    public static async Task<OpenStream> Of(HuikeApp app, Visitor visitor, string query, string? lastId = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = visitor.Cookies }) { BaseAddress = app.Address };
        var request = new HttpRequestMessage(HttpMethod.Get, "/live?" + query);
        if (lastId is not null) { request.Headers.Add("Last-Event-ID", lastId); }
        var given = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new(client, given, new(await given.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>The next message: its name and data, with a blank between; null where the stream has ended.</summary>
    public async Task<string?> Next()
    {
        var (name, data) = ("", "");
        while (await Line() is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) { LastId = line[4..]; }
            if (line.StartsWith("event: ", StringComparison.Ordinal)) { name = line[7..]; }
            if (line.StartsWith("data: ", StringComparison.Ordinal)) { data = line[6..]; }
            if (line.Length == 0 && name.Length > 0) { return $"{name} {data}"; }
        }
        return null;
    }

    public void Dispose()
    {
        reader.Dispose();
        answer.Dispose();
        http.Dispose();
    }

    private async Task<string?> Line()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        return await reader.ReadLineAsync(patience.Token);
    }
}
