using Huike.Platform.Access.Organisation;
using Huike.Platform.Approvals;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Pools;

/// <summary>Pools of the request's user.</summary>
/// <param name="Rows">Each with how many wait in it, and how many the user has claimed today.</param>
/// <param name="Leaving">How many of his own customers go in the next days.</param>
/// <param name="Waiting">Requests that he decides.</param>
/// <param name="MayManage">Whether he makes pools.</param>
internal sealed record PoolListView(IReadOnlyList<(Pool Pool, long Waits, long Claimed)> Rows, int Leaving, int Waiting, bool MayManage);

/// <summary>What waits in a pool.</summary>
/// <param name="Pool">Which.</param>
/// <param name="List">The page of customers, as the list shows it.</param>
/// <param name="People">Who can be given some; none for members.</param>
/// <param name="Error">What was refused; null: nothing.</param>
internal sealed record PoolView(Pool Pool, CustomerListView List, IReadOnlyList<Person> People, string? Error)
{
    /// <summary>How many were claimed just now.</summary>
    public int? Done { get; init; }

    /// <summary>How many of those that were wanted somebody else had by then.</summary>
    public int Gone { get; init; }
}

/// <summary>A customer who waits.</summary>
internal sealed record PooledView(Pool Pool, CustomerFacts Facts, Viewer Viewer, IReadOnlyList<Hand> Hands, DateTimeOffset Since, ListWording Words);

/// <summary>The form of a pool.</summary>
internal sealed record PoolFormView(Pool? Pool, PoolDraft Draft, IReadOnlyList<PlacedUnit> Units, IReadOnlyList<(long Id, string Name)> Flows, string Key, string? Error);

/// <summary>Who goes when, and why.</summary>
/// <param name="Pool">Into which pool; with rules that were not saved where they are tried.</param>
/// <param name="Days">Each day with how many go.</param>
/// <param name="Owners">Each owner with how many go.</param>
/// <param name="Rows">Those of the day that is shown.</param>
/// <param name="Day">That day; null: nobody goes.</param>
/// <param name="Span">Working days ahead.</param>
internal sealed record GoingView(Pool Pool, IReadOnlyList<(DateOnly Day, int Count)> Days, IReadOnlyList<(long Id, string Name, int Count)> Owners, IReadOnlyList<(Departure Departure, string Owner)> Rows, DateOnly? Day, int Span)
{
    public const int Most = 100;

    /// <summary>Rules that were typed and not saved, to send them again; null: those in force.</summary>
    public IFormCollection? Tried { get; init; }

    /// <summary>The last row's customer, from which the day goes on; null: nobody follows.</summary>
    public long? Next { get; init; }
}

/// <summary>The history of a pool.</summary>
internal sealed record HandsView(Pool Pool, HandQuery Query, IReadOnlyList<Hand> Rows, IReadOnlyList<(long Id, string Name)> People, bool MayExport, ListWording Words);

/// <summary>Figures of a pool.</summary>
internal sealed record FiguresView(Pool Pool, IReadOnlyList<PoolFigures> Rows, DateOnly From, DateOnly To);

/// <summary>Of one's own customers those who go.</summary>
internal sealed record LeavingView(IReadOnlyList<(Departure Departure, Pool Pool, Extension? Extension)> Rows);

/// <summary>Requests that wait for the request's user.</summary>
internal sealed record ExtensionsView(IReadOnlyList<(Extension Extension, bool ByFlow)> Rows, ListWording Words);
