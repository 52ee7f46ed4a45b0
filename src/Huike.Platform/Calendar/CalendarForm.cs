using System.Globalization;

namespace Huike.Platform.Calendar;

/// <summary>Reads what forms and addresses of calendars hold.</summary>
internal static class CalendarForm
{
    /// <summary>A number that isn't one is 0.</summary>
    public static long Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue ? number : 0;

    /// <summary>A day within the years that are counted; null: none.</summary>
    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= WorkingTime.FirstYear and <= WorkingTime.LastYear ? day : null;

    /// <summary>Day and minute as a browser's field sends them; null: none.</summary>
    public static DateTime? Moment(string? text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) && at.Year is >= WorkingTime.FirstYear and <= WorkingTime.LastYear ? at : null;
}
