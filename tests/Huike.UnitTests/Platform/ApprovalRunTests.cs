using Huike.Platform;
using Huike.Platform.Approvals;
using Xunit;

namespace Huike.UnitTests.Platform;

/// <summary>The state machine of approvals: laws that hold after whatever people do.</summary>
public sealed class ApprovalRunTests
{
    [Fact]
    public void While_it_is_open_it_is_somebodys_turn_and_once_it_has_ended_nothing_changes_it()
    {
        for (var seed = 1; seed <= 3_000; seed++)
        {
            var chance = new Random(seed);
            var run = ApprovalRun.Begin(Enumerable.Range(0, chance.Next(0, 5)).Select(i => new Station($"s{i}", (StationMode)chance.Next(3), [.. Enumerable.Range(0, chance.Next(0, 4)).Select(_ => (long)chance.Next(1, 7)).Distinct().Select(user => new Seat(user))])));
            for (var acts = 0; acts < 60; acts++)
            {
                Holds(run, seed);
                var before = run;
                try
                {
                    run = Act(run, chance);
                    Assert.True(before.State is ApprovalState.Open || (before.State == ApprovalState.SentBack && run.State == ApprovalState.Withdrawn), $"seed {seed}: {before.State} became {run.State}");
                }
                catch (RuleException)
                {
                    // Said no: nothing happened.
                }
            }
        }
    }

    [Fact]
    public void Approving_alone_always_ends_it()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var chance = new Random(seed);
            var run = ApprovalRun.Begin(Enumerable.Range(0, 4).Select(i => new Station($"s{i}", (StationMode)chance.Next(3), [.. Enumerable.Range(1, chance.Next(1, 5)).Select(user => new Seat(user))])));
            for (var acts = 0; acts < 30 && run.State == ApprovalState.Open; acts++) { run = run.Approve(run.Due.First()); }
            Assert.Equal(ApprovalState.Approved, run.State);
        }
    }

    [Fact]
    public void In_sequence_one_comes_after_another_of_all_each_and_of_any_the_first_one_decides()
    {
        var run = ApprovalRun.Begin([new("a", StationMode.Sequence, [new(1), new(2)]), new("b", StationMode.All, [new(3), new(4)]), new("c", StationMode.Any, [new(5), new(6)])]);
        Assert.Equal([1L], run.Due);
        Assert.Throws<RuleException>(() => run.Approve(2));
        run = run.Approve(1).Approve(2);
        Assert.Equal([3L, 4L], run.Due);
        run = run.Approve(4).Approve(3);
        Assert.Equal([5L, 6L], run.Due);
        Assert.Equal(ApprovalState.Approved, run.Approve(6).State);
        Assert.Equal(ApprovalState.Rejected, run.Reject(5).State);
    }

    [Fact]
    public void Who_approved_earlier_is_not_asked_again_but_where_it_was_sent_back_before_him()
    {
        var run = ApprovalRun.Begin([new("a", StationMode.All, [new(1)]), new("b", StationMode.All, [new(2)]), new("c", StationMode.All, [new(1), new(3)])]);
        run = run.Approve(1).Approve(2);
        Assert.Equal([3L], run.Due);
        run = run.SendBackTo(3, 0);
        Assert.Equal([1L], run.Due);
        Assert.Equal(ApprovalState.Approved, run.Approve(1).Approve(2).Approve(3).State);
    }

    [Fact]
    public void Who_is_added_decides_before_or_after_and_who_hands_on_is_out()
    {
        var run = ApprovalRun.Begin([new("a", StationMode.All, [new(1), new(2)])]).Approve(2);
        var before = run.Add(1, 9, before: true);
        Assert.Equal([9L], before.Due);
        Assert.Equal([1L], before.Approve(9).Due);
        var after = run.Add(1, 9, before: false).Approve(1);
        Assert.Equal([9L], after.Due);
        Assert.Equal([7L], run.HandOn(1, 7).Due);
        Assert.Throws<RuleException>(() => run.HandOn(1, 7).Approve(1));
    }

    private static void Holds(ApprovalRun run, int seed)
    {
        Assert.True(run.State != ApprovalState.Open || run.Due.Any(), $"seed {seed}: open, and nobody's turn");
        Assert.True(run.State == ApprovalState.Open || !run.Stations.SelectMany(station => station.Seats).Any(seat => seat.IsOpen), $"seed {seed}: ended, and somebody's turn");
        Assert.True(run.State != ApprovalState.Approved || run.Stations.All(station => station.Seats.Any(seat => seat.State is SeatState.Approved or SeatState.Passed)), $"seed {seed}: approved past somebody");
        Assert.True(run.Stations.Take(run.At).All(station => station.Seats.All(seat => !seat.IsOpen)) && run.Stations.Skip(run.At + 1).All(station => station.Seats.All(seat => seat.State != SeatState.Due)), $"seed {seed}: a turn at another station");
        Assert.InRange(run.Stations.Count, 0, ApprovalRun.MostStations);
    }

    private static ApprovalRun Act(ApprovalRun run, Random chance)
    {
        var due = run.Due.ToList();
        var user = due.Count > 0 && chance.Next(5) > 0 ? due[chance.Next(due.Count)] : chance.Next(1, 9);
        return chance.Next(10) switch
        {
            0 => run.Reject(user),
            1 => run.SendBack(user),
            2 => run.SendBackTo(user, chance.Next(-1, 5)),
            3 => run.HandOn(user, chance.Next(1, 9)),
            4 => run.Add(user, chance.Next(1, 9), before: true),
            5 => run.Add(user, chance.Next(1, 9), before: false),
            6 => chance.Next(4) == 0 ? run.Withdraw() : run.Approve(user),
            _ => run.Approve(user),
        };
    }
}
