using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Huike.Customers.PhoneCards;
using Huike.Ui;
using Microsoft.AspNetCore.Http;
using static Huike.Customers.PhoneBooks.DavXml;

namespace Huike.Customers.PhoneBooks;

/// <summary>What stands under <c>/dav</c>: the person, the home of his books, the one book, its cards.</summary>
internal sealed class DavTree(Texts texts)
{
    public const string Root = "/dav/";
    public const string Person = "/dav/person/";
    public const string Home = "/dav/books/";
    public const string Book = "/dav/books/customers/";

    /// <summary>Cards are longer nowhere: a portrait has room.</summary>
    public const int LongestCard = 2 << 20;

    private static readonly string[] Reports = ["addressbook-query", "addressbook-multiget"];
    private static readonly string[] Privileges = ["read", "write", "write-content", "bind", "unbind"];
    private static readonly string[] Versions = [VCards.VCard.Three, VCards.VCard.Four];

    public static DavResource RootOf() => new(Root, new Dictionary<XName, object?>
    {
        [Dav + "resourcetype"] = new XElement(Dav + "collection"),
        [Dav + "displayname"] = "Huike",
        [Dav + "current-user-principal"] = Href(Person),
        [Card + "addressbook-home-set"] = Href(Home),
    });

    public static DavResource PersonOf(HttpContext http) => new(Person, new Dictionary<XName, object?>
    {
        [Dav + "resourcetype"] = new[] { new XElement(Dav + "collection"), new XElement(Dav + "principal") },
        [Dav + "displayname"] = FileEndpoints.By(http.User),
        [Dav + "current-user-principal"] = Href(Person),
        [Dav + "principal-URL"] = Href(Person),
        [Card + "addressbook-home-set"] = Href(Home),
    });

    public DavResource HomeOf() => new(Home, new Dictionary<XName, object?>
    {
        [Dav + "resourcetype"] = new XElement(Dav + "collection"),
        [Dav + "displayname"] = texts["cards.book.title"],
        [Dav + "current-user-principal"] = Href(Person),
        [Dav + "owner"] = Href(Person),
    });

    /// <param name="seq">Number of the last change.</param>
    /// <param name="token">The same as programs get it.</param>
    public DavResource BookOf(long seq, string token) => new(Book, new Dictionary<XName, object?>
    {
        [Dav + "resourcetype"] = new[] { new XElement(Dav + "collection"), new XElement(Card + "addressbook") },
        [Dav + "displayname"] = texts["cards.book.name"],
        [Dav + "current-user-principal"] = Href(Person),
        [Dav + "owner"] = Href(Person),
        [Dav + "sync-token"] = token,
        [Server + "getctag"] = seq.ToString(CultureInfo.InvariantCulture),
        [Card + "addressbook-description"] = texts["cards.book.sub"],
        [Card + "supported-address-data"] = Versions.Select(version => new XElement(Card + "address-data-type", new XAttribute("content-type", "text/vcard"), new XAttribute("version", version))).ToArray(),
        [Card + "max-resource-size"] = LongestCard.ToString(CultureInfo.InvariantCulture),
        [Card + "supported-collation-set"] = new XElement(Card + "supported-collation", "i;unicode-casemap"),
        [Dav + "supported-report-set"] = Reports.Select(name => Card + name).Append(Dav + "sync-collection").Select(name => new XElement(Dav + "supported-report", new XElement(Dav + "report", new XElement(name)))).ToArray(),
        [Dav + "current-user-privilege-set"] = Privileges.Select(name => new XElement(Dav + "privilege", new XElement(Dav + name))).ToArray(),
    });

    /// <param name="card">Which.</param>
    /// <param name="wish">Whether its text is wanted, and by which version.</param>
    public static DavResource CardOf(BookCard card, DavWish wish)
    {
        var properties = new Dictionary<XName, object?>
        {
            [Dav + "resourcetype"] = null,
            [Dav + "getetag"] = TagOf(card),
            [Dav + "getcontenttype"] = "text/vcard; charset=utf-8",
            [Dav + "getlastmodified"] = DavAnswer.Day(card.ChangedAt),
            [Dav + "displayname"] = card.Record!.Facts.Name,
        };
        if (wish.Names?.Contains(Dav + "getcontentlength") == true) { properties[Dav + "getcontentlength"] = Encoding.UTF8.GetByteCount(card.Text(VCards.VCard.Three)).ToString(CultureInfo.InvariantCulture); }
        if (wish.WantsCards) { properties[Card + "address-data"] = card.Text(wish.Version); }
        return new(HrefOf(card), properties);
    }

    public static string HrefOf(BookCard card) => Book + Uri.EscapeDataString(card.Name);

    /// <summary>The card's name in an address of ours; null: it is none of a card.</summary>
    public static string? NameOf(string href)
    {
        var path = Uri.TryCreate(href.Trim(), UriKind.Absolute, out var whole) && whole.Scheme.StartsWith("http", StringComparison.Ordinal) ? whole.AbsolutePath : href.Trim();
        return path.StartsWith(Book, StringComparison.Ordinal) && path.Length > Book.Length ? Uri.UnescapeDataString(path[Book.Length..]) : null;
    }

    public static string TagOf(BookCard card) => $"\"{card.Tag}\"";

    private static XElement Href(string path) => new(Dav + "href", path);
}
