using System.Globalization;
using Huike.Customers.Stages;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Customers.Funnels;

/// <summary>What became of who entered a stage.</summary>
internal enum StepOutcome
{
    /// <summary>Whatever.</summary>
    Entered = 0,

    /// <summary>Left it, for whichever stage.</summary>
    Left = 1,

    /// <summary>Is still in it: how long it lasts is not known yet.</summary>
    Still = 2,

    /// <summary>Reached a further stage since; of who was dormant or lost: came back.</summary>
    Onward = 3,
}

/// <summary>漏斗: those who entered a stage within a period, each by the first time in it, and what became of them.</summary>
/// <param name="Machine">Which of the two state machines.</param>
/// <param name="Stage">Number of the stage.</param>
/// <param name="Period">Within which they entered it.</param>
/// <param name="Outcome">What became of them.</param>
internal sealed record FunnelStep(StageMachine Machine, int Stage, FunnelPeriod Period, StepOutcome Outcome)
{
    /// <summary>As addresses write it: <c>permission.participation.2026-01-01.2026-06-30.onward</c>.</summary>
    public string Written => $"{Machine.Name}.{Machine.Names[Stage]}.{FunnelPeriod.Written(Period.From)}.{FunnelPeriod.Written(Period.To)}.{CustomerFilter.Kebab(Outcome)}";

    /// <returns>Null where it can't be meant.</returns>
    public static FunnelStep? Parse(string text) => text.Split('.') is [var machine, var stage, var from, var to, var outcome]
        && StageMachine.Find(machine) is { } found && found.Names.ToList().IndexOf(stage) is >= 0 and var number && FunnelPeriod.Read(from, to) is { } period && Array.FindIndex(Enum.GetValues<StepOutcome>(), one => CustomerFilter.Kebab(one) == outcome) is >= 0 and var ending
            ? new(found, number, period, (StepOutcome)ending) : null;

    /// <summary>Customers, by the parameters <c>@stepFrom</c>, <c>@stepTo</c> and <c>@stepStage</c>.</summary>
    public string Customers => $"select e.customer_id from ({Entries(Machine)}) e where e.stage = @stepStage{Outcome switch
    {
        StepOutcome.Left => " and e.until_at is not null",
        StepOutcome.Still => " and e.until_at is null",
        StepOutcome.Onward => " and e.is_onward = 1",
        _ => "",
    }}";

    public IEnumerable<(string Name, object? Value)> Parameters(TimeZoneInfo zone) => [.. Period.Parameters(zone), ("stepStage", Stage)];

    /// <summary>First entries into each stage within the period <c>@stepFrom</c> to <c>@stepTo</c>: customer, stage, since when, until when (null: still), whether further up since.</summary>
    public static string Entries(StageMachine machine, string some = "1 = 1") => $"""
        select customer_id, stage, since_at, until_at, case when above > (case when stage <= {machine.Top} then stage else 0 end) then 1 else 0 end as is_onward from (
            select *, row_number() over (partition by customer_id, stage order by since_at) as nth from (
                select customer_id, stage, since_at, lead(since_at) over walk as until_at,
                    max(case when stage <= {machine.Top} then stage end) over (partition by customer_id order by since_at, stage rows between 1 following and unbounded following) as above
                from {machine.Steps} where {some} window walk as (partition by customer_id order by since_at, stage)) stays
            where since_at >= @stepFrom and since_at <= @stepTo) entries where nth = 1
        """;
}

/// <summary>From a day to a day, both with it; null: without an end on that side.</summary>
internal sealed record FunnelPeriod(DateOnly? From, DateOnly? To)
{
    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <returns>Null where a day can't be meant, or the last one is before the first.</returns>
    public static FunnelPeriod? Read(string? from, string? to) => Day(from, out var first) && Day(to, out var last) && !(last < first) ? new(first, last) : null;

    public static string Written(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    public IEnumerable<(string Name, object? Value)> Parameters(TimeZoneInfo zone) =>
        [("stepFrom", From is { } from ? LocalDay.Begin(from, zone) : Earliest), ("stepTo", To is { } to ? LocalDay.End(to, zone) : Latest)];

    private static bool Day(string? text, out DateOnly? day)
    {
        var read = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) && on.Year is >= 1970 and < 9000;
        day = read ? on : null;
        return read || string.IsNullOrEmpty(text);
    }
}
