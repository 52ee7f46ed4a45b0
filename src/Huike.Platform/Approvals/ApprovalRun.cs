namespace Huike.Platform.Approvals;

/// <summary>Where an approval stands.</summary>
public enum ApprovalState
{
    /// <summary>审批中: somebody has to decide.</summary>
    Open = 0,

    /// <summary>已通过.</summary>
    Approved = 1,

    /// <summary>已驳回.</summary>
    Rejected = 2,

    /// <summary>已退回: the asker mends it and asks again, or lets it be.</summary>
    SentBack = 3,

    /// <summary>已撤回.</summary>
    Withdrawn = 4,
}

/// <summary>How those of one station decide.</summary>
public enum StationMode
{
    /// <summary>依次: one after another.</summary>
    Sequence = 0,

    /// <summary>会签: all of them, in any order.</summary>
    All = 1,

    /// <summary>或签: the first one who does.</summary>
    Any = 2,
}

/// <summary>What an approver has done.</summary>
internal enum SeatState
{
    /// <summary>It isn't his turn yet.</summary>
    Waiting = 0,

    /// <summary>It is his turn.</summary>
    Due = 1,

    Approved = 2,
    Rejected = 3,

    /// <summary>Nothing was left for him to decide: another decided, or he had approved at an earlier station.</summary>
    Passed = 4,

    /// <summary>Gave his place to another.</summary>
    HandedOn = 5,

    /// <summary>Sent it back.</summary>
    SentBack = 6,
}

/// <summary>One approver at one station.</summary>
/// <param name="UserId">Who.</param>
/// <param name="State">What he has done.</param>
internal sealed record Seat(long UserId, SeatState State = SeatState.Waiting)
{
    public bool IsOpen => State is SeatState.Waiting or SeatState.Due;
}

/// <summary>One step of an approval.</summary>
/// <param name="Name">As the flow calls it; empty: somebody was added.</param>
/// <param name="Mode">How those of it decide.</param>
/// <param name="Seats">Who decides; never none.</param>
internal sealed record Station(string Name, StationMode Mode, IReadOnlyList<Seat> Seats);

/// <summary>
/// 审批: an approval as a pure state machine. While it is open somebody's turn it is; once it has ended nothing changes it. Every act gives a new run, or says why not.
/// </summary>
/// <param name="State">Where it stands.</param>
/// <param name="At">Index of the present station; how many there are, where it ended well.</param>
/// <param name="Stations">All of them.</param>
internal sealed record ApprovalRun(ApprovalState State, int At, IReadOnlyList<Station> Stations)
{
    /// <summary>People add others; no chain of them is longer.</summary>
    public const int MostStations = 40;

    /// <summary>Begins at the first station that somebody has to decide at; without any it is approved at once.</summary>
    public static ApprovalRun Begin(IEnumerable<Station> stations) => new ApprovalRun(ApprovalState.Open, 0, [.. stations.Where(station => station.Seats.Count > 0)]).Settled();

    /// <summary>Whose turn it is; nobody's once it isn't open.</summary>
    public IEnumerable<long> Due => State == ApprovalState.Open ? Stations[At].Seats.Where(seat => seat.State == SeatState.Due).Select(seat => seat.UserId) : [];

    /// <exception cref="RuleException"><c>approvals.turn</c>.</exception>
    public ApprovalRun Approve(long user) => Decided(user, SeatState.Approved, seats =>
        Stations[At].Mode == StationMode.Any ? [.. seats.Select(seat => seat.IsOpen ? seat with { State = SeatState.Passed } : seat)] : seats).Settled();

    /// <summary>Ends it.</summary>
    /// <exception cref="RuleException"><c>approvals.turn</c>.</exception>
    public ApprovalRun Reject(long user) => Decided(user, SeatState.Rejected, seats => seats).Ended(ApprovalState.Rejected);

    /// <summary>Gives it back to the asker.</summary>
    /// <exception cref="RuleException"><c>approvals.turn</c>.</exception>
    public ApprovalRun SendBack(long user) => Decided(user, SeatState.SentBack, seats => seats).Ended(ApprovalState.SentBack);

    /// <summary>Gives it back to an earlier station: from there on all decide anew.</summary>
    /// <exception cref="RuleException"><c>approvals.turn</c>; <c>approvals.station</c>: it isn't earlier.</exception>
    public ApprovalRun SendBackTo(long user, int station)
    {
        DemandTurn(user);
        if (station < 0 || station >= At) { throw new RuleException("approvals.station"); }
        var anew = Stations.Select((one, i) => i < station ? one : one with { Seats = [.. one.Seats.Where(seat => seat.State != SeatState.HandedOn).Select(seat => new Seat(seat.UserId))] });
        return (this with { At = station, Stations = [.. anew] }).Settled();
    }

    /// <summary>转交: another takes the place.</summary>
    /// <exception cref="RuleException"><c>approvals.turn</c>; <c>approvals.there</c>: the other decides at this station anyway.</exception>
    public ApprovalRun HandOn(long user, long to)
    {
        DemandTurn(user);
        DemandNew(to);
        return With(At, Stations[At] with { Seats = [.. Stations[At].Seats.SelectMany(seat => seat.UserId == user && seat.State == SeatState.Due ? [seat with { State = SeatState.HandedOn }, new Seat(to, SeatState.Due)] : (Seat[])[seat])] });
    }

    /// <summary>加签: somebody decides before this station goes on, or after it.</summary>
    /// <exception cref="RuleException"><c>approvals.turn</c>; <c>approvals.there</c>; <c>approvals.many</c>.</exception>
    public ApprovalRun Add(long user, long added, bool before)
    {
        DemandTurn(user);
        DemandNew(added);
        if (Stations.Count >= MostStations) { throw new RuleException("approvals.many", MostStations); }
        var stations = Stations.ToList();
        if (before) { stations[At] = stations[At] with { Seats = [.. stations[At].Seats.Select(seat => seat.State == SeatState.Due ? seat with { State = SeatState.Waiting } : seat)] }; }
        stations.Insert(before ? At : At + 1, new("", StationMode.Sequence, [new(added)]));
        return (this with { Stations = stations }).Settled();
    }

    /// <summary>The asker takes it back.</summary>
    /// <exception cref="RuleException"><c>approvals.ended</c>.</exception>
    public ApprovalRun Withdraw() => State is ApprovalState.Open or ApprovalState.SentBack ? Ended(ApprovalState.Withdrawn) : throw new RuleException("approvals.ended");

    /// <summary>Goes on to whoever is next: over stations that are done, and over those who had approved before.</summary>
    private ApprovalRun Settled()
    {
        var run = this;
        while (run.At < run.Stations.Count)
        {
            var station = run.Stations[run.At];
            var approved = run.Stations.Take(run.At).SelectMany(one => one.Seats).Where(seat => seat.State == SeatState.Approved).Select(seat => seat.UserId).ToHashSet();
            var passes = station.Seats.Select(seat => seat.IsOpen && approved.Contains(seat.UserId)).ToList();
            var isDone = station.Mode == StationMode.Any && (passes.Contains(true) || station.Seats.Any(seat => seat.State == SeatState.Approved));
            var seats = station.Seats.Select((seat, i) => passes[i] || (isDone && seat.IsOpen) ? seat with { State = SeatState.Passed } : seat).ToList();
            var first = seats.FindIndex(seat => seat.IsOpen);
            if (first < 0)
            {
                run = run.With(run.At, station with { Seats = seats }) with { At = run.At + 1 };
                continue;
            }
            return run.With(run.At, station with { Seats = [.. seats.Select((seat, i) => seat.IsOpen ? seat with { State = station.Mode != StationMode.Sequence || i == first ? SeatState.Due : SeatState.Waiting } : seat)] });
        }
        return run with { State = ApprovalState.Approved };
    }

    private ApprovalRun Decided(long user, SeatState state, Func<IReadOnlyList<Seat>, IReadOnlyList<Seat>> others)
    {
        DemandTurn(user);
        var seats = Stations[At].Seats.Select(seat => seat.UserId == user && seat.State == SeatState.Due ? seat with { State = state } : seat).ToList();
        return With(At, Stations[At] with { Seats = others(seats) });
    }

    private ApprovalRun Ended(ApprovalState state) => this with
    {
        State = state,
        Stations = [.. Stations.Select(station => station with { Seats = [.. station.Seats.Select(seat => seat.IsOpen ? seat with { State = SeatState.Passed } : seat)] })],
    };

    private ApprovalRun With(int index, Station station) => this with { Stations = [.. Stations.Select((one, i) => i == index ? station : one)] };

    private void DemandTurn(long user)
    {
        if (!Due.Contains(user)) { throw new RuleException(State == ApprovalState.Open ? "approvals.turn" : "approvals.ended"); }
    }

    private void DemandNew(long user)
    {
        if (Stations[At].Seats.Any(seat => seat.UserId == user && seat.IsOpen)) { throw new RuleException("approvals.there"); }
    }
}
