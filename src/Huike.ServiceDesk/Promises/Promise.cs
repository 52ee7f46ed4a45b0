namespace Huike.ServiceDesk.Promises;

/// <summary>What is promised.</summary>
internal enum PromiseKind
{
    /// <summary>首次答复.</summary>
    FirstAnswer = 1,

    /// <summary>后续答复: an answer to a later word of the customer.</summary>
    NextUpdate = 2,

    /// <summary>解决.</summary>
    Solution = 3,

    /// <summary>约定: made by hand, "I call you Tuesday at ten".</summary>
    Free = 4,
}

/// <summary>How a promise stands.</summary>
internal enum PromiseState
{
    /// <summary>Open; whether it is overdue says its due time.</summary>
    Running = 1,

    /// <summary>Open, and its clock stands still.</summary>
    Paused = 2,

    /// <summary>Done within its time.</summary>
    Kept = 3,

    /// <summary>Done after its time, or given up.</summary>
    Broken = 4,

    /// <summary>No longer owed.</summary>
    Dropped = 5,
}

/// <summary>A stretch in which a clock stood still; no end: it still does.</summary>
internal readonly record struct Pause(DateTimeOffset From, DateTimeOffset? Until);

/// <summary>A promise as history, targets and calendar give it.</summary>
/// <param name="Kind">What.</param>
/// <param name="BegunAt">When its clock began.</param>
/// <param name="EndedAt">When it was met or dropped; null: it is open.</param>
/// <param name="DueAt">By when; null: its clock stands still before its time is used up, or nobody ever works.</param>
/// <param name="State">How it stands.</param>
/// <param name="List">Version of the targets that it comes from.</param>
/// <param name="Line">Line of that version, from 0.</param>
/// <param name="Allowed">Working time that it has.</param>
/// <param name="Used">Working time that ran until its end, or until now.</param>
internal sealed record Promise(PromiseKind Kind, DateTimeOffset BegunAt, DateTimeOffset? EndedAt, DateTimeOffset? DueAt, PromiseState State, long List, int Line, TimeSpan Allowed, TimeSpan Used)
{
    /// <summary>When its clock stood still, between its beginning and its end.</summary>
    public IReadOnlyList<Pause> Pauses { get; init; } = [];

    /// <summary>Working time beyond what was allowed; zero: in time.</summary>
    public TimeSpan Over => Used > Allowed ? Used - Allowed : TimeSpan.Zero;
}
