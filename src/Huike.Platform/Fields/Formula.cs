using System.Globalization;

namespace Huike.Platform.Fields;

/// <summary>
/// A computed field: <c>price * quantity</c>, <c>if(region = 'east', 0.1, 0.05) * budget</c>, <c>days(signed, due)</c>. Numbers, texts in single quotes, names
/// of fields; <c>+ - * /</c>, comparisons, <c>and or not</c>; <c>if min max round abs days first</c>. An empty value makes the whole empty, but for
/// <c>first</c>, which takes the first that isn't, and comparisons with <c>''</c>; so does a division by zero, or a number too large.
/// </summary>
public sealed class Formula
{
    /// <summary>Longest formula.</summary>
    public const int Longest = 500;

    private static readonly Dictionary<string, (int Least, int Most)> Functions = new(StringComparer.Ordinal)
    { ["if"] = (3, 3), ["min"] = (1, 9), ["max"] = (1, 9), ["round"] = (1, 2), ["abs"] = (1, 1), ["days"] = (2, 2), ["first"] = (1, 9) };

    private readonly string text;
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly Func<Func<string, object?>, object?> run;
    private int at;

    private Formula(string text)
    {
        this.text = text;
        run = Either();
        Blank();
        if (at < text.Length) { throw Wrong(); }
    }

    /// <summary>Fields that it reads.</summary>
    public IReadOnlyCollection<string> Names => names;

    /// <summary>Reads a formula.</summary>
    /// <exception cref="RuleException"><c>fields.formula.wrong</c>: with the place from 1 and what stands there; <c>fields.formula.long</c>.</exception>
    public static Formula Parse(string text) => text.Length > Longest ? throw new RuleException("fields.formula.long", Longest) : new(text);

    /// <summary>The number that comes out.</summary>
    /// <param name="value">A field's value: a decimal, a text, or null where it is empty.</param>
    /// <returns>Null where there is none.</returns>
    public decimal? Run(Func<string, object?> value)
    {
        try
        {
            return run(value) is decimal number ? decimal.Round(number, 4) : null;
        }
        catch (Exception none) when (none is DivideByZeroException or OverflowException)
        {
            return null;
        }
    }

    private Func<Func<string, object?>, object?> Either() => Chain(Both, ("or", (left, right) => Truth(IsTrue(left) || IsTrue(right))));

    private Func<Func<string, object?>, object?> Both() => Chain(Compared, ("and", (left, right) => Truth(IsTrue(left) && IsTrue(right))));

    private Func<Func<string, object?>, object?> Compared() => Chain(Sum,
        ("<>", (left, right) => Compare(left, right) is { } order ? Truth(order != 0) : null), ("<=", (left, right) => Compare(left, right) is { } order ? Truth(order <= 0) : null),
        (">=", (left, right) => Compare(left, right) is { } order ? Truth(order >= 0) : null), ("=", (left, right) => Compare(left, right) is { } order ? Truth(order == 0) : null),
        ("<", (left, right) => Compare(left, right) is { } order ? Truth(order < 0) : null), (">", (left, right) => Compare(left, right) is { } order ? Truth(order > 0) : null));

    private Func<Func<string, object?>, object?> Sum() => Chain(Product, ("+", (left, right) => left is decimal a && right is decimal b ? a + b : null), ("-", (left, right) => left is decimal a && right is decimal b ? a - b : null));

    private Func<Func<string, object?>, object?> Product() => Chain(Signed, ("*", (left, right) => left is decimal a && right is decimal b ? a * b : null), ("/", (left, right) => left is decimal a && right is decimal b ? a / b : null));

    private Func<Func<string, object?>, object?> Chain(Func<Func<Func<string, object?>, object?>> next, params (string Sign, Func<object?, object?, object?> Run)[] operators)
    {
        var left = next();
        for (; ; )
        {
            var found = Array.FindIndex(operators, one => Take(one.Sign));
            if (found < 0) { return left; }
            var (before, work, right) = (left, operators[found].Run, next());
            left = value => work(before(value), right(value));
        }
    }

    private Func<Func<string, object?>, object?> Signed()
    {
        if (Take("-"))
        {
            var one = Signed();
            return value => one(value) is decimal number ? -number : null;
        }
        if (Take("not"))
        {
            var one = Signed();
            return value => Truth(!IsTrue(one(value)));
        }
        return Single();
    }

    private Func<Func<string, object?>, object?> Single()
    {
        Blank();
        if (Take("("))
        {
            var inner = Either();
            return Take(")") ? inner : throw Wrong();
        }
        var from = at;
        if (at < text.Length && text[at] == '\'')
        {
            var end = text.IndexOf('\'', at + 1);
            if (end < 0) { throw Wrong(); }
            at = end + 1;
            var quoted = text[(from + 1)..end];
            return _ => quoted;
        }
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '.')) { at++; }
        var word = text[from..at];
        if (word.Length == 0) { throw Wrong(); }
        if (char.IsAsciiDigit(word[0]) || word[0] == '.')
        {
            if (!decimal.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) { throw Wrong(from); }
            return _ => number;
        }
        if (Take("(")) { return Call(word, from); }
        names.Add(word);
        return value => value(word);
    }

    private Func<Func<string, object?>, object?> Call(string function, int from)
    {
        if (!Functions.TryGetValue(function, out var takes)) { throw Wrong(from); }
        var given = new List<Func<Func<string, object?>, object?>>();
        do { given.Add(Either()); } while (Take(","));
        if (!Take(")") || given.Count < takes.Least || given.Count > takes.Most) { throw Wrong(); }
        // Only the branch that holds is looked at: the other one may divide by zero.
        if (function == "if") { return value => IsTrue(given[0](value)) ? given[1](value) : given[2](value); }
        return value => Apply(function, [.. given.Select(one => one(value))]);
    }

    private static object? Apply(string function, object?[] of)
    {
        if (function == "first") { return Array.Find(of, one => one is not null); }
        if (function == "days") { return of is [string from, string to] && Day(from) is { } begin && Day(to) is { } end ? (decimal)(end.DayNumber - begin.DayNumber) : null; }
        if (!Array.TrueForAll(of, one => one is decimal)) { return null; }
        var numbers = of.Cast<decimal>().ToArray();
        return function switch
        {
            "min" => numbers.Min(),
            "max" => numbers.Max(),
            "abs" => Math.Abs(numbers[0]),
            _ => decimal.Round(numbers[0], numbers.Length > 1 ? (int)Math.Clamp(numbers[1], 0, 4) : 0, MidpointRounding.AwayFromZero),
        };
    }

    private static DateOnly? Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static int? Compare(object? left, object? right) => (left, right) switch
    {
        (decimal a, decimal b) => a.CompareTo(b),
        (string a, string b) => string.CompareOrdinal(a, b),
        (null, string { Length: 0 }) or (string { Length: 0 }, null) => 0,
        (_, string { Length: 0 }) => 1,
        (string { Length: 0 }, _) => -1,
        _ => null,
    };

    private static decimal Truth(bool holds) => holds ? 1m : 0m;

    private static bool IsTrue(object? value) => value is decimal number ? number != 0 : value is string { Length: > 0 };

    /// <summary>Goes over a sign or word where it stands next.</summary>
    private bool Take(string sign)
    {
        Blank();
        if (string.CompareOrdinal(text, at, sign, 0, sign.Length) != 0) { return false; }
        var end = at + sign.Length;
        if (char.IsAsciiLetter(sign[0]) && end < text.Length && char.IsAsciiLetterOrDigit(text[end])) { return false; }
        at = end;
        return true;
    }

    private void Blank()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) { at++; }
    }

    private RuleException Wrong(int? place = null)
    {
        var from = place ?? at;
        return new("fields.formula.wrong", from + 1, from < text.Length ? text[from..Math.Min(text.Length, from + 12)] : "…");
    }
}
