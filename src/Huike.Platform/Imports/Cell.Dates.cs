using System.Buffers;
using System.Globalization;

namespace Huike.Platform.Imports;

/// <summary>Which of day and month comes first in a column of dates like 3/4/2026.</summary>
public enum DateOrder
{
    /// <summary>Nothing decides it; read as month first, but day first between points (3.4.2026).</summary>
    Unknown,

    /// <summary>3/4/2026 is 4 March.</summary>
    MonthFirst,

    /// <summary>3/4/2026 is 3 April.</summary>
    DayFirst,
}

/// <summary>A date of a cell, perhaps with a time and a zone.</summary>
/// <param name="Local">Date and time as written.</param>
/// <param name="HasTime">A time was written.</param>
/// <param name="Offset">Difference to universal time where a zone was written; null means the firm's own.</param>
public readonly record struct CellTime(DateTime Local, bool HasTime, TimeSpan? Offset);

public static partial class Cell
{
    private static readonly SearchValues<char> DigitsAndPoint = SearchValues.Create("0123456789.");

    private const int FirstSerial = 20_000;
    private const int LastSerial = 80_000;

    /// <summary>Reads a date with or without a time: 2026-01-03[T14:05:06.789[+08:00]], 20260103[140506], 2026/1/3 14:05, 2026.1.3, 2026年1月3日 14时05分, 1/3/2026 2:05 PM,
    /// 3-Jan-2026, Jan 3, 2026, and a spreadsheet's serial days from 20000 to 80000 (1954 to 2119).</summary>
    /// <param name="text">The cell.</param>
    /// <param name="order">Order of the column, see <see cref="DateOrderVotes"/>; a day over 12 overrides it.</param>
    /// <param name="time">What was read.</param>
    public static bool TryDateTime(scoped ReadOnlySpan<char> text, DateOrder order, out CellTime time)
    {
        time = default;
        text = text.Trim();
        if (text.Length is < 5 or > 64)
        {
            return false;
        }
        scoped Span<char> scratch = stackalloc char[64];
        if (text.ContainsAnyInRange('\u0080', '\uFFFF'))
        {
            ReadOnlySpan<char> half = scratch[..HalfWidth(text, scratch)];
            text = half.Trim();
        }
        if (!text.ContainsAnyExcept(DigitsAndPoint))
        {
            if (TryDigits(text, out time))
            {
                return true;
            }
        }
        var scan = new DateScan(text);
        return scan.TryDate(order, out var date) && scan.TryRest(date, out time);
    }

    /// <summary>Reads a time of day on its own: 8:05, 08:05:06, 8时5分, 2:05 PM, a spreadsheet's share of a day.</summary>
    public static bool TryTime(ReadOnlySpan<char> text, out TimeSpan time)
    {
        time = default;
        text = text.Trim();
        if (text.Length is 0 or > 32)
        {
            return false;
        }
        if (text.StartsWith("0.") && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share))
        {
            time = TimeSpan.FromSeconds(Math.Min(86_399, Math.Round(share * 86_400)));
            return true;
        }
        var scan = new DateScan(text);
        if (!scan.TryRest(DateTime.UnixEpoch, out var found) || !found.HasTime)
        {
            return false;
        }
        time = found.Local.TimeOfDay;
        return true;
    }

    /// <summary>Day and month of a date that is written with the year last; false for every other text.</summary>
    internal static bool TryDayAndMonth(ReadOnlySpan<char> text, out int first, out int second)
    {
        var scan = new DateScan(text.Trim());
        return scan.TryYearLast(out first, out second);
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out CellTime time)
    {
        time = default;
        if (text.Contains('.'))
        {
            return text.Count('.') == 1 && text[0] != '.'
                && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var serial)
                && TrySerial(serial, out time);
        }
        var value = text.Length <= 14 ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        return text.Length switch
        {
            5 => TrySerial(value, out time),
            8 => TryPacked(value * 1_000_000, hasTime: false, out time),
            12 => TryPacked(value * 100, hasTime: true, out time),
            14 => TryPacked(value, hasTime: true, out time),
            _ => false,
        };
    }

    private static bool TrySerial(double serial, out CellTime time)
    {
        time = default;
        if (serial is < FirstSerial or > LastSerial)
        {
            return false;
        }
        var at = DateTime.FromOADate(serial);
        var whole = new DateTime((at.Ticks + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);
        time = new CellTime(whole, serial != Math.Floor(serial), null);
        return true;
    }

    private static bool TryPacked(long digits, bool hasTime, out CellTime time)
    {
        time = default;
        var (day, clock) = Math.DivRem(digits, 1_000_000);
        if (!DateScan.TryDay((int)(day / 10_000), (int)(day / 100 % 100), (int)(day % 100), out var date)
            || clock / 10_000 > 23 || clock / 100 % 100 > 59 || clock % 100 > 59 || date.Year is < 1900 or > 2200)
        {
            return false;
        }
        time = new CellTime(date.Add(new TimeSpan((int)(clock / 10_000), (int)(clock / 100 % 100), (int)(clock % 100))), hasTime, null);
        return true;
    }
}

/// <summary>Finds the order of day and month of a column; feed it with as many cells as can be had, for the first of a month say nothing.</summary>
public sealed class DateOrderVotes
{
    private long _dayFirst;
    private long _monthFirst;

    /// <summary>The order that most deciding cells have; <see cref="DateOrder.Unknown"/> where none decides.</summary>
    public DateOrder Order => _dayFirst > _monthFirst ? DateOrder.DayFirst : _monthFirst > 0 ? DateOrder.MonthFirst : DateOrder.Unknown;

    /// <summary>Some cells say day first and some month first: the column is mixed, and its doubtful dates cannot be trusted.</summary>
    public bool IsMixed => _dayFirst > 0 && _monthFirst > 0;

    /// <summary>Looks at one cell; only one whose first or second number is over 12 counts.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        if (Cell.TryDayAndMonth(text, out var first, out var second))
        {
            _dayFirst += first > 12 && second <= 12 ? 1 : 0;
            _monthFirst += second > 12 && first <= 12 ? 1 : 0;
        }
    }
}
