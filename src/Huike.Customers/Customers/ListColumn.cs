using System.Globalization;
using Huike.Platform.Exports;
using Huike.Platform.Fields;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers;

/// <summary>A column of a list: how it is called, sorted, shown and written into a file. What leads to the record stands first always and is none of them.</summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="Key">As in the address; also the name of its order.</param>
/// <param name="TextKey">Its title.</param>
/// <param name="IsNumeric">Figures, to the right.</param>
/// <param name="Show">Its words on the page.</param>
/// <param name="Write">Its cell in a file; null: its words.</param>
internal sealed record ListColumn<T>(string Key, string TextKey, bool IsNumeric, Func<T, ListWording, string> Show, Action<T, ListWording, TableWriter>? Write = null)
{
    /// <summary>How a cell is set: figures to the right; only words may break into lines, not numbers, phones and days.</summary>
    public string Class => IsNumeric ? "num" : Key is "name" or "place" or "category" || Own is { Type: FieldType.Text or FieldType.Record } ? "" : "nowrap";

    /// <summary>Title of a field of the firm's own; null where the text key tells it.</summary>
    public CustomField? Own { get; init; }

    /// <summary>Its title.</summary>
    public string Title(Texts texts) => Own?.Label(texts) ?? texts[TextKey];

    /// <summary>Writes its cell of a file.</summary>
    public void WriteTo(TableWriter table, T row, ListWording words)
    {
        if (Write is null) { table.Text(Show(row, words)); }
        else { Write(row, words, table); }
    }
}

/// <summary>Columns of lists, whatever their rows.</summary>
internal static class ListColumn
{
    /// <summary>The columns to show: as the address says, else as this browser chose last, else the usual ones, and of those the ones that there are, in the order that was said. A choice in the address is kept for the browser.</summary>
    /// <param name="http">The request.</param>
    /// <param name="path">Of the list.</param>
    /// <param name="of">All that the visitor may choose from.</param>
    /// <param name="usual">Their keys.</param>
    /// <param name="query">What is asked, where it isn't the address alone: of it nothing is kept.</param>
    public static IReadOnlyList<ListColumn<T>> Chosen<T>(HttpContext http, string path, IReadOnlyList<ListColumn<T>> of, IEnumerable<string> usual, IQueryCollection? query = null)
    {
        var cookie = $"huike-columns-{path[1..]}";
        var said = (query ?? http.Request.Query)["columns"].SelectMany(value => (value ?? "").Split(',', '.')).ToList();
        if (said.Count > 0 && http.Request.Query["up"].ToString() is { Length: > 0 } up && said.IndexOf(up) is > 0 and var at) { (said[at - 1], said[at]) = (said[at], said[at - 1]); }
        if (said.Count > 0 && query is not null && query != http.Request.Query) { return Named(said); }
        if (said.Count > 0)
        {
            var options = new CookieOptions { Path = path, HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), IsEssential = true };
            http.Response.Cookies.Append(cookie, string.Join('.', Named(said).Select(column => column.Key)), options);
            return Named(said);
        }
        return Named(http.Request.Cookies[cookie] is { } kept ? kept.Split('.') : usual);

        List<ListColumn<T>> Named(IEnumerable<string> keys) => [.. keys.Distinct().Select(key => of.FirstOrDefault(column => column.Key == key)).OfType<ListColumn<T>>()];
    }

    /// <summary>Columns of the firm's own fields.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="values">A row's values.</param>
    public static IEnumerable<ListColumn<T>> Of<T>(IEnumerable<CustomField> fields, Func<T, CustomValues> values) => fields.Select(field =>
        new ListColumn<T>(field.Column, "", field.IsNumeric, (row, words) => words.Show(field, values(row)[field.Name]), (row, words, to) => Write(field, values(row)[field.Name], words, to)) { Own = field });

    private static void Write(CustomField field, string? value, ListWording words, TableWriter to)
    {
        if (field.IsNumeric && decimal.TryParse(value, CultureInfo.InvariantCulture, out var number))
        {
            if (field.Type == FieldType.Money) { to.Money(number); }
            else { to.Number(number); }
        }
        else if (field.Type == FieldType.Date && DateOnly.TryParseExact(value, "yyyy-MM-dd", out var day)) { to.Date(day); }
        else { to.Text(words.Show(field, value)); }
    }
}

/// <summary>How values of the list are put into words: language, currency and zone.</summary>
internal sealed record ListWording(Texts Texts, string Currency, TimeZoneInfo Zone)
{
    /// <summary>Of people and records in the firm's own fields.</summary>
    public IReadOnlyDictionary<(string Field, string Value), FieldReference> Names { get; init; } = new Dictionary<(string, string), FieldReference>();

    /// <summary>A value of a field of the firm's own.</summary>
    public string Show(CustomField field, string? value) => value is null ? "" : Names.TryGetValue((field.Name, value), out var name) ? name.Text : FieldValue.Show(field, value, Texts, Currency);

    public string Money(decimal amount) => Texts.Money(amount, Currency);

    public DateOnly? Local(DateTimeOffset? at) => at is { } instant ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime) : null;

    public string Day(DateTimeOffset? at) => Local(at) is { } day ? Texts.ShortDate(day) : "";

    public string Moment(DateTimeOffset at) => Texts.Moment(TimeZoneInfo.ConvertTime(at, Zone));
}
