using System.Net;
using AngleSharp;
using AngleSharp.Dom;

namespace Huike.IntegrationTests;

/// <summary>A browser without a window: keeps cookies, follows no redirects, sends forms with the token of the page that they stand on.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly HuikeApp app;
    private readonly HttpClient http;

    public Visitor(HuikeApp app, string language)
    {
        this.app = app;
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies, AutomaticDecompression = DecompressionMethods.All }) { BaseAddress = app.Address };
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
    }

    public CookieContainer Cookies { get; } = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Task<HttpResponseMessage> Get(string path) => Send(new(HttpMethod.Get, path));

    /// <summary>Sends any request, whatever the answer.</summary>
    public Task<HttpResponseMessage> Raw(HttpRequestMessage request) => http.SendAsync(request, Ct);

    /// <summary>Sends any request; an answer of 500 ends the test with what the application logged.</summary>
    public async Task<HttpResponseMessage> Send(HttpRequestMessage request)
    {
        var answer = await Raw(request);
        Assert.True(answer.StatusCode != HttpStatusCode.InternalServerError, $"{request.Method} {request.RequestUri} failed: {string.Join('\n', app.Errors)}");
        return answer;
    }

    /// <summary>The text of an answer that has to be 200.</summary>
    public async Task<string> Text(string path)
    {
        using var answer = await Get(path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"GET {path} answered {(int)answer.StatusCode} {answer.Headers.Location}");
        return await answer.Content.ReadAsStringAsync(Ct);
    }

    /// <summary>A page, parsed; it has to be there.</summary>
    public async Task<IDocument> Page(string path) => await Parsed(await Text(path));

    /// <summary>A page or fragment, parsed.</summary>
    public static async Task<IDocument> Parsed(string html) =>
        await BrowsingContext.New(Configuration.Default).OpenAsync(request => request.Content(html), Ct);

    /// <summary>Sends a form, with the token of a page.</summary>
    /// <param name="page">The page that the form stands on.</param>
    /// <param name="action">Where it goes.</param>
    /// <param name="fields">What was filled in.</param>
    public async Task<HttpResponseMessage> Submit(string page, string action, params (string Name, string Value)[] fields)
    {
        var token = await Token(page);
        return await Post(action, [("__RequestVerificationToken", token), .. fields]);
    }

    /// <summary>Sends a form as it is given.</summary>
    public Task<HttpResponseMessage> Post(string action, params (string Name, string Value)[] fields) =>
        Send(new(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) });

    /// <summary>Sends JSON, as a program does.</summary>
    public Task<HttpResponseMessage> Json(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new(method), path) { Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) { request.Headers.TryAddWithoutValidation(name, value); }
        return Send(request);
    }

    /// <summary>Sends bytes as the body itself.</summary>
    public Task<HttpResponseMessage> Bytes(string path, byte[] bytes, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/octet-stream") } } };
        foreach (var (name, value) in headers) { request.Headers.TryAddWithoutValidation(name, value); }
        return Send(request);
    }

    /// <summary>Sends a form with files.</summary>
    public async Task<HttpResponseMessage> Upload(string page, string action, string field, IEnumerable<string> paths, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new StringContent(await Token(page)), "__RequestVerificationToken" } };
        foreach (var (name, value) in fields) { form.Add(new StringContent(value), name); }
        foreach (var path in paths) { form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(path, Ct)), field, Path.GetFileName(path)); }
        return await Send(new(HttpMethod.Post, action) { Content = form });
    }

    /// <summary>The antiforgery token of a page, as forms and scripts send it.</summary>
    public async Task<string> Token(string page) =>
        (await Page(page)).QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value") ?? throw new InvalidOperationException($"{page} has no form");

    /// <summary>Signs in by the page; has to succeed.</summary>
    public async Task SignIn(string name)
    {
        using var answer = await Submit("/sign-in", "/sign-in", ("name", name), ("password", HuikeApp.Password), ("returnUrl", "/"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    public void Dispose() => http.Dispose();
}
