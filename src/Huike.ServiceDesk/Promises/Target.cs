namespace Huike.ServiceDesk.Promises;

/// <summary>承诺目标: which cases it speaks of, and within how much working time what is promised to them. All that is given has to hold.</summary>
internal sealed record Target
{
    public const int Most = 60;

    /// <summary>A working year; what is longer was typed by mistake.</summary>
    public const int MostMinutes = 130_000;

    /// <summary>As the firm calls it, or a text key of a shipped one.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of customers of this tier; empty: of all.</summary>
    public string Tier { get; init; } = "";

    /// <summary>Of cases of this kind; empty: of all.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Of this priority; empty: of all.</summary>
    public string Priority { get; init; } = "";

    /// <summary>That came by this channel; empty: by any.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Working minutes to the first answer; null: none is promised.</summary>
    public int? FirstAnswer { get; init; }

    /// <summary>Working minutes to an answer of each later word of the customer; null: none is promised.</summary>
    public int? NextUpdate { get; init; }

    /// <summary>Working minutes to the solution; null: none is promised.</summary>
    public int? Solution { get; init; }

    public bool Fits(in CaseTraits of) =>
        (Tier.Length == 0 || Tier == of.Tier) && (Kind.Length == 0 || Kind == of.Kind) && (Priority.Length == 0 || Priority == of.Priority) && (Channel.Length == 0 || Channel == of.Channel);

    public TimeSpan? Of(PromiseKind kind) => (kind switch { PromiseKind.FirstAnswer => FirstAnswer, PromiseKind.NextUpdate => NextUpdate, PromiseKind.Solution => Solution, _ => null }) is { } minutes ? TimeSpan.FromMinutes(minutes) : null;
}

/// <summary>The targets as they were saved once: the first that fits decides.</summary>
/// <param name="Id">Number of the version; 0: as shipped.</param>
/// <param name="ValidFrom">From when on they hold.</param>
/// <param name="Targets">In their order.</param>
internal sealed record TargetList(long Id, DateTimeOffset ValidFrom, IReadOnlyList<Target> Targets);

/// <summary>All versions of the targets.</summary>
internal sealed class TargetBook(IEnumerable<TargetList> lists)
{
    // Of two versions that begin at once, who saved later meant to mend the other.
    private readonly TargetList[] newestFirst = [.. lists.OrderByDescending(list => list.ValidFrom).ThenByDescending(list => list.Id)];

    /// <summary>The versions, the one that begins last first.</summary>
    public IReadOnlyList<TargetList> Lists => newestFirst;

    public TargetList? At(DateTimeOffset at) => newestFirst.FirstOrDefault(list => list.ValidFrom <= at);

    /// <summary>What was promised to such a case at an instant, and by which line of which version.</summary>
    public (TargetList List, int Line)? For(in CaseTraits of, DateTimeOffset at)
    {
        if (At(at) is not { } list) { return null; }
        for (var i = 0; i < list.Targets.Count; i++)
        {
            if (list.Targets[i].Fits(of)) { return (list, i); }
        }
        return null;
    }
}
