using System.Data.Common;
using Huike.Platform.Audit;

namespace Huike.Platform.Access.HandOvers;

/// <summary>Moves the records of a kind when somebody hands over, where more belongs to that than another owner; and offers places where they can wait for one. Registered as scoped.</summary>
public interface ITakeOver
{
    /// <summary>Name of the <see cref="Records.RecordKind"/>.</summary>
    string Kind { get; }

    /// <summary>Text key of the question whether they go to a place instead of the successor.</summary>
    string Label { get; }

    /// <summary>Where they can wait.</summary>
    Task<IReadOnlyList<(long Id, string Name)>> Places(DbConnection connection, CancellationToken ct);

    /// <summary>Moves some hundred of them.</summary>
    /// <param name="connection">Holds the transaction of handing over.</param>
    /// <param name="records">Which.</param>
    /// <param name="to">Who looks after them; null: nobody, they wait at the place.</param>
    /// <param name="place">Number of the place; 0 where there is a successor.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>An entry of each.</returns>
    Task<IReadOnlyList<AuditEntry>> Move(DbConnection connection, IReadOnlyCollection<long> records, Owner? to, long place, CancellationToken ct);
}
