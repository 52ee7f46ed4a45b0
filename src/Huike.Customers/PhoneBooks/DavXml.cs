using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.PhoneBooks;

/// <summary>The words of WebDAV and CardDAV, and hostile requests in them.</summary>
internal static class DavXml
{
    public static readonly XNamespace Dav = "DAV:";
    public static readonly XNamespace Card = "urn:ietf:params:xml:ns:carddav";
    public static readonly XNamespace Server = "http://calendarserver.org/ns/";

    /// <summary>Requests are longer nowhere.</summary>
    private const int Longest = 1 << 20;

    private const int Deepest = 30;

    private static readonly XmlReaderSettings Strict = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = Longest, Async = true, IgnoreComments = true, IgnoreProcessingInstructions = true };

    /// <summary>What a request asks for; null: nothing was sent.</summary>
    /// <exception cref="BadHttpRequestException">It is no XML, too long, too deep, or brings a document type.</exception>
    public static async Task<XElement?> Read(HttpRequest request, CancellationToken ct)
    {
        var body = await Bytes(request, Longest, ct);
        if (body.Length == 0) { return null; }
        try
        {
            await Measure(body);
            using var reader = XmlReader.Create(new MemoryStream(body), Strict);
            return await XElement.LoadAsync(reader, LoadOptions.None, ct);
        }
        catch (XmlException wrong)
        {
            throw new BadHttpRequestException("XML expected", wrong);
        }
    }

    /// <summary>The body of a request.</summary>
    /// <exception cref="BadHttpRequestException">It is longer.</exception>
    public static async Task<byte[]> Bytes(HttpRequest request, int most, CancellationToken ct)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (await request.Body.ReadAsync(buffer, ct) is > 0 and var read)
        {
            if (kept.Length + read > most) { throw new BadHttpRequestException("too long", StatusCodes.Status413PayloadTooLarge); }
            kept.Write(buffer, 0, read);
        }
        return kept.ToArray();
    }

    /// <summary>An error with the condition that was not met.</summary>
    public static XDocument Error(XName condition, string? words = null) =>
        new(new XElement(Dav + "error", Prefixes, new XElement(condition), words is null ? null : new XElement(Dav + "responsedescription", words)));

    /// <summary>Names that programs are used to.</summary>
    public static object[] Prefixes => [new XAttribute(XNamespace.Xmlns + "d", Dav), new XAttribute(XNamespace.Xmlns + "card", Card), new XAttribute(XNamespace.Xmlns + "cs", Server)];

    public static async Task Send(HttpContext http, int status, XDocument document, CancellationToken ct)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml; charset=utf-8";
        using var text = new MemoryStream();
        await using (var writer = XmlWriter.Create(text, new() { Async = true, Encoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false) })) { await document.SaveAsync(writer, ct); }
        text.Position = 0;
        await text.CopyToAsync(http.Response.Body, ct);
    }

    /// <summary>Nobody who means well nests deeper; who means ill would make the program walk until it falls.</summary>
    private static async Task Measure(byte[] body)
    {
        using var reader = XmlReader.Create(new MemoryStream(body), Strict);
        while (await reader.ReadAsync())
        {
            if (reader.Depth > Deepest) { throw new XmlException("too deep"); }
        }
    }
}
