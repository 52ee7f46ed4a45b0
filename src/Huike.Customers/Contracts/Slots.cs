using System.Data.Common;

namespace Huike.Customers.Contracts;

/// <summary>A part of the customer file that a module above this one draws. The component takes one parameter, <c>long CustomerId</c>.</summary>
/// <param name="Component">Type of a Razor component.</param>
/// <param name="Order">Place among the panels of its column, smallest first.</param>
/// <param name="Wide">True for the middle column; false for the side.</param>
public sealed record CustomerPanel(Type Component, int Order, bool Wide);

/// <summary>Hears that the ledger changed, inside the transaction that ends the change.</summary>
public interface ILedgerListener
{
    /// <summary>Called once per load or undone load.</summary>
    /// <param name="connection">The transaction; jobs may be added to it.</param>
    /// <param name="change">What changed.</param>
    /// <param name="ct">Ends the call.</param>
    Task LedgerChanged(DbConnection connection, LedgerChange change, CancellationToken ct);
}

/// <summary>What a load, or undoing one, did to the ledger.</summary>
/// <param name="LoadId">The load.</param>
/// <param name="FirstTransactionId">Its transactions have this id or a higher one.</param>
/// <param name="Transactions">How many were added or removed.</param>
/// <param name="Undone">True where they were removed: those who lost transactions can't be told any more.</param>
/// <param name="By">Who did it.</param>
public sealed record LedgerChange(long LoadId, long FirstTransactionId, long Transactions, bool Undone, string By);
