using System.Globalization;

namespace Huike.Platform.Calendar;

/// <summary>班次: a stretch of work, in minutes since the midnight at which its day begins.</summary>
/// <param name="From">0 to 1,439.</param>
/// <param name="Until">After <paramref name="From"/>, at most 24 hours later; over 1,440 it ends on the next day.</param>
public readonly record struct Shift(int From, int Until)
{
    /// <summary>Minutes of a day.</summary>
    public const int Day = 24 * 60;

    /// <summary>As one types it: <c>22:00-06:00</c>.</summary>
    public override string ToString() => $"{Clock(From)}-{Clock(Until > Day ? Until - Day : Until)}";

    /// <summary>Reads <c>09:00-12:00</c>; where the end is before the beginning it is on the next day.</summary>
    /// <returns>Null where it isn't one: an hour that no clock shows, an end like the beginning.</returns>
    internal static Shift? Read(string text)
    {
        if (text.Length != 11 || text[5] != '-' || Minutes(text[..5]) is not { } from || Minutes(text[6..]) is not { } until || from == until || from == Day) { return null; }
        return new(from, until < from ? until + Day : until);
    }

    private static int? Minutes(string time) =>
        time[2] == ':' && int.TryParse(time[..2], NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && int.TryParse(time[3..], NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
        && minute < 60 && hour * 60 + minute <= Day ? hour * 60 + minute : null;

    private static string Clock(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");
}
