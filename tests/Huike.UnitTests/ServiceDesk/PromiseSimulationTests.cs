using Huike.Platform.Calendar;
using Huike.ServiceDesk.Promises;
using Xunit;

namespace Huike.UnitTests.ServiceDesk;

/// <summary>The engine against a clerk who looks at the clock every minute and remembers nothing but what he has counted since a case began.</summary>
public sealed class PromiseSimulationTests
{
    private const int Days = 150;
    private const int Minutes = Days * Shift.Day;
    private const int Cases = 3_000;

    private static readonly string[] Weeks = ["1-5 09:00-18:00", "1-5 08:30-12:00 13:30-17:30; 6 09:00-12:00", "1-7 06:00-14:00 14:00-22:00 22:00-06:00", "1-6 20:00-05:00", "2-7 10:00-13:15 14:00-19:45", "1-7 00:00-24:00"];
    private static readonly string[] Zones = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata"];

    /// <summary>Over the end of summer time in the north and its begin in the south.</summary>
    private static readonly DateTimeOffset Begin = new(2026, 9, 15, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A calendar, and each minute of it looked up on a wall clock.</summary>
    private sealed record Roster(WorkingTime Time, bool[] Works);

    /// <summary>What the clerk wrote down of one promise.</summary>
    private sealed record Noted(PromiseKind Kind, int Begun, int? Ended, int? Due, PromiseState State, int Allowed, int Used, int Paused);

    [Fact]
    public void The_engine_says_what_a_clerk_counts_minute_by_minute()
    {
        var random = new Random(20261124);
        var rosters = Enumerable.Range(0, 24).Select(_ => Drawn(random)).ToArray();
        var seen = new Dictionary<PromiseState, int>();
        for (var i = 0; i < Cases; i++)
        {
            var book = Book(random);
            var now = random.Next(1_000, 40 * Shift.Day);
            var history = History(random, now, rosters.Length);
            var told = new PromiseEngine(book, unit => rosters[unit].Time).Of(history, At(now)).Select(Told).ToList();
            var counted = Counted(history, book, rosters, now);
            Assert.True(counted.SequenceEqual(told), $"Case {i}, now {now}:\n{string.Join('\n', history)}\ncounted\n{string.Join('\n', counted)}\ntold\n{string.Join('\n', told)}");
            foreach (var one in told) { seen[one.State] = seen.GetValueOrDefault(one.State) + 1; }
        }
        // Of each there were enough to say something.
        Assert.All(Enum.GetValues<PromiseState>(), state => Assert.True(seen.GetValueOrDefault(state) > 100, $"{state}: {seen.GetValueOrDefault(state)}"));
    }

    private static DateTimeOffset At(int minute) => Begin.AddMinutes(minute);

    private static int Minute(DateTimeOffset at) => (int)(at - Begin).TotalMinutes;

    private static Noted Told(Promise one) => new(one.Kind, Minute(one.BegunAt), one.EndedAt is { } end ? Minute(end) : null, one.DueAt is { } due && Minute(due) < Minutes ? Minute(due) : null, one.State,
        (int)one.Allowed.TotalMinutes, (int)one.Used.TotalMinutes, one.Pauses.Where(pause => pause.Until is not null).Sum(pause => Minute(pause.Until!.Value) - Minute(pause.From)));

    private static Roster Drawn(Random random)
    {
        var (week, zone) = (WeeklyHours.Parse(Weeks[random.Next(Weeks.Length)]), TimeZoneInfo.FindSystemTimeZoneById(Zones[random.Next(Zones.Length)]));
        var special = Enumerable.Range(0, 12).Select(_ => DateOnly.FromDateTime(Begin.DateTime).AddDays(random.Next(Days))).Distinct().Select(day => random.Next(3) switch
        {
            0 => new SpecialDay(day, SpecialDayKind.Holiday, ""),
            1 => new SpecialDay(day, SpecialDayKind.MakeUp, "") { Hours = "3" },
            _ => new SpecialDay(day, SpecialDayKind.OwnHours, "") { Hours = "10:00-11:30 15:00-16:00" },
        }).ToDictionary(one => one.Day);
        var works = new bool[Minutes];
        var furthest = DateTime.MinValue;
        for (var minute = -2 * Shift.Day; minute < Minutes; minute++)
        {
            // A wall clock that stands still while the others go back.
            var wall = TimeZoneInfo.ConvertTime(At(minute), zone).DateTime;
            furthest = wall > furthest ? wall : furthest;
            if (minute >= 0) { works[minute] = IsWorked(furthest); }
        }
        return new(new(week, new SpecialDays(special.Values), zone), works);

        bool IsWorked(DateTime wall)
        {
            var (day, minute) = (DateOnly.FromDateTime(wall), wall.Hour * 60 + wall.Minute);
            // A night's shift ends where the next day's first begins.
            return Hours(day).Any(shift => shift.From <= minute && minute < shift.Until) || Hours(day.AddDays(-1)).Any(shift => minute + Shift.Day < shift.Until);
        }

        IEnumerable<Shift> Hours(DateOnly day) => !special.TryGetValue(day, out var one) ? week.On(day.DayOfWeek)
            : one.Kind switch { SpecialDayKind.Holiday => [], SpecialDayKind.MakeUp => week.On(DayOfWeek.Wednesday), _ => [new(600, 690), new(900, 960)] };
    }

    private static TargetBook Book(Random random) => new(Enumerable.Range(1, random.Next(1, 4)).Select(id => new TargetList(id, At(id == 1 ? -1_000_000 : random.Next(30 * Shift.Day)),
        [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => new Target
        {
            Priority = random.Next(2) == 0 ? "" : $"{random.Next(1, 4)}",
            Kind = random.Next(3) > 0 ? "" : $"kind{random.Next(2)}",
            Tier = random.Next(4) > 0 ? "" : "gold",
            Channel = random.Next(4) > 0 ? "" : "web",
            FirstAnswer = random.Next(6) == 0 ? null : random.Next(1, 600),
            NextUpdate = random.Next(6) == 0 ? null : random.Next(1, 900),
            Solution = random.Next(6) == 0 ? null : random.Next(1, 6_000),
        })])));

    private static List<CaseMoment> History(Random random, int now, int rosters)
    {
        var traits = new CaseTraits(random.Next(3) == 0 ? "gold" : "", $"kind{random.Next(2)}", $"{random.Next(1, 4)}", random.Next(2) == 0 ? "web" : "phone", random.Next(rosters));
        var (standing, minute) = (Standing.Active, random.Next(0, now));
        List<CaseMoment> history = [new(At(minute), traits, standing, random.Next(2) == 0 ? Word.Customer : Word.None)];
        for (var left = random.Next(0, 14); left > 0 && standing != Standing.Gone; left--)
        {
            // Now and then several things at once.
            minute += random.Next(4) == 0 ? 0 : random.Next(1, 3_000);
            if (minute > now) { break; }
            var word = Word.None;
            switch (random.Next(10))
            {
                case < 2: standing = standing == Standing.Active ? Standing.Paused : Standing.Active; break;
                case 2: standing = Standing.Solved; break;
                case 3: standing = Standing.Active; break;
                case < 6: word = Word.Customer; break;
                case < 8: word = Word.Ours; break;
                case 8: traits = traits with { Priority = $"{random.Next(1, 4)}", Unit = random.Next(rosters) }; break;
                default: (standing, traits) = random.Next(4) == 0 ? (Standing.Gone, traits) : (standing, traits with { Kind = $"kind{random.Next(2)}", Tier = "gold" }); break;
            }
            history.Add(new(At(minute), traits, standing, word));
        }
        return history;
    }

    /// <summary>First which promises there were, moment by moment; then each of them, minute by minute.</summary>
    private static List<Noted> Counted(List<CaseMoment> history, TargetBook book, Roster[] rosters, int now)
    {
        List<(PromiseKind Kind, int From, int? Until)> owed = [];
        bool answered = false, waits = false;
        int? update = null, solved = null;
        for (var i = 0; i < history.Count; i++)
        {
            var (_, _, standing, word) = history[i];
            var isDone = standing is Standing.Solved or Standing.Gone;
            if (!answered)
            {
                if (word == Word.Ours || isDone) { answered = true; owed.Add((PromiseKind.FirstAnswer, 0, i)); }
            }
            else if (update is null)
            {
                if (word == Word.Ours) { waits = false; }
                if (word == Word.Customer) { waits = true; }
                if (waits && !isDone) { update = i; }
            }
            else if (word == Word.Ours || isDone)
            {
                owed.Add((PromiseKind.NextUpdate, update.Value, i));
                (update, waits) = (null, false);
            }
            solved = isDone ? solved ?? i : null;
        }
        if (!answered) { owed.Add((PromiseKind.FirstAnswer, 0, null)); }
        if (update is not null) { owed.Add((PromiseKind.NextUpdate, update.Value, null)); }
        owed.Add((PromiseKind.Solution, 0, solved));
        return [.. owed.Select(one => Count(history, book, rosters, now, one.Kind, one.From, one.Until)).OfType<Noted>()];
    }

    private static Noted? Count(List<CaseMoment> history, TargetBook book, Roster[] rosters, int now, PromiseKind kind, int from, int? until)
    {
        var end = until is { } last ? Minute(history[last].At) : now;
        var held = history[until ?? history.Count - 1];
        if (Allowed(book, held.Traits, At(end), kind) is not { } allowed) { return null; }
        var works = rosters[held.Traits.Unit].Works;
        var (used, ran, paused) = (0, 0, 0);
        int? due = null;
        for (var minute = Minute(history[from].At); minute < Minutes && due is null || minute < end; minute++)
        {
            var isRunning = StandsAt(history, from, until, minute) == Standing.Active;
            if (minute < end && !isRunning) { paused++; }
            if (!isRunning || !works[minute]) { continue; }
            if (minute < end) { used++; }
            if (++ran == allowed) { due = minute + 1; }
        }
        // A clock that stands still at the end has an open pause, which is not summed up.
        if (until is null) { paused -= OpenPause(history, from, end); }
        var state = until is null ? held.Standing == Standing.Active ? PromiseState.Running : PromiseState.Paused : held.Standing == Standing.Gone ? PromiseState.Dropped : used > allowed ? PromiseState.Broken : PromiseState.Kept;
        return new(kind, Minute(history[from].At), until is null ? null : end, due, state, allowed, used, paused);
    }

    /// <summary>How the case stood in a minute; after the promise's end, as it did before it.</summary>
    private static Standing StandsAt(List<CaseMoment> history, int from, int? until, int minute)
    {
        var standing = history[from].Standing;
        for (var i = from + 1; i < (until ?? history.Count); i++)
        {
            if (Minute(history[i].At) <= minute) { standing = history[i].Standing; }
        }
        return standing;
    }

    private static int OpenPause(List<CaseMoment> history, int from, int end)
    {
        var minute = end;
        while (minute >= Minute(history[from].At) && StandsAt(history, from, null, minute) != Standing.Active) { minute--; }
        return Math.Max(0, end - minute - 1);
    }

    private static int? Allowed(TargetBook book, CaseTraits traits, DateTimeOffset at, PromiseKind kind)
    {
        TargetList? held = null;
        foreach (var list in book.Lists)
        {
            if (list.ValidFrom <= at && (held is null || list.ValidFrom > held.ValidFrom || (list.ValidFrom == held.ValidFrom && list.Id > held.Id))) { held = list; }
        }
        foreach (var target in held?.Targets ?? [])
        {
            if ((target.Priority == "" || target.Priority == traits.Priority) && (target.Kind == "" || target.Kind == traits.Kind) && (target.Tier == "" || target.Tier == traits.Tier) && (target.Channel == "" || target.Channel == traits.Channel))
            {
                return kind switch { PromiseKind.FirstAnswer => target.FirstAnswer, PromiseKind.NextUpdate => target.NextUpdate, _ => target.Solution };
            }
        }
        return null;
    }
}
