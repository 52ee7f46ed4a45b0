using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;

namespace Huike.IntegrationTests.Customers;

/// <summary>An address book on a phone, as programs of CardDAV ask for it.</summary>
internal sealed class Phone : IDisposable
{
    public const string Book = "/dav/books/customers/";
    public static readonly XNamespace Dav = "DAV:";
    public static readonly XNamespace Card = "urn:ietf:params:xml:ns:carddav";

    private readonly HttpClient http;

    public Phone(HuikeApp app, string user, string password)
    {
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }

    /// <summary>The phone of somebody who is signed in, with a password of its own.</summary>
    public static async Task<Phone> Of(HuikeApp app, Visitor visitor, string user, string name = "phone")
    {
        using var made = await visitor.Submit("/account/phone-book", "/account/phone-book", ("name", name), ("formKey", Guid.CreateVersion7().ToString("N")));
        var page = await Visitor.Parsed(await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return new(app, user, page.QuerySelector("input[readonly]")!.GetAttribute("value")!);
    }

    public Task<HttpResponseMessage> Send(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, method == "PUT" ? "text/vcard" : "application/xml") };
        foreach (var (name, value) in headers) { request.Headers.TryAddWithoutValidation(name, value); }
        return http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>A multistatus answer.</summary>
    public async Task<XElement> Xml(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var answer = await Send(method, path, body, headers);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode == 207, $"{method} {path} answered {(int)answer.StatusCode}: {text}");
        return XElement.Parse(text);
    }

    /// <summary>Cards by address, with text and tag.</summary>
    public async Task<Dictionary<string, (string Text, string Tag)>> Cards() =>
        (await Xml("REPORT", Book, """<c:addressbook-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:prop><d:getetag/><c:address-data/></d:prop></c:addressbook-query>"""))
            .Elements(Dav + "response").ToDictionary(one => one.Element(Dav + "href")!.Value, one => (one.Descendants(Card + "address-data").Single().Value, one.Descendants(Dav + "getetag").Single().Value));

    /// <summary>What changed since a token: addresses with whether they are there, and the next token.</summary>
    public async Task<(Dictionary<string, bool> Changes, string Token)> Since(string token)
    {
        var answer = await Xml("REPORT", Book, $"""<d:sync-collection xmlns:d="DAV:"><d:sync-token>{token}</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>""");
        return (answer.Elements(Dav + "response").ToDictionary(one => one.Element(Dav + "href")!.Value, one => one.Element(Dav + "propstat") is not null), answer.Element(Dav + "sync-token")!.Value);
    }

    public async Task<HttpStatusCode> Put(string name, string card, params (string Name, string Value)[] headers)
    {
        using var answer = await Send("PUT", Book + name, card, headers);
        return answer.StatusCode;
    }

    public async Task<HttpStatusCode> Delete(string href, string tag)
    {
        using var answer = await Send("DELETE", href, null, ("If-Match", tag));
        return answer.StatusCode;
    }

    public void Dispose() => http.Dispose();
}
