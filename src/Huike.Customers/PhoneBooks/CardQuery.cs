using System.Xml.Linq;
using Huike.Customers.VCards;
using Huike.Platform;
using static Huike.Customers.PhoneBooks.DavXml;

namespace Huike.Customers.PhoneBooks;

/// <summary>Which cards a program looks for: the filter of an <c>addressbook-query</c>.</summary>
internal sealed class CardQuery
{
    private const int MostTests = 50;

    private readonly bool isAny;
    private readonly List<XElement> tests;

    private CardQuery(XElement? filter)
    {
        isAny = filter?.Attribute("test")?.Value != "allof";
        tests = [.. filter?.Elements(Card + "prop-filter") ?? []];
    }

    /// <summary>More are not wanted; null: no bound.</summary>
    public int? Most { get; private init; }

    /// <exception cref="RuleException"><c>cards.query.wrong</c>: a filter that we don't know.</exception>
    public static CardQuery Read(XElement report)
    {
        var filter = report.Element(Card + "filter");
        var all = filter?.Descendants().Take(MostTests + 1).ToList() ?? [];
        if (all.Count > MostTests || all.Exists(one => one.Name == Card + "text-match" && one.Attribute("collation")?.Value is not (null or "default" or "i;unicode-casemap" or "i;ascii-casemap"))) { throw new RuleException("cards.query.wrong"); }
        return new(filter) { Most = int.TryParse(report.Element(Card + "limit")?.Element(Card + "nresults")?.Value, out var most) && most > 0 ? most : null };
    }

    public bool Fits(VCard card) => tests.Count == 0 || (isAny ? tests.Exists(test => Fits(card, test)) : tests.TrueForAll(test => Fits(card, test)));

    private static bool Fits(VCard card, XElement test)
    {
        var lines = card.All(test.Attribute("name")?.Value.ToUpperInvariant().Split('.')[^1] ?? "").ToList();
        if (test.Element(Card + "is-not-defined") is not null) { return lines.Count == 0; }
        var inner = test.Elements().Where(one => one.Name == Card + "text-match" || one.Name == Card + "param-filter").ToList();
        return lines.Exists(line => inner.Count == 0 || (test.Attribute("test")?.Value == "allof" ? inner.TrueForAll(one => Fits(line, one)) : inner.Exists(one => Fits(line, one))));
    }

    private static bool Fits(VCardProperty line, XElement test)
    {
        if (test.Name == Card + "text-match") { return Matches(line.Text, test); }
        var value = line[test.Attribute("name")?.Value.ToUpperInvariant() ?? ""];
        if (test.Element(Card + "is-not-defined") is not null) { return value is null; }
        return value is not null && (test.Element(Card + "text-match") is not { } match || Matches(value, match));
    }

    private static bool Matches(string text, XElement match)
    {
        var wanted = match.Value;
        var found = match.Attribute("match-type")?.Value switch
        {
            "equals" => text.Equals(wanted, StringComparison.OrdinalIgnoreCase),
            "starts-with" => text.StartsWith(wanted, StringComparison.OrdinalIgnoreCase),
            "ends-with" => text.EndsWith(wanted, StringComparison.OrdinalIgnoreCase),
            _ => text.Contains(wanted, StringComparison.OrdinalIgnoreCase),
        };
        return found != (match.Attribute("negate-condition")?.Value == "yes");
    }
}
