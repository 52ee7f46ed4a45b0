using System.Data.Common;
using System.Globalization;
using Huike.Platform.Data;
using Huike.Platform.Fields;

namespace Huike.Customers;

/// <summary>How a value that orders a list travels in a cursor.</summary>
internal enum KeyKind
{
    Text,
    Whole,
    Instant,
    Real,
}

/// <summary>One expression that orders a list.</summary>
internal readonly record struct OrderKey(string Sql, KeyKind Kind)
{
    /// <summary>By a field of the firm's own, of the table that goes by <c>c</c>.</summary>
    public static OrderKey Of(CustomField field) => new(field.Sql("c"), field.IsNumeric ? KeyKind.Real : KeyKind.Text);

    /// <summary>The value of a row as a cursor keeps it.</summary>
    public string Read(DbDataReader row, int column) => Kind switch
    {
        KeyKind.Text => row.GetString(column),
        KeyKind.Whole => row.GetInt64(column).ToString(CultureInfo.InvariantCulture),
        KeyKind.Instant => row.At(column).UtcTicks.ToString(CultureInfo.InvariantCulture),
        _ => row.GetDouble(column).ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>The kept value as a parameter; null where the text is no such value.</summary>
    public object? Parse(string text) => Kind switch
    {
        KeyKind.Text => text.Contains('\0', StringComparison.Ordinal) ? null : text,
        KeyKind.Whole => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
        KeyKind.Instant => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? real : null,
    };
}

/// <summary>An order of the list of customers. Each has an index of its own, so that a page costs the same at its first row and at its millionth.</summary>
/// <param name="Name">As in the address.</param>
/// <param name="ByStanding">True where the index is on the standings, false where it is on the files.</param>
/// <param name="Keys">What orders; the customer's id breaks ties.</param>
/// <param name="DescendsFirst">True where a reader wants the largest first.</param>
internal sealed record CustomerSort(string Name, bool ByStanding, IReadOnlyList<OrderKey> Keys, bool DescendsFirst)
{
    /// <summary>The best hits of a search first, by the way in which each is meant (<see cref="HitBy"/>), then by what it begins with. Over hits only; it has no index.</summary>
    public static readonly CustomerSort Relevance = new("relevance", false, [new("h.rank", KeyKind.Text)], false);

    public static readonly CustomerSort ByName = new("name", false, [new("c.sort_key", KeyKind.Text)], false);

    public static readonly CustomerSort ByContribution = Standing("contribution", new OrderKey("s.contribution", KeyKind.Whole));

    public static readonly CustomerSort BySales = Standing("sales", new OrderKey("s.sales", KeyKind.Whole));

    public static readonly IReadOnlyList<CustomerSort> All =
    [
        ByName,
        new("number", false, [new("c.number", KeyKind.Text)], false),
        new("phone", false, [new("coalesce(c.phone, '')", KeyKind.Text)], false),
        new("category", false, [new("coalesce(c.category, '')", KeyKind.Text), new("c.sort_key", KeyKind.Text)], false),
        new("place", false, [new("coalesce(c.place, '')", KeyKind.Text), new("c.sort_key", KeyKind.Text)], false),
        new("created", false, [new("c.created_at", KeyKind.Instant)], true),
        new("tier", true, [new("s.tier", KeyKind.Whole), new("s.contribution", KeyKind.Whole)], false),
        new("stage", true, [new("s.stage", KeyKind.Whole), new("s.contribution", KeyKind.Whole)], true),
        BySales,
        ByContribution,
        Standing("documents", new OrderKey("s.documents", KeyKind.Whole)),
        Standing("first", new OrderKey("s.first_at", KeyKind.Instant)),
        Standing("last", new OrderKey("s.last_at", KeyKind.Instant)),
        Standing("active", new OrderKey("s.active", KeyKind.Real)),
        Standing("lifetime", new OrderKey("s.lifetime", KeyKind.Whole)),
        Standing("risk", new OrderKey("s.at_risk", KeyKind.Whole)),
        Relevance,
    ];

    /// <summary>Orders by the firm's own fields that have an index.</summary>
    public static IEnumerable<CustomerSort> Of(IReadOnlyList<CustomField> fields) => fields.Where(field => field.IsIndexed)
        .Select(field => new CustomerSort(field.Column, false, [OrderKey.Of(field)], field.DescendsFirst));

    /// <summary>By figures, tier or stage.</summary>
    public bool IsInternal => ByStanding;

    /// <summary>The customer's id in the table whose index gives the order.</summary>
    public string Id => ByStanding ? "s.customer_id" : "c.id";

    private static CustomerSort Standing(string name, OrderKey key) => new(name, true, [key], true);
}
