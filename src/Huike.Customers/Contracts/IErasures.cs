namespace Huike.Customers.Contracts;

/// <summary>Erasures of persons, for callers without a page.</summary>
public interface IErasures
{
    /// <summary>Does again what the list of erasures tells and the database has forgotten: after a backup was restored.</summary>
    /// <param name="list">A newer list than the data folder's, whose lines are added to that one; null: there is none.</param>
    /// <param name="ct">Ends the work between two persons.</param>
    Task<ReplayedErasures> Replay(string? list, CancellationToken ct);

    /// <summary>Makes the key of the list where there is none yet, so that each backup holds the one by which later erasures are known again.</summary>
    Task Prepare(CancellationToken ct);
}

/// <summary>What replaying the list came to.</summary>
/// <param name="Listed">Persons on the list.</param>
/// <param name="Done">Erased again now.</param>
/// <param name="Standing">Erased in this database already.</param>
/// <param name="Absent">No such customer in this database, or another one by now.</param>
public sealed record ReplayedErasures(int Listed, int Done, int Standing, int Absent);
