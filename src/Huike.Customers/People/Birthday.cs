using System.Globalization;
using Huike.Platform;
using Huike.Ui;

namespace Huike.Customers.People;

/// <summary>The calendar by which somebody's birthday is kept.</summary>
internal enum BirthCalendar
{
    /// <summary>公历.</summary>
    Solar = 0,

    /// <summary>农历.</summary>
    Lunar = 1,
}

/// <summary>A birthday as it is kept.</summary>
/// <param name="Calendar">By which calendar.</param>
/// <param name="Year">Of that calendar; null: not known.</param>
/// <param name="Month">1–12.</param>
/// <param name="Day">Of the month.</param>
/// <param name="Leap">闰月: the second one of that number; of the lunar calendar only.</param>
internal sealed record Birthday(BirthCalendar Calendar, int? Year, int Month, int Day, bool Leap)
{
    // With 29 February.
    private const int AnyYear = 2000;
    private const int First = 1901;
    private const int Last = 2100;

    private static readonly ChineseLunisolarCalendar Lunar = new();

    /// <summary>What a form or a program says; null where no month and day are given.</summary>
    /// <exception cref="RuleException"><c>customers.birthday.wrong</c>: there is no such day.</exception>
    public static Birthday? Read(BirthCalendar calendar, int? year, int? month, int? day, bool leap)
    {
        if (year is null && month is null && day is null) { return null; }
        if (month is not (>= 1 and <= 12) || day is not (>= 1 and <= 31) || year is < First or > Last) { throw Wrong(); }
        var birthday = new Birthday(calendar, year, month.Value, day.Value, leap && calendar == BirthCalendar.Lunar);
        var most = calendar == BirthCalendar.Solar ? DateTime.DaysInMonth(year ?? AnyYear, month.Value)
            : year is not { } known ? 30
            : birthday.Leap && !HasLeap(known, month.Value) ? 0 : Lunar.GetDaysInMonth(known, birthday.MonthIn(known));
        return day <= most ? birthday : throw Wrong();
    }

    /// <summary>
    /// The day on which it is next kept, from a day on. 29 February is kept on the 28th, the lunar 30th on the 29th, where a year has no such day;
    /// a birthday of a leap month in the month of that number, where a year has no such leap month. Null: beyond what the lunar calendar is known for.
    /// </summary>
    public DateOnly? Next(DateOnly from)
    {
        if (Calendar == BirthCalendar.Solar)
        {
            var here = Solar(from.Year);
            return here >= from ? here : from.Year < DateOnly.MaxValue.Year ? Solar(from.Year + 1) : null;
        }
        var today = from.ToDateTime(TimeOnly.MinValue);
        if (today < Lunar.MinSupportedDateTime || today > Lunar.MaxSupportedDateTime) { return null; }
        for (var year = Lunar.GetYear(today); year <= Last; year++)
        {
            var month = MonthIn(year);
            var day = DateOnly.FromDateTime(Lunar.ToDateTime(year, month, Math.Min(Day, Lunar.GetDaysInMonth(year, month)), 0, 0, 0, 0));
            if (day >= from) { return day; }
        }
        return null;
    }

    /// <summary>The lunar month in which a day lies, leap months by the number of the one before; null beyond what the calendar is known for.</summary>
    public static int? LunarMonth(DateOnly day)
    {
        var at = day.ToDateTime(TimeOnly.MinValue);
        if (at < Lunar.MinSupportedDateTime || at > Lunar.MaxSupportedDateTime) { return null; }
        var (month, leap) = (Lunar.GetMonth(at), Lunar.GetLeapMonth(Lunar.GetYear(at)));
        return leap > 0 && month >= leap ? month - 1 : month;
    }

    /// <summary>As history keeps it: solar 1990-05-12, lunar 1990-L04-12, without a year --05-12.</summary>
    public string Written => string.Create(CultureInfo.InvariantCulture, $"{(Calendar == BirthCalendar.Lunar ? "lunar" : "solar")} {(Year is { } year ? year.ToString("0000", CultureInfo.InvariantCulture) : "-")}-{(Leap ? "L" : "")}{Month:00}-{Day:00}");

    /// <summary>In words.</summary>
    public string Told(Texts texts) => (Calendar, Year) switch
    {
        (BirthCalendar.Lunar, null) => texts[Leap ? "customers.birthday.lunarLeap" : "customers.birthday.lunar", Month, Day],
        (BirthCalendar.Lunar, { } year) => texts[Leap ? "customers.birthday.lunarLeapOf" : "customers.birthday.lunarOf", Month, Day, Text(year)],
        (_, null) => texts["customers.birthday.solar", Month, Day],
        (_, { } year) => texts["customers.birthday.solarOf", Month, Day, Text(year)],
    };

    private DateOnly Solar(int year) => new(year, Month, Math.Min(Day, DateTime.DaysInMonth(year, Month)));

    /// <summary>The calendar counts a leap month on, as one of thirteen.</summary>
    private int MonthIn(int year) => Lunar.GetLeapMonth(year) is > 0 and var leap ? Month >= leap || (Leap && leap == Month + 1) ? Month + 1 : Month : Month;

    private static bool HasLeap(int year, int month) => Lunar.GetLeapMonth(year) == month + 1;

    private static string Text(int year) => year.ToString(CultureInfo.InvariantCulture);

    private static RuleException Wrong() => new("customers.birthday.wrong", First, Last);
}
