using System.Globalization;
using System.Text;

namespace Huike.Platform.Imports;

/// <summary>How sure it is that a column holds a field.</summary>
public enum MatchStrength
{
    /// <summary>From the values alone, or from a title that may mean several things: to be looked at.</summary>
    Guess,

    /// <summary>The title ends with one of the field's names.</summary>
    Likely,

    /// <summary>The title is one of the field's names.</summary>
    Sure,

    /// <summary>A person said so.</summary>
    Given,
}

/// <summary>A field and the column that holds it.</summary>
/// <param name="Field">Name of the field.</param>
/// <param name="Column">Position from 0.</param>
/// <param name="Strength">How sure that is.</param>
public sealed record ColumnMatch(string Field, int Column, MatchStrength Strength);

/// <summary>Which column holds which field.</summary>
/// <remarks>A column holds one field at most, and a field has one column at most.</remarks>
public sealed class ColumnMap
{
    private readonly Dictionary<string, ColumnMatch> _matches = new(StringComparer.OrdinalIgnoreCase);

    private ColumnMap(TableFields fields, IReadOnlyList<string> header)
    {
        Fields = fields;
        Header = header;
    }

    /// <summary>What the table's columns can hold.</summary>
    public TableFields Fields { get; }

    /// <summary>Titles of the columns.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The matches in the order of the fields.</summary>
    public IReadOnlyList<ColumnMatch> Matches => [.. Fields.Fields.Select(known => _matches.GetValueOrDefault(known.Name)).OfType<ColumnMatch>()];

    /// <summary>Column of a field, from 0; -1 where no column holds it.</summary>
    /// <exception cref="ArgumentException">The table has no such field.</exception>
    public int this[string name] => Fields.Fields.Any(known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase))
        ? _matches.TryGetValue(name, out var match) ? match.Column : -1
        : throw new ArgumentException(name, nameof(name));

    /// <summary>What is missing before rows can be loaded: names of fields, alternatives parted by a bar; empty where nothing is.</summary>
    public IReadOnlyList<string> Missing => Fields == TableFields.Transactions
        ? [.. (string[])(this["date"] < 0 ? ["date"] : []), .. (string[])(this["amount"] < 0 && this["price"] < 0 ? ["amount|price"] : [])]
        : Fields == TableFields.People ? [.. (string[])(this["number"] < 0 && this["name"] < 0 ? ["number|name"] : []), .. (string[])(this["contact"] < 0 ? ["contact"] : [])]
        : this["number"] < 0 && this["name"] < 0 && this["lastName"] < 0 && this["company"] < 0 ? ["number|name"] : [];

    /// <summary>Matches titles with fields by their synonyms in both languages, and, where there is no header, values with the obvious fields of a ledger.</summary>
    /// <param name="fields">What the columns can hold.</param>
    /// <param name="header">Titles of the columns.</param>
    /// <param name="hasHeader">The titles come from the file; otherwise <paramref name="sample"/> decides.</param>
    /// <param name="sample">Some rows of data; may be empty.</param>
    public static ColumnMap Find(TableFields fields, IReadOnlyList<string> header, bool hasHeader, IReadOnlyList<string[]> sample)
    {
        var map = new ColumnMap(fields, header);
        if (hasHeader)
        {
            map.MatchTitles();
            map.Settle(sample);
        }
        else if (fields == TableFields.Transactions)
        {
            map.MatchValues(sample);
        }
        return map;
    }

    /// <summary>This mapping with a person's own words over it.</summary>
    /// <param name="spec"><c>field=column,…</c>; a column is a title, or a position from 1; nothing after the sign leaves the field without a column; titles with commas in double quotation marks.</param>
    /// <exception cref="ImportException">Not of that form, an unknown field or column, or a column given twice.</exception>
    public ColumnMap With(string spec)
    {
        var map = new ColumnMap(Fields, Header);
        var given = Parse(spec).Select(pair => (map.FieldNamed(pair.Field), Column: pair.Column.Length == 0 ? -1 : map.ColumnNamed(pair.Column))).ToList();
        foreach (var (field, column) in given)
        {
            if (column >= 0 && map._matches.Values.FirstOrDefault(match => match.Column == column) is { } other)
            {
                throw new ImportException("imports.map.twice", Header[column], other.Field, field);
            }
            map._matches[field] = new ColumnMatch(field, column, MatchStrength.Given);
        }
        foreach (var match in _matches.Values)
        {
            if (!map._matches.ContainsKey(match.Field) && map._matches.Values.All(taken => taken.Column != match.Column))
            {
                map._matches[match.Field] = match;
            }
        }
        foreach (var without in map._matches.Values.Where(match => match.Column < 0).ToList())
        {
            map._matches.Remove(without.Field);
        }
        return map;
    }

    /// <summary>The mapping as <see cref="With"/> reads it, to be saved and used again for files with the same header.</summary>
    public override string ToString() => string.Join(',', Matches.Select(match => $"{match.Field}={Quoted(Header[match.Column])}"));

    /// <summary>Parts a mapping into fields and columns without looking at a file.</summary>
    /// <exception cref="ImportException">A part without a field or without the sign between.</exception>
    public static IReadOnlyList<(string Field, string Column)> Parse(string spec)
    {
        var pairs = new List<(string, string)>();
        foreach (var part in Parts(spec))
        {
            var sign = part.AsSpan().IndexOfAny('=', '＝');
            if (sign <= 0)
            {
                throw new ImportException("imports.map.syntax", part);
            }
            pairs.Add((part[..sign].Trim(), part[(sign + 1)..].Trim()));
        }
        return pairs;
    }

    /// <exception cref="ImportException"><c>imports.map.missing</c>: fields without which nothing can be loaded have no column.</exception>
    internal void RequireAll()
    {
        if (Missing.Count > 0)
        {
            throw new ImportException("imports.map.missing", string.Join(", ", Missing), string.Join(", ", Header));
        }
    }

    private static IEnumerable<string> Parts(string spec)
    {
        var part = new StringBuilder();
        var quoted = false;
        foreach (var c in spec)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is ',' or '，')
            {
                yield return part.ToString();
                part.Clear();
            }
            else
            {
                part.Append(c);
            }
        }
        if (part.Length > 0)
        {
            yield return part.ToString();
        }
    }

    private static string Quoted(string title) => title.AsSpan().ContainsAny(",，") ? $"\"{title}\"" : title;

    private string FieldNamed(string name) =>
        Fields.Fields.FirstOrDefault(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase))?.Name
        ?? throw new ImportException("imports.map.unknownField", name, string.Join(", ", Fields.Fields.Select(field => field.Name)));

    private int ColumnNamed(string name)
    {
        Func<string, bool>[] same =
        [
            title => string.Equals(title, name, StringComparison.Ordinal),
            title => string.Equals(title, name, StringComparison.OrdinalIgnoreCase),
            title => TableFields.Normal(title).Length > 0 && string.Equals(TableFields.Normal(title), TableFields.Normal(name), StringComparison.Ordinal),
        ];
        foreach (var test in same)
        {
            for (var i = 0; i < Header.Count; i++)
            {
                if (test(Header[i]))
                {
                    return i;
                }
            }
        }
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position >= 1 && position <= Header.Count
            ? position - 1
            : throw new ImportException("imports.map.unknownColumn", name, string.Join(", ", Header));
    }

    private void MatchTitles()
    {
        var titles = Header.Select(TableFields.Normal).ToArray();
        var candidates =
            from column in Enumerable.Range(0, titles.Length)
            from field in Fields.Fields
            let match = Rank(titles[column], field)
            where match.Rank >= 0
            orderby match.Strength descending, match.Rank, column
            select (field.Name, column, match.Strength);
        foreach (var (field, column, strength) in candidates)
        {
            Put(field, column, strength);
        }
    }

    /// <summary>What single titles cannot tell.</summary>
    private void Settle(IReadOnlyList<string[]> sample)
    {
        if (Fields != TableFields.Transactions)
        {
            return;
        }
        if (this["amount"] < 0 && this["quantity"] < 0 && _matches.Remove("price", out var price))
        {
            // A price without a quantity is what was paid.
            Put("amount", price.Column, MatchStrength.Likely);
        }
        if (this["date"] < 0 && _matches.Remove("time", out var time))
        {
            Put("date", time.Column, time.Strength);
        }
        if (this["customer"] < 0 && _matches.Remove("customerName", out var name))
        {
            Put("customer", name.Column, name.Strength);
        }
        if (_matches.TryGetValue("customer", out var customer) && customer.Strength == MatchStrength.Guess && sample.Count >= 20
            && sample.Select(row => customer.Column < row.Length ? row[customer.Column] : "").Distinct(StringComparer.Ordinal).Count() == sample.Count)
        {
            // An id that is another in each row is the row's own.
            _matches.Remove("customer");
        }
    }

    private static (MatchStrength Strength, int Rank) Rank(string title, TableField field)
    {
        for (var i = 0; i < field.Synonyms.Count; i++)
        {
            if (string.Equals(field.Synonyms[i], title, StringComparison.Ordinal))
            {
                return (MatchStrength.Sure, i);
            }
        }
        if (field.Hints.Contains(title, StringComparer.Ordinal))
        {
            return (MatchStrength.Guess, 0);
        }
        if (TableFields.IsUnlike(title))
        {
            return (MatchStrength.Guess, -1);
        }
        var longest = field.Synonyms.Where(synonym => TableFields.IsEnding(synonym) && title.EndsWith(synonym, StringComparison.Ordinal))
            .DefaultIfEmpty("").Max(synonym => synonym.Length);
        // The longer the part that agrees, the better.
        return (MatchStrength.Likely, longest == 0 ? -1 : 100 - longest);
    }

    private void MatchValues(IReadOnlyList<string[]> sample)
    {
        var columns = Enumerable.Range(0, Header.Count).ToList();
        string Value(string[] row, int column) => column < row.Length ? row[column] : "";
        bool All(int column, Func<string, bool> test) => sample.Count > 0 && sample.Count(row => test(Value(row, column))) >= sample.Count * 0.95;
        bool Numeric(string text) => Cell.TryNumber(text, DecimalMark.Point, out _);

        var date = columns.FindIndex(column => All(column, text => text.Length > 5 && Cell.TryDateTime(text, DateOrder.Unknown, out _)));
        if (date < 0)
        {
            return;
        }
        Put("date", date, MatchStrength.Guess);
        var amount = columns.FindLastIndex(column => column != date && All(column, Numeric) && sample.Any(row => Value(row, column).Contains('.')));
        Put("amount", amount, MatchStrength.Guess);
        var customer = columns.FindIndex(column => column != date && column != amount && All(column, text => !Cell.IsMissing(text) && text.Length <= 40));
        Put("customer", customer, MatchStrength.Guess);
        Put("quantity", columns.FindLastIndex(column => column > customer && column != date && column != amount && column == amount - 1
            && All(column, text => Numeric(text) && text.Length <= 5)), MatchStrength.Guess);
    }

    private void Put(string field, int column, MatchStrength strength)
    {
        if (column >= 0 && !_matches.ContainsKey(field) && _matches.Values.All(match => match.Column != column))
        {
            _matches[field] = new ColumnMatch(field, column, strength);
        }
    }
}
