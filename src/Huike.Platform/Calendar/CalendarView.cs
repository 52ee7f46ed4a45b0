using System.Globalization;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Calendar;

/// <summary>What the pages of calendars show, for one request.</summary>
internal sealed class CalendarView(Calendars calendars, Texts texts, TimeProvider clock)
{
    private const decimal MostHours = 100_000;

    /// <summary>All calendars.</summary>
    public CalendarPicture Picture { get; private set; } = default!;

    /// <summary>The one that is shown.</summary>
    public CalendarInForce Shown { get; private set; } = default!;

    /// <summary>The year that is shown.</summary>
    public int Year { get; private set; }

    /// <summary>The present instant.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>Of this year and the next those whose days are computed only.</summary>
    public IReadOnlyList<int> Unknown { get; private set; } = [];

    /// <summary>What the form about the calendar shows.</summary>
    public CalendarInput Input { get; private set; } = default!;

    /// <summary>What was asked in "try it", as it was typed.</summary>
    public (string From, string Amount, string Unit) Asked { get; private set; }

    /// <summary>What came of it; null: nothing was asked.</summary>
    public Trial? Trial { get; private set; }

    /// <summary>What is wrong with it; null: nothing.</summary>
    public string? TrialFault { get; private set; }

    /// <summary>What a list did; null: none was sent.</summary>
    public HolidayOutcome? Outcome { get; set; }

    /// <summary>Reads what all pages show.</summary>
    public async Task Read(CancellationToken ct)
    {
        (Picture, Now) = (await calendars.Read(ct), clock.GetUtcNow());
        var (year, lists) = (TimeZoneInfo.ConvertTime(Now, Picture.Firm).Year, Picture.Lists());
        Unknown = [.. new[] { year, year + 1 }.Where(one => !lists.Knows(one))];
    }

    /// <summary>Reads what one calendar's page shows.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="query"><c>year</c>; <c>from</c>, <c>amount</c> and <c>unit</c> to try it.</param>
    /// <param name="input">What was filled in and refused; null: what is kept.</param>
    /// <param name="ct">Ends the read.</param>
    /// <exception cref="RuleException"><c>calendar.unknown</c>.</exception>
    public async Task Read(long id, IQueryCollection query, CalendarInput? input, CancellationToken ct)
    {
        await Read(ct);
        var calendar = Picture.Calendars.FirstOrDefault(calendar => calendar.Id == id) ?? throw new RuleException("calendar.unknown", id);
        (Shown, Input) = (Picture.Of(id), input ?? CalendarInput.Of(calendar));
        var here = TimeZoneInfo.ConvertTime(Now, Shown.Time.Zone);
        Year = CalendarForm.Number(query["year"]) is >= WorkingTime.FirstYear and <= WorkingTime.LastYear and var year ? (int)year : here.Year;
        Asked = (here.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture), "2", "hours");
        if (query.ContainsKey("amount")) { Try(query["from"].ToString(), query["amount"].ToString(), query["unit"] == "minutes" ? "minutes" : "hours"); }
    }

    private void Try(string from, string amount, string unit)
    {
        Asked = (from[..Math.Min(from.Length, 40)], amount[..Math.Min(amount.Length, 40)], unit);
        if (CalendarForm.Moment(from) is not { } at || !decimal.TryParse(amount, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) || Math.Abs(count) > MostHours)
        {
            TrialFault = texts["calendar.try.wrong"];
            return;
        }
        try
        {
            Trial = Trial.Of(Shown.Time, WorkingTime.At(at, Shown.Time.Zone), TimeSpan.FromMinutes((double)(unit == "hours" ? count * 60 : count)));
        }
        catch (RuleException refused)
        {
            TrialFault = texts[refused.Code, [.. refused.Args]];
        }
    }
}
