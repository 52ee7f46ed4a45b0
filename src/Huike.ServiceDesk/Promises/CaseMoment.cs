namespace Huike.ServiceDesk.Promises;

/// <summary>How a case stands for the clocks.</summary>
internal enum Standing
{
    /// <summary>We are to act: the clocks run.</summary>
    Active = 0,

    /// <summary>Its state says that the clocks stand still.</summary>
    Paused = 1,

    /// <summary>Solved or closed.</summary>
    Solved = 2,

    /// <summary>Merged into another: nothing is owed here any more.</summary>
    Gone = 3,
}

/// <summary>Whose word a moment brought.</summary>
internal enum Word
{
    /// <summary>Nobody's that counts: a change, an internal note.</summary>
    None = 0,

    /// <summary>The customer's.</summary>
    Customer = 1,

    /// <summary>Ours, and the customer got it.</summary>
    Ours = 2,
}

/// <summary>What targets and calendars are chosen by. The names are codes; empty: not known.</summary>
internal readonly record struct CaseTraits(string Tier, string Kind, string Priority, string Channel, long Unit);

/// <summary>One line of a case's history as the clocks see it, with how the case was after it; the first is its opening.</summary>
internal readonly record struct CaseMoment(DateTimeOffset At, CaseTraits Traits, Standing Standing, Word Word);
