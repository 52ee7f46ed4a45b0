using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Customers.Timeline;

/// <summary>A line of a document.</summary>
internal sealed record DocumentLine(string Product, decimal Quantity, decimal Price, decimal Amount, bool IsReturn, string? Place);

/// <summary>The lines of one document, as opened from the timeline.</summary>
/// <param name="Number">The document's number; may be empty.</param>
/// <param name="Lines">In the ledger's order.</param>
/// <param name="IsMore">True where there are more than are shown.</param>
/// <param name="Words">Language and currency.</param>
internal sealed record DocumentView(string Number, IReadOnlyList<DocumentLine> Lines, bool IsMore, ListWording Words)
{
    private const int Most = 500;

    public static async Task<DocumentView> Read(DbConnection connection, long customerId, DateTimeOffset at, string number, ListWording words, CancellationToken ct)
    {
        var lines = await connection.Rows($"""
            select coalesce(nullif(p.name, ''), p.code, ''), t.quantity, t.price, t.amount, t.is_return, t.place
            from customers_transaction t left join customers_product p on p.id = t.product_id
            where t.customer_id = @id and t.at = @at and t.document = @document order by t.id limit {Most + 1}
            """, row => new DocumentLine(row.GetString(0), row.Amount(1), row.Amount(2), row.Amount(3), row.GetBoolean(4), row.TextOrNull(5)), ct, ("id", customerId), ("at", at), ("document", number));
        return new(number, lines.Count > Most ? lines[..Most] : lines, lines.Count > Most, words);
    }
}
