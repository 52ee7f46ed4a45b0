using Huike.Customers.Contracts;
using Huike.Platform.Exports;
using Huike.Platform.Fields;
using Huike.Platform.Search;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers;

/// <summary>A column of the list: how it is called, sorted, shown and written into a file. The name stands first always and is none of them.</summary>
/// <param name="Key">As in the address; also the name of its order.</param>
/// <param name="TextKey">Its title.</param>
/// <param name="IsNumeric">Figures, to the right.</param>
/// <param name="Show">Its words on the page.</param>
/// <param name="Write">Its cell in a file.</param>
internal sealed record ListColumn(string Key, string TextKey, bool IsNumeric, Func<ListedCustomer, ListWording, string> Show, Action<ListedCustomer, ListWording, TableWriter> Write)
{
    /// <summary>How a cell is set: figures to the right; only words may break into lines, not numbers, phones and days.</summary>
    public string Class => IsNumeric ? "num" : Key is "place" or "category" || Own is { Type: FieldType.Text or FieldType.Record } ? "" : "nowrap";

    /// <summary>Title of a field of the firm's own; null where the text key tells it.</summary>
    public CustomField? Own { get; init; }

    /// <summary>Its title.</summary>
    public string Title(Texts texts) => Own?.Label(texts) ?? texts[TextKey];

    private const string Cookie = "huike-customer-columns";

    public static readonly IReadOnlyList<ListColumn> All =
    [
        new("number", "customers.field.number", false, (row, _) => row.Number, (row, _, to) => to.Text(row.Number)),
        new("phone", "customers.field.phone", false, (row, _) => Phone.Shown(row.Phone), (row, _, to) => to.Text(Phone.Shown(row.Phone))),
        new("category", "customers.field.category", false, (row, _) => row.Category ?? "", (row, _, to) => to.Text(row.Category)),
        new("place", "customers.field.place", false, (row, _) => row.Place ?? "", (row, _, to) => to.Text(row.Place)),
        new("tier", "customers.field.tier", false, (row, words) => words.Texts[Words.Of(row.Tier)], (row, words, to) => to.Text(words.Texts[Words.Of(row.Tier)])),
        new("stage", "customers.field.stage", false, (row, words) => words.Texts[Words.Of(row.Stage)], (row, words, to) => to.Text(words.Texts[Words.Of(row.Stage)])),
        new("sales", "customers.field.sales", true, (row, words) => words.Money(row.Sales), (row, _, to) => to.Money(row.Sales)),
        new("contribution", "customers.field.contribution", true, (row, words) => words.Money(row.Contribution), (row, _, to) => to.Money(row.Contribution)),
        new("documents", "customers.field.documents", true, (row, words) => words.Texts.Number(row.Documents), (row, _, to) => to.Number(row.Documents)),
        new("first", "customers.field.first", false, (row, words) => words.Day(Bought(row, row.FirstAt)), (row, words, to) => to.Date(words.Local(Bought(row, row.FirstAt)))),
        new("last", "customers.field.last", false, (row, words) => words.Day(Bought(row, row.LastAt)), (row, words, to) => to.Date(words.Local(Bought(row, row.LastAt)))),
        new("active", "customers.field.active", true, (row, words) => words.Texts.Percent(row.Active, 0), (row, _, to) => to.Number((decimal)row.Active)),
        new("lifetime", "customers.field.lifetime", true, (row, words) => words.Money(row.Lifetime), (row, _, to) => to.Money(row.Lifetime)),
        new("risk", "customers.field.risk", true, (row, words) => words.Money(row.AtRisk), (row, _, to) => to.Money(row.AtRisk)),
        new("created", "customers.field.created", false, (row, words) => words.Day(row.CreatedAt), (row, words, to) => to.Date(words.Local(row.CreatedAt))),
    ];

    private static readonly string[] Usual = ["number", "phone", "place", "tier", "stage", "sales", "last"];

    /// <summary>All that a viewer may choose from.</summary>
    public static IEnumerable<ListColumn> For(Viewer viewer) => All.Where(column => viewer.SeesInternal || !column.IsInternal).Concat(viewer.Own.Select(Of));

    /// <summary>The columns to show: as the address says, else as this browser chose last, else the usual ones, and of those the ones that the viewer may see. A choice in the address is kept for the browser.</summary>
    public static IReadOnlyList<ListColumn> Chosen(HttpContext http, Viewer viewer) => Chosen(http, [.. For(viewer)]);

    /// <summary>Shows what is internal.</summary>
    public bool IsInternal => CustomerSort.All.Any(sort => sort.Name == Key && sort.IsInternal);

    private static List<ListColumn> Chosen(HttpContext http, List<ListColumn> of)
    {
        var said = http.Request.Query["columns"].SelectMany(value => (value ?? "").Split(',', '.')).ToList();
        if (said.Count > 0)
        {
            var options = new CookieOptions { Path = "/customers", HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), IsEssential = true };
            http.Response.Cookies.Append(Cookie, string.Join('.', Named(of, said).Select(column => column.Key)), options);
            return Named(of, said);
        }
        return Named(of, http.Request.Cookies[Cookie] is { } kept ? kept.Split('.') : Usual);
    }

    private static List<ListColumn> Named(List<ListColumn> of, IEnumerable<string> keys)
    {
        var named = keys.ToHashSet();
        return of.FindAll(column => named.Contains(column.Key));
    }

    private static ListColumn Of(CustomField field) => new(field.Column, "", field.IsNumeric, (row, words) => Shown(field, row, words), (row, words, to) =>
    {
        if (field.IsNumeric && decimal.TryParse(row.Own[field.Name], System.Globalization.CultureInfo.InvariantCulture, out var number))
        {
            if (field.Type == FieldType.Money) { to.Money(number); }
            else { to.Number(number); }
        }
        else if (field.Type == FieldType.Date && DateOnly.TryParseExact(row.Own[field.Name], "yyyy-MM-dd", out var day)) { to.Date(day); }
        else { to.Text(Shown(field, row, words)); }
    })
    { Own = field };

    private static string Shown(CustomField field, ListedCustomer row, ListWording words) =>
        row.Own[field.Name] is not { } value ? "" : words.Names.TryGetValue((field.Name, value), out var name) ? name.Text : FieldValue.Show(field, value, words.Texts, words.Currency);

    private static DateTimeOffset? Bought(ListedCustomer row, DateTimeOffset at) => row.Documents > 0 ? at : null;
}

/// <summary>How values of the list are put into words: language, currency and zone.</summary>
internal sealed record ListWording(Texts Texts, string Currency, TimeZoneInfo Zone)
{
    /// <summary>Of people and records in the firm's own fields.</summary>
    public IReadOnlyDictionary<(string Field, string Value), FieldReference> Names { get; init; } = new Dictionary<(string, string), FieldReference>();

    public string Money(decimal amount) => Texts.Money(amount, Currency);

    public DateOnly? Local(DateTimeOffset? at) => at is { } instant ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime) : null;

    public string Day(DateTimeOffset? at) => Local(at) is { } day ? Texts.ShortDate(day) : "";

    public string Moment(DateTimeOffset at) => Texts.Moment(TimeZoneInfo.ConvertTime(at, Zone));
}
