using System.Text.Json.Serialization;
using Huike.Platform.Calendar;
using Huike.Platform.Settings;

namespace Huike.Customers.SubjectRequests;

/// <summary>What days are counted.</summary>
internal enum ClockUnit
{
    /// <summary>日.</summary>
    Days,

    /// <summary>工作日: of the firm's usual calendar, without holidays and with make-up days.</summary>
    WorkingDays,
}

/// <summary>The clock of requests, and how long accounts are kept.</summary>
internal sealed record RequestRules
{
    public const int MostDays = 90;
    public const int MostYears = 50;

    /// <summary>So long after it was received a request is due; 1 to 90, default 15.</summary>
    public int Answer { get; init; } = 15;

    /// <summary>In which days; default all days, the stricter reading.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<ClockUnit>))]
    public ClockUnit Unit { get; init; } = ClockUnit.Days;

    /// <summary>Years for which the law wants accounts kept, from the last transaction on; 1 to 50, default 30 (会计档案管理办法).</summary>
    public int LedgerYears { get; init; } = 30;

    /// <summary>End of the day by which a request has to be answered.</summary>
    /// <param name="receivedAt">The day of it isn't counted.</param>
    /// <param name="zone">The firm's.</param>
    /// <param name="usual">The firm's usual calendar.</param>
    /// <exception cref="Huike.Platform.RuleException"><c>calendar.count.none</c>: working days are counted, and there are none.</exception>
    public DateTimeOffset DueAt(DateTimeOffset receivedAt, TimeZoneInfo zone, WorkingTime usual)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(receivedAt, zone).DateTime);
        return LocalDay.End(Unit == ClockUnit.Days ? day.AddDays(Answer) : usual.AddDays(day, Answer), zone);
    }
}
