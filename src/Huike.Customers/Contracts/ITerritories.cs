namespace Huike.Customers.Contracts;

/// <summary>Who looks after the customers of a place.</summary>
public interface ITerritories
{
    /// <summary>Places in which customers are whom nobody looks after, and how many there are.</summary>
    Task<IReadOnlyList<(string Place, int Customers)>> Open(CancellationToken ct);

    /// <summary>Gives the customers of a place whom nobody looks after to an owner; each gets its entry in the audit.</summary>
    /// <param name="place">As the customers' files say it.</param>
    /// <param name="owner">Sign-in name.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="Huike.Platform.RuleException"><c>access.user.nameUnknown</c>.</exception>
    Task<int> Give(string place, string owner, CancellationToken ct);
}
