using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using Huike.Analytics.Facts;
using Huike.Platform.Data;

namespace Huike.Analytics.Pyramid;

/// <summary>What customers are ranked by, from the most down.</summary>
internal enum RankBy
{
    Contribution = 0,
    Sales = 1,
}

/// <summary>A customer in the ranking of a period.</summary>
internal readonly record struct RankedCustomer(long CustomerId, decimal Sales, decimal Contribution);

/// <summary>
/// Customers of one period from the best down, so that figures of any period open the customers behind them: a tier, the top fifth, those who cost more than they
/// bring are each one stretch of it. Kept in pieces of some thousand, 24 bytes a customer: as rows they would outgrow the ledger.
/// </summary>
internal static class Ranking
{
    /// <summary>Names the stretch of those who make up the top fifth.</summary>
    public const string Best = "top";

    /// <summary>Names the stretch of those who cost more than they bring.</summary>
    public const string Negative = "negative";

    private const int PieceLength = 2_000;
    private const int RowLength = 24;

    /// <summary>Puts the rankings of a period in place.</summary>
    /// <param name="connection">Holds the caller's transaction.</param>
    /// <param name="period">Key of the period.</param>
    /// <param name="sums">What its customers brought.</param>
    /// <param name="ct">Ends the write.</param>
    public static async Task Put(DbConnection connection, string period, PeriodSums sums, CancellationToken ct)
    {
        foreach (var by in Enum.GetValues<RankBy>())
        {
            var order = OrderOf(sums, by);
            for (var place = 0; place < order.Length; place += PieceLength)
            {
                await connection.Run("insert into analytics_ranking (period, sort, place, customers) values (@period, @sort, @place, @customers)", ct,
                    ("period", period), ("sort", by), ("place", place), ("customers", Piece(sums, order.AsSpan(place, Math.Min(PieceLength, order.Length - place)))));
            }
        }
    }

    /// <summary>A stretch of a ranking. Costs its rows and at most a piece more, wherever it lies.</summary>
    /// <param name="database">Where from.</param>
    /// <param name="period">Key of the period.</param>
    /// <param name="by">Which order.</param>
    /// <param name="from">How many stand before the first.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="ct">Ends the read.</param>
    public static async Task<IReadOnlyList<RankedCustomer>> Read(Database database, string period, RankBy by, int from, int count, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var pieces = await connection.Rows("select place, customers from analytics_ranking where period = @period and sort = @sort and place > @before and place < @end order by place",
            row => (Place: row.GetInt32(0), Rows: (byte[])row.GetValue(1)), ct, ("period", period), ("sort", by), ("before", from - PieceLength), ("end", from + count));
        return [.. pieces.SelectMany(piece => Enumerable.Range(0, piece.Rows.Length / RowLength).Select(i => (Place: piece.Place + i, Row: piece.Rows.AsMemory(i * RowLength, RowLength))))
            .Where(row => row.Place >= from && row.Place < from + count).Select(row => Customer(row.Row.Span))];
    }

    /// <summary>The page of a stretch.</summary>
    /// <param name="period">Key of the period.</param>
    /// <param name="by">Which order.</param>
    /// <param name="of">Name of a tier, <see cref="Best"/> or <see cref="Negative"/>; null for all.</param>
    /// <param name="from">How many of them stand before the first one shown.</param>
    public static string Href(string period, RankBy by, string? of, int from = 0) => string.Create(CultureInfo.InvariantCulture,
        $"/value/ranking?period={Uri.EscapeDataString(period)}{(by == RankBy.Sales ? "&by=sales" : "")}{(of is null ? "" : "&of=" + Uri.EscapeDataString(of))}{(from > 0 ? $"&from={from}" : "")}");

    /// <summary>Places in the sums from the most down; of equal ones the earlier customer stands higher, as in the pyramid.</summary>
    private static int[] OrderOf(PeriodSums sums, RankBy by)
    {
        var values = (by == RankBy.Sales ? sums.Sales : sums.Contribution).ToArray();
        var order = new int[values.Length];
        for (var i = 0; i < order.Length; i++) { (order[i], values[i]) = (i, -values[i]); }
        Array.Sort(values, order);
        for (var i = 0; i < values.Length;)
        {
            var begin = i;
            while (i < values.Length && values[i] == values[begin]) { i++; }
            Array.Sort(order, begin, i - begin);
        }
        return order;
    }

    private static byte[] Piece(PeriodSums sums, ReadOnlySpan<int> places)
    {
        var rows = new byte[places.Length * RowLength];
        for (var i = 0; i < places.Length; i++)
        {
            var row = rows.AsSpan(i * RowLength, RowLength);
            BinaryPrimitives.WriteInt64LittleEndian(row, sums.Customers[places[i]]);
            BinaryPrimitives.WriteInt64LittleEndian(row[8..], sums.Sales[places[i]]);
            BinaryPrimitives.WriteInt64LittleEndian(row[16..], sums.Contribution[places[i]]);
        }
        return rows;
    }

    private static RankedCustomer Customer(ReadOnlySpan<byte> row) => new(BinaryPrimitives.ReadInt64LittleEndian(row),
        BinaryPrimitives.ReadInt64LittleEndian(row[8..]).FromStored(), BinaryPrimitives.ReadInt64LittleEndian(row[16..]).FromStored());
}
