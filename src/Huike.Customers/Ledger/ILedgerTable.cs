using System.Data.Common;

namespace Huike.Customers.Ledger;

/// <summary>What a batch came to.</summary>
/// <param name="Added">Lines written, or that would be.</param>
/// <param name="Known">Lines that other loads had brought.</param>
/// <param name="NewCustomers">Customers that got a file, or would.</param>
internal readonly record struct BatchOutcome(long Added, long Known, long NewCustomers);

/// <summary>The ledger's tables on one kind of database, by its fastest way in. Two implementations: SQLite and PostgreSQL.</summary>
internal interface ILedgerTable
{
    /// <summary>Which of these lines are there already, in the caller's transaction.</summary>
    /// <returns>Identity → load that brought it.</returns>
    Task<Dictionary<long, long>> Find(DbConnection connection, ArraySegment<LedgerLine> lines, CancellationToken ct);

    /// <summary>Ids of the customers or products with these keys; those without a file are missing.</summary>
    Task<Dictionary<string, long>> Ids(DbConnection connection, string table, string key, IReadOnlyList<string> keys, CancellationToken ct);

    /// <summary>Makes files, standings and search entries for new customers.</summary>
    /// <returns>Their ids, in order.</returns>
    Task<IReadOnlyList<long>> AddCustomers(DbConnection connection, IReadOnlyList<NewCustomer> customers, CancellationToken ct);

    /// <summary>Makes new products.</summary>
    /// <returns>Their ids, in order.</returns>
    Task<IReadOnlyList<long>> AddProducts(DbConnection connection, IReadOnlyList<Article> products, CancellationToken ct);

    /// <summary>Writes the lines, none of which is there yet.</summary>
    Task AddLines(DbConnection connection, IEnumerable<StoredLine> lines, long loadId, CancellationToken ct);
}

/// <summary>A line with its customer and product found.</summary>
internal readonly record struct StoredLine(LedgerLine Line, long? CustomerId, long? ProductId);
