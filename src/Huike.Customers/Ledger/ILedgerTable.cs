using System.Data.Common;

namespace Huike.Customers.Ledger;

/// <summary>The ledger's tables on one kind of database, by its fastest way in. Two implementations: SQLite and PostgreSQL.</summary>
internal interface ILedgerTable
{
    /// <summary>Which of these lines are there already, in the caller's transaction.</summary>
    /// <returns>Identity → load that brought it.</returns>
    Task<Dictionary<long, long>> Find(DbConnection connection, ArraySegment<LedgerLine> lines, CancellationToken ct);

    /// <summary>Ids of the customers or products with these keys; those without a file are missing.</summary>
    Task<Dictionary<string, long>> Ids(DbConnection connection, string table, string key, IReadOnlyList<string> keys, CancellationToken ct);

    /// <summary>Ids for new customers, which nobody else gets.</summary>
    Task<IReadOnlyList<long>> NewIds(DbConnection connection, int count, CancellationToken ct);

    /// <summary>Makes files, standings and search entries for new customers.</summary>
    /// <param name="connection">Holds the caller's transaction.</param>
    /// <param name="ids">From <see cref="NewIds"/>, one for each.</param>
    /// <param name="customers">As they come.</param>
    /// <param name="ct">Ends the work.</param>
    Task AddCustomers(DbConnection connection, IReadOnlyList<long> ids, IReadOnlyList<NewCustomer> customers, CancellationToken ct);

    /// <summary>Ids for new rows of a table that belongs to customers.</summary>
    Task<IReadOnlyList<long>> PartIds(DbConnection connection, string table, int count, CancellationToken ct);

    /// <summary>Writes rows; their values in the order of the columns.</summary>
    Task Add(DbConnection connection, string table, string columns, IReadOnlyList<object?[]> rows, CancellationToken ct);

    /// <summary>Makes new products.</summary>
    /// <returns>Their ids, in order.</returns>
    Task<IReadOnlyList<long>> AddProducts(DbConnection connection, IReadOnlyList<Article> products, CancellationToken ct);

    /// <summary>Writes the lines, none of which is there yet.</summary>
    Task AddLines(DbConnection connection, IEnumerable<StoredLine> lines, long loadId, CancellationToken ct);
}

/// <summary>A line with its customer and product found.</summary>
internal readonly record struct StoredLine(LedgerLine Line, string Document, long? CustomerId, long? ProductId);
