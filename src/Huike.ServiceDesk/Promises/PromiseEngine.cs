using Huike.Platform;
using Huike.Platform.Calendar;

namespace Huike.ServiceDesk.Promises;

/// <summary>
/// Gives the promises of a case from its history alone: nothing is counted on the way, so that the same history, targets and calendars always give the same. What decides a promise is
/// what held when it ended, and while it is open what holds now, over its whole time. ADR 0038 says why.
/// </summary>
internal sealed class PromiseEngine(TargetBook targets, Func<long, WorkingTime> timeOfUnit)
{
    /// <summary>From which moment to which a clock is asked for; no end: to now.</summary>
    private readonly record struct Span(PromiseKind Kind, int From, int? Until);

    /// <param name="history">In its order; the first is the opening, none lies after now.</param>
    /// <param name="now">Open promises are judged at it.</param>
    public IReadOnlyList<Promise> Of(IReadOnlyList<CaseMoment> history, DateTimeOffset now) => [.. Spans(history).Select(span => Judge(history, span, now)).OfType<Promise>()];

    private static IEnumerable<Span> Spans(IReadOnlyList<CaseMoment> history)
    {
        var answered = First(history, 0, one => one.Word == Word.Ours || one.Standing >= Standing.Solved);
        yield return new(PromiseKind.FirstAnswer, 0, answered);
        if (answered is { } from)
        {
            foreach (var update in Updates(history, from)) { yield return update; }
        }
        int? solved = null;
        for (var i = 0; i < history.Count; i++) { solved = history[i].Standing < Standing.Solved ? null : solved ?? i; }
        yield return new(PromiseKind.Solution, 0, solved);
    }

    /// <summary>From the customer's first unanswered word to our next one or to the solution; a word on a solved case waits until it is opened again.</summary>
    private static IEnumerable<Span> Updates(IReadOnlyList<CaseMoment> history, int from)
    {
        var (begun, spoke) = ((int?)null, false);
        for (var i = from + 1; i < history.Count; i++)
        {
            var one = history[i];
            spoke = one.Word == Word.Customer || (spoke && one.Word != Word.Ours);
            if (begun is { } first && (one.Word == Word.Ours || one.Standing >= Standing.Solved))
            {
                yield return new(PromiseKind.NextUpdate, first, i);
                (begun, spoke) = (null, false);
            }
            else if (begun is null && spoke && one.Standing < Standing.Solved)
            {
                begun = i;
            }
        }
        if (begun is { } open) { yield return new(PromiseKind.NextUpdate, open, null); }
    }

    private Promise? Judge(IReadOnlyList<CaseMoment> history, Span span, DateTimeOffset now)
    {
        var last = history[span.Until ?? history.Count - 1];
        var at = span.Until is null ? now : last.At;
        if (targets.For(last.Traits, at) is not var (list, line) || list.Targets[line].Of(span.Kind) is not { } allowed) { return null; }
        var clock = new CaseClock(timeOfUnit(last.Traits.Unit));
        var end = Math.Max(span.From + 1, span.Until ?? history.Count);
        for (var i = span.From; i < end; i++)
        {
            // The last stretch is taken as endless: when it would have been due is asked of what was met, too.
            var until = i + 1 < end ? history[i + 1].At : (DateTimeOffset?)null;
            if (history[i].Standing == Standing.Active) { clock.Run(history[i].At, until); } else { clock.Stand(history[i].At, until); }
        }
        var used = clock.Used(at);
        var state = span.Until is null ? (last.Standing == Standing.Active ? PromiseState.Running : PromiseState.Paused)
            : last.Standing == Standing.Gone ? PromiseState.Dropped : used > allowed ? PromiseState.Broken : PromiseState.Kept;
        return new(span.Kind, history[span.From].At, span.Until is null ? null : at, clock.Reaches(allowed), state, list.Id, line, allowed, used)
        {
            Pauses = span.Until is null ? clock.Pauses : [.. clock.Pauses.Select(pause => pause with { Until = pause.Until ?? at })],
        };
    }

    private static int? First(IReadOnlyList<CaseMoment> history, int from, Func<CaseMoment, bool> what)
    {
        for (var i = from; i < history.Count; i++)
        {
            if (what(history[i])) { return i; }
        }
        return null;
    }
}

/// <summary>Stretches in which a clock ran or stood, on one calendar.</summary>
internal sealed class CaseClock(WorkingTime time)
{
    private readonly List<Pause> runs = [];
    private readonly List<Pause> pauses = [];

    public IReadOnlyList<Pause> Pauses => pauses;

    public void Run(DateTimeOffset from, DateTimeOffset? until) => Join(runs, from, until);

    public void Stand(DateTimeOffset from, DateTimeOffset? until) => Join(pauses, from, until);

    public TimeSpan Used(DateTimeOffset now)
    {
        var used = TimeSpan.Zero;
        foreach (var run in runs) { used += Worked(run, now); }
        return used;
    }

    /// <summary>The first instant by which so much working time ran, were nothing to change any more; null: the clock stands before that, or nobody ever works.</summary>
    public DateTimeOffset? Reaches(TimeSpan used)
    {
        foreach (var run in runs)
        {
            // Of an endless stretch only what is asked for is counted.
            if (run.Until is null || Worked(run, run.Until.Value) is var worked && worked >= used) { return After(run.From, used); }
            used -= worked;
        }
        return null;
    }

    private DateTimeOffset? After(DateTimeOffset from, TimeSpan working)
    {
        try
        {
            return time.Add(from, working).ToUniversalTime();
        }
        catch (RuleException)
        {
            return null;
        }
    }

    private TimeSpan Worked(Pause run, DateTimeOffset now) => time.Between(run.From, run.Until is { } until && until < now ? until : now > run.From ? now : run.From);

    private static void Join(List<Pause> to, DateTimeOffset from, DateTimeOffset? until)
    {
        if (until == from) { return; }
        if (to.Count > 0 && to[^1].Until == from) { to[^1] = new(to[^1].From, until); } else { to.Add(new(from, until)); }
    }
}
