using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Customers;

/// <summary>What was changed on a customer's file, by whom and from what to what: nothing is silently overwritten (H1).</summary>
internal static class CustomerHistory
{
    public static Task Write(DbConnection connection, long customerId, IEnumerable<(string Field, string? Old, string? New)> changes, (DateTimeOffset At, string By) when, CancellationToken ct) =>
        Write(connection, [.. changes.Select(change => (customerId, change.Field, change.Old, change.New))], when, ct);

    /// <summary>The same of many customers.</summary>
    public static async Task Write(DbConnection connection, IReadOnlyCollection<(long CustomerId, string Field, string? Old, string? New)> changes, (DateTimeOffset At, string By) when, CancellationToken ct)
    {
        if (changes.Count == 0) { return; }
        var (sql, values) = ValueTable.Of(connection.Kind(), "bigint, text, text, text", changes.Select(change => (object?[])[change.CustomerId, change.Field, change.Old, change.New]));
        await connection.Run($"insert into customers_change (customer_id, field, old_value, new_value, created_at, created_by) select column1, column2, column3, column4, @at, @by from {sql} v", ct, values, ("at", when.At), ("by", when.By));
    }
}
