using Huike.Customers.Contracts;
using Huike.Customers.OneVoice;

namespace Huike.Customers.Timeline;

/// <summary>What an entry of this module's own tells of.</summary>
internal enum EntryKind
{
    Document,
    Note,
    Contact,
    Planned,
    Finished,
    Change,
    Stage,
    File,
    Merge,
    Moment,
}

/// <summary>An entry of this module's own.</summary>
/// <param name="Kind">What it tells of.</param>
/// <param name="At">When that happened.</param>
/// <param name="Text">Document number, note, step, or new value of a field.</param>
internal sealed record OwnEntry(EntryKind Kind, DateTimeOffset At, string Text) : TimelineItem(At, Text)
{
    /// <summary>Number of a note; 0 for others.</summary>
    public long Id { get; init; }

    /// <summary>Number of the note that a note answers, which a search found by itself; null: none.</summary>
    public long? ReplyTo { get; init; }

    /// <summary>Value before a change; null where there was none.</summary>
    public string? Old { get; init; }

    /// <summary>Name of a changed field; number of a file or a merge.</summary>
    public string Field { get; init; } = "";

    public BuyingStage Stage { get; init; }

    /// <summary>How somebody spoke with the customer, and from which side it came.</summary>
    public (InteractionKind Kind, InteractionSide Side) Contact { get; init; }

    /// <summary>Lines of a document.</summary>
    public int Lines { get; init; }

    /// <summary>Lines of a document that take something back.</summary>
    public int ReturnedLines { get; init; }

    /// <summary>Sum of a document in the firm's currency.</summary>
    public decimal Amount { get; init; }
}
