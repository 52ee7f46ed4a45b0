using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Customers;

/// <summary>What was changed on a customer's file, by whom and from what to what: nothing is silently overwritten (H1).</summary>
internal static class CustomerHistory
{
    public static async Task Write(DbConnection connection, long customerId, IEnumerable<(string Field, string? Old, string? New)> changes, (DateTimeOffset At, string By) when, CancellationToken ct)
    {
        foreach (var (field, old, now) in changes)
        {
            await connection.Run("insert into customers_change (customer_id, field, old_value, new_value, created_at, created_by) values (@id, @field, @old, @new, @at, @by)", ct,
                ("id", customerId), ("field", field), ("old", old), ("new", now), ("at", when.At), ("by", when.By));
        }
    }
}
