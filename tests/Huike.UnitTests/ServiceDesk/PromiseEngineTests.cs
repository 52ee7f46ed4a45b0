using Huike.Platform.Calendar;
using Huike.ServiceDesk.Promises;
using Xunit;

namespace Huike.UnitTests.ServiceDesk;

/// <summary>What each clock counts, on a plain week in Shanghai: Monday to Friday, nine to twelve and one to six.</summary>
public sealed class PromiseEngineTests
{
    private static readonly WorkingTime Week = new(WeeklyHours.Parse("1-5 09:00-12:00 13:00-18:00"), SpecialDays.None, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));

    private static readonly CaseTraits Usual = new("", "question", "3", "phone", 1);

    private static readonly TargetBook Targets = new(
        [new TargetList(1, DateTimeOffset.UnixEpoch, [new Target { Priority = "1", FirstAnswer = 30, NextUpdate = 60, Solution = 240 }, new Target { FirstAnswer = 120, NextUpdate = 120, Solution = 960 }])]);

    /// <summary>A time of Monday 7 September 2026 and later days.</summary>
    private static DateTimeOffset At(int day, int hour, int minute = 0) => new(2026, 9, 7 + day, hour, minute, 0, TimeSpan.FromHours(8));

    private static CaseMoment Moment(DateTimeOffset at, Standing standing = Standing.Active, Word word = Word.None, string priority = "3") => new(at, Usual with { Priority = priority }, standing, word);

    private static Promise[] Of(DateTimeOffset now, params CaseMoment[] history) => [.. new PromiseEngine(Targets, _ => Week).Of(history, now)];

    private static Promise One(Promise[] all, PromiseKind kind) => Assert.Single(all, one => one.Kind == kind);

    [Fact]
    public void The_first_answer_is_due_over_lunch_and_is_kept_by_a_word_of_ours()
    {
        var open = One(Of(At(0, 11, 30), Moment(At(0, 11), word: Word.Customer)), PromiseKind.FirstAnswer);
        Assert.Equal((PromiseState.Running, At(0, 14), TimeSpan.FromMinutes(30)), (open.State, open.DueAt, open.Used));
        var kept = One(Of(At(0, 15), Moment(At(0, 11), word: Word.Customer), Moment(At(0, 14), word: Word.Ours)), PromiseKind.FirstAnswer);
        Assert.Equal((PromiseState.Kept, At(0, 14), At(0, 14), TimeSpan.Zero), (kept.State, kept.DueAt, kept.EndedAt, kept.Over));
    }

    [Fact]
    public void An_answer_by_night_after_the_last_minute_of_the_day_cost_no_working_time()
    {
        var kept = One(Of(At(1, 9), Moment(At(0, 16)), Moment(At(0, 23), word: Word.Ours)), PromiseKind.FirstAnswer);
        Assert.Equal((PromiseState.Kept, At(0, 18)), (kept.State, kept.DueAt));
    }

    [Fact]
    public void A_case_paused_past_its_target_is_not_broken_while_it_is_paused_nor_afterwards()
    {
        CaseMoment[] history = [Moment(At(0, 9)), Moment(At(0, 10), Standing.Paused)];
        var paused = One(Of(At(4, 10), history), PromiseKind.FirstAnswer);
        Assert.Equal((PromiseState.Paused, null, TimeSpan.FromHours(1)), (paused.State, paused.DueAt, paused.Used));
        var again = One(Of(At(4, 10, 30), [.. history, Moment(At(4, 10))]), PromiseKind.FirstAnswer);
        Assert.Equal((PromiseState.Running, At(4, 11)), (again.State, again.DueAt));
    }

    [Fact]
    public void What_was_broken_before_a_pause_stays_due_when_it_was()
    {
        var late = One(Of(At(3, 10), Moment(At(0, 9)), Moment(At(0, 15), Standing.Paused)), PromiseKind.FirstAnswer);
        Assert.Equal((At(0, 11), TimeSpan.FromHours(3)), (late.DueAt, late.Over));
    }

    [Fact]
    public void The_next_update_counts_from_the_first_unanswered_word_not_from_the_last()
    {
        var all = Of(At(0, 16), Moment(At(0, 9)), Moment(At(0, 9, 30), word: Word.Ours), Moment(At(0, 14), word: Word.Customer), Moment(At(0, 15, 30), word: Word.Customer));
        Assert.Equal((At(0, 14), At(0, 16)), (One(all, PromiseKind.NextUpdate).BegunAt, One(all, PromiseKind.NextUpdate).DueAt));
    }

    [Fact]
    public void Words_before_the_first_answer_are_the_first_answers()
    {
        Assert.DoesNotContain(Of(At(0, 12), Moment(At(0, 9), word: Word.Customer), Moment(At(0, 10), word: Word.Customer)), one => one.Kind == PromiseKind.NextUpdate);
    }

    [Fact]
    public void A_word_that_opens_a_solved_case_again_is_owed_an_answer_and_the_solution_runs_on()
    {
        var all = Of(At(2, 11), Moment(At(0, 9)), Moment(At(0, 10), Standing.Solved, Word.Ours), Moment(At(2, 10), Standing.Solved, Word.Customer), Moment(At(2, 10), Standing.Active));
        Assert.Equal((PromiseState.Running, At(2, 12)), (One(all, PromiseKind.NextUpdate).State, One(all, PromiseKind.NextUpdate).DueAt));
        var solution = One(all, PromiseKind.Solution);
        Assert.Equal((PromiseState.Running, TimeSpan.FromHours(2), new Pause(At(0, 10), At(2, 10))), (solution.State, solution.Used, Assert.Single(solution.Pauses)));
    }

    [Fact]
    public void A_higher_priority_counts_from_the_beginning()
    {
        var urgent = One(Of(At(0, 10), Moment(At(0, 9)), Moment(At(0, 9, 50), priority: "1")), PromiseKind.FirstAnswer);
        Assert.Equal((At(0, 9, 30), TimeSpan.FromMinutes(30), 0), (urgent.DueAt, urgent.Over, urgent.Line));
    }

    [Fact]
    public void What_has_ended_stays_decided_by_what_held_then()
    {
        var book = new TargetBook([.. Targets.Lists, new TargetList(2, At(1, 0), [new Target { FirstAnswer = 10, Solution = 10 }])]);
        var all = new PromiseEngine(book, _ => Week).Of([Moment(At(0, 9)), Moment(At(0, 10), word: Word.Ours), Moment(At(1, 9), priority: "1")], At(1, 10));
        Assert.Equal((PromiseState.Kept, 1L, 1), (One([.. all], PromiseKind.FirstAnswer).State, One([.. all], PromiseKind.FirstAnswer).List, One([.. all], PromiseKind.FirstAnswer).Line));
        Assert.Equal((2L, At(0, 9, 10)), (One([.. all], PromiseKind.Solution).List, One([.. all], PromiseKind.Solution).DueAt));
    }

    [Fact]
    public void A_merged_case_owes_nothing_any_more()
    {
        Assert.All(Of(At(3, 9), Moment(At(0, 9)), Moment(At(0, 10), Standing.Gone)), one => Assert.Equal(PromiseState.Dropped, one.State));
    }

    [Fact]
    public void Nothing_is_promised_where_no_target_says_so() =>
        Assert.Empty(new PromiseEngine(new TargetBook([]), _ => Week).Of([Moment(At(0, 9))], At(0, 10)));

    [Fact]
    public void A_make_up_workday_counts_and_a_holiday_does_not()
    {
        var golden = new WorkingTime(WeeklyHours.Parse("1-5 09:00-12:00 13:00-18:00"), new SpecialDays([new(new(2026, 9, 8), SpecialDayKind.Holiday, ""), new(new(2026, 9, 12), SpecialDayKind.MakeUp, "")]), Week.Zone);
        var promises = new PromiseEngine(new([new(1, DateTimeOffset.UnixEpoch, [new Target { FirstAnswer = 120, Solution = 60 + 3 * 480 + 60 }])]), _ => golden).Of([Moment(At(0, 17))], At(0, 17));
        Assert.Equal(At(2, 10), One([.. promises], PromiseKind.FirstAnswer).DueAt);
        Assert.Equal(At(5, 10), One([.. promises], PromiseKind.Solution).DueAt);
    }
}
