using System.Globalization;
using System.Xml.Linq;

namespace Huike.Customers.PhoneBooks;

/// <summary>What programs read of collections and cards: properties by name.</summary>
/// <param name="Href">Address.</param>
/// <param name="Properties">What it has; null: an empty one.</param>
internal sealed record DavResource(string Href, IReadOnlyDictionary<XName, object?> Properties);

/// <summary>What a request wants to know of each resource.</summary>
/// <param name="Names">Which properties; null: all.</param>
/// <param name="Version">Of vCard, for cards.</param>
internal sealed record DavWish(IReadOnlyList<XName>? Names, string Version)
{
    private static readonly XName Data = DavXml.Card + "address-data";

    /// <summary>Whether cards themselves are wanted.</summary>
    public bool WantsCards => Names?.Contains(Data) == true;

    /// <summary>What stands in a request's <c>prop</c>, or in its absence.</summary>
    public static DavWish Read(XElement? request)
    {
        var names = request?.Element(DavXml.Dav + "prop")?.Elements().ToList();
        var version = names?.Find(one => one.Name == Data)?.Attribute("version")?.Value;
        return new(names?.ConvertAll(one => one.Name), version == VCards.VCard.Four ? VCards.VCard.Four : VCards.VCard.Three);
    }
}

/// <summary>Answers of WebDAV.</summary>
internal static class DavAnswer
{
    public const int MultiStatus = 207;

    /// <summary>What a resource has of what is wanted, and what it hasn't.</summary>
    public static XElement Of(DavResource resource, DavWish wish)
    {
        var wanted = wish.Names ?? [.. resource.Properties.Keys];
        var there = wanted.Where(resource.Properties.ContainsKey).ToList();
        var response = new XElement(DavXml.Dav + "response", new XElement(DavXml.Dav + "href", resource.Href));
        if (there.Count > 0 || wanted.Count == 0) { response.Add(Found(there.Select(name => new XElement(name, resource.Properties[name])), "200 OK")); }
        if (wanted.Count > there.Count) { response.Add(Found(wanted.Except(there).Select(name => new XElement(name)), "404 Not Found")); }
        return response;
    }

    /// <summary>What is not there, or not any more.</summary>
    public static XElement Missing(string href) => Status(href, "404 Not Found");

    /// <summary>More was found than is told.</summary>
    public static XElement Cut(string href) => Status(href, "507 Insufficient Storage", new XElement(DavXml.Dav + "error", new XElement(DavXml.Dav + "number-of-matches-within-limits")));

    public static XDocument Several(IEnumerable<XElement> responses, params object?[] more) => new(new XElement(DavXml.Dav + "multistatus", DavXml.Prefixes, responses, more));

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);

    private static XElement Status(string href, string status, object? more = null) => new(DavXml.Dav + "response", new XElement(DavXml.Dav + "href", href), new XElement(DavXml.Dav + "status", "HTTP/1.1 " + status), more);

    private static XElement Found(IEnumerable<XElement> properties, string status) => new(DavXml.Dav + "propstat", new XElement(DavXml.Dav + "prop", properties), new XElement(DavXml.Dav + "status", "HTTP/1.1 " + status));
}
