using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Huike.Ui;

/// <summary>Every text of the product in one language, with that language's way of writing numbers, money and days.
/// Immutable and shared by all requests of the language; get it by injection (the request's language) or from
/// <see cref="TextCatalog.For"/>.</summary>
public sealed partial class Texts
{
    private static readonly string[] Grouped = ["N0", "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", "N10"];

    private readonly IReadOnlyDictionary<string, string> _texts;
    private readonly ConcurrentDictionary<string, int> _missing = new(StringComparer.Ordinal);

    internal Texts(string language, IReadOnlyDictionary<string, string> texts)
    {
        Language = language;
        Culture = CultureInfo.GetCultureInfo(language);
        IsChinese = language is not "en";
        _texts = texts;
    }

    /// <summary><c>en</c> or <c>zh-CN</c>: the value of <c>html lang</c>.</summary>
    public string Language { get; }

    /// <summary>The culture by which placeholders are written.</summary>
    public CultureInfo Culture { get; }

    /// <summary>All texts by key.</summary>
    internal IReadOnlyDictionary<string, string> All => _texts;

    /// <summary>Keys that were asked for and do not exist, with how often.</summary>
    internal IReadOnlyDictionary<string, int> Missing => _missing;

    private bool IsChinese { get; }

    /// <summary>The text of a key. An unknown key is returned as it is and counted: a page with a hole is better than no page.</summary>
    /// <param name="key">For example <c>shell.search.label</c>.</param>
    public string this[string key]
    {
        get
        {
            if (_texts.TryGetValue(key, out var text))
            {
                return text;
            }
            _missing.AddOrUpdate(key, 1, static (_, count) => count + 1);
            return key;
        }
    }

    /// <summary>The text of a key with its placeholders <c>{0}</c>, <c>{1}</c> … filled in by <see cref="Culture"/>:
    /// integers are grouped, days are written as <see cref="Date(DateOnly)"/> does, strings stand as they are. <c>{0|day|days}</c> stands for
    /// its first word where value 0 is one, else for its second.</summary>
    /// <param name="key">Key of a text with placeholders.</param>
    /// <param name="args">One value per placeholder.</param>
    public string this[string key, params object?[] args]
    {
        get
        {
            var written = new object?[args.Length];
            for (var i = 0; i < args.Length; i++)
            {
                written[i] = Write(args[i]);
            }
            var text = this[key];
            if (text.Contains('|', StringComparison.Ordinal)) { text = Counted().Replace(text, word => written[word.Groups["of"].Value[0] - '0'] is "1" ? word.Groups["one"].Value : word.Groups["more"].Value); }
            return string.Format(Culture, text, written);
        }
    }

    /// <summary>Whether the key exists: for keys that are put together from a stored code.</summary>
    /// <param name="key">The whole key.</param>
    public bool Has(string key) => _texts.ContainsKey(key);

    /// <summary>A count with group separators: 12,345.</summary>
    /// <param name="value">Any count.</param>
    public string Number(long value) => value.ToString("N0", Culture);

    /// <summary>A number with group separators and exactly <paramref name="decimals"/> digits after the point, rounded half away from zero.</summary>
    /// <param name="value">NaN and infinities are written as a dash.</param>
    /// <param name="decimals">0 to 10.</param>
    public string Number(double value, int decimals = 0) =>
        double.IsFinite(value) ? Unsigned(value.ToString(Grouped[decimals], Culture)) : "–";

    /// <inheritdoc cref="Number(double, int)"/>
    public string Number(decimal value, int decimals = 0) =>
        Unsigned(value.ToString(Grouped[decimals], Culture));

    /// <summary>A number in few characters: 12.3K, 4.5M, 6B in English; 1.2万, 3.4亿 in Chinese. Below the first unit, as it is with up to one decimal.</summary>
    /// <param name="value">NaN and infinities are written as a dash.</param>
    public string Compact(double value)
    {
        if (!double.IsFinite(value))
        {
            return "–";
        }
        ReadOnlySpan<(double Unit, string Key)> units = IsChinese
            ? [(1e12, "kit.unit.large"), (1e8, "kit.unit.middle"), (1e4, "kit.unit.small")]
            : [(1e9, "kit.unit.large"), (1e6, "kit.unit.middle"), (1e3, "kit.unit.small")];
        var size = Math.Abs(value);
        foreach (var (unit, key) in units)
        {
            // 999,999 must become 1M and not 1,000K: the unit is chosen by what it is rounded to.
            if (size >= unit * 0.9995)
            {
                var shown = value / unit;
                return shown.ToString(Math.Abs(shown) >= 99.95 ? "#,0" : "0.#", Culture) + this[key];
            }
        }
        return Unsigned(value.ToString(size >= 99.95 ? "#,0" : "0.#", Culture));
    }

    /// <summary>A share: 0.738 becomes 73.8%.</summary>
    /// <param name="share">A rate in [0, 1] or a change; NaN and infinities are written as a dash.</param>
    /// <param name="decimals">Digits after the point.</param>
    public string Percent(double share, int decimals = 1) =>
        double.IsFinite(share) ? Unsigned((share * 100).ToString(Grouped[decimals], Culture)) + "%" : "–";

    /// <inheritdoc cref="Percent(double, int)"/>
    public string Percent(decimal share, int decimals = 1) => Percent((double)share, decimals);

    /// <summary>An amount with the sign of its currency: ¥1,234.50; a minus stands before the sign.</summary>
    /// <param name="amount">In whole units of the currency.</param>
    /// <param name="currency">ISO 4217 code; one without a known sign is written after the amount.</param>
    /// <param name="decimals">Digits after the point; null: what the currency has (2, or 0 for yen and won).</param>
    public string Money(decimal amount, string currency, int? decimals = null)
    {
        var digits = decimals ?? (currency is "JPY" or "KRW" or "VND" ? 0 : 2);
        var rounded = Math.Round(amount, digits, MidpointRounding.AwayFromZero);
        return Signed(rounded < 0, Math.Abs(rounded).ToString(Grouped[digits], Culture), currency);
    }

    /// <summary>An amount in few characters, for figures and axes: ¥21.4M, ¥2,140万.</summary>
    /// <param name="amount">In whole units of the currency.</param>
    /// <param name="currency">ISO 4217 code.</param>
    public string MoneyShort(decimal amount, string currency) =>
        Signed(amount < 0, Compact((double)Math.Abs(amount)), currency);

    /// <summary>A day: 22 Nov 2026; 2026年11月22日.</summary>
    /// <param name="day">The firm's local day.</param>
    public string Date(DateOnly day) => day.ToString(this["kit.format.date"], Culture);

    /// <summary>A day in ten characters for columns: 2026-11-22 in both languages.</summary>
    /// <param name="day">The firm's local day.</param>
    public string ShortDate(DateOnly day) => day.ToString("yyyy-MM-dd", Culture);

    /// <summary>A month: Nov 2026; 2026年11月.</summary>
    /// <param name="day">Any day of the month.</param>
    public string Month(DateOnly day) => day.ToString(this["kit.format.month"], Culture);

    /// <summary>Day and minute: 2026-11-22 14:05, at the offset that the value carries (convert to the firm's zone first).</summary>
    /// <param name="at">The instant.</param>
    public string Moment(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm", Culture);

    /// <summary>How long ago, or in how long: just now, 5 minutes ago, in 3 days; a day written out when it is over 30 days away.</summary>
    /// <param name="at">The instant to tell.</param>
    /// <param name="now">The present instant, from the clock.</param>
    public string When(DateTimeOffset at, DateTimeOffset now)
    {
        var span = now - at;
        var past = span >= TimeSpan.Zero;
        var size = span.Duration();
        return size switch
        {
            { TotalMinutes: < 1 } => this["kit.when.now"],
            { TotalHours: < 1 } => this[past ? "kit.when.minutesAgo" : "kit.when.inMinutes", (int)size.TotalMinutes],
            { TotalDays: < 1 } => this[past ? "kit.when.hoursAgo" : "kit.when.inHours", (int)size.TotalHours],
            { TotalDays: < 2 } => this[past ? "kit.when.yesterday" : "kit.when.tomorrow"],
            { TotalDays: <= 30 } => this[past ? "kit.when.daysAgo" : "kit.when.inDays", (int)size.TotalDays],
            _ => ShortDate(DateOnly.FromDateTime(at.DateTime)),
        };
    }

    private object? Write(object? value) => value switch
    {
        int number => Number(number),
        long number => Number(number),
        DateOnly day => Date(day),
        DateTimeOffset at => Moment(at),
        _ => value,
    };

    private static string Signed(bool negative, string figure, string currency)
    {
        var sign = currency switch
        {
            "CNY" => "¥",
            "JPY" => "JP¥",
            "USD" => "$",
            "EUR" => "€",
            "GBP" => "£",
            "HKD" => "HK$",
            "TWD" => "NT$",
            "KRW" => "₩",
            "INR" => "₹",
            _ => "",
        };
        var amount = (negative ? "-" : "") + sign + figure;
        return sign.Length > 0 || currency.Length == 0 ? amount : amount + "\u00A0" + currency;
    }

    // Rounding may leave "-0" or "-0.0", which is no number to show.
    private static string Unsigned(string figure) =>
        figure.StartsWith('-') && figure.AsSpan().IndexOfAnyInRange('1', '9') < 0 ? figure[1..] : figure;

    [GeneratedRegex(@"\{(?<of>\d)\|(?<one>[^|{}]*)\|(?<more>[^|{}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Counted();
}
