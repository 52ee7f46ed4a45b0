using Huike.Customers.Contracts;

namespace Huike.Analytics.Rfm;

/// <summary>A cell of the grid: customers with these scores.</summary>
internal sealed record RfmCell(int Recency, int Frequency, int Customers, decimal Sales, decimal Contribution);

/// <summary>How a score comes about: the span of what is scored.</summary>
/// <param name="Score">1 to 5.</param>
/// <param name="Low">Least value with this score: days since, documents or money.</param>
/// <param name="High">Greatest.</param>
internal sealed record RfmBand(int Score, decimal Low, decimal High);

/// <summary>RFM over the base: the grid of recency and frequency, and what each score means.</summary>
internal sealed record RfmPicture(IReadOnlyList<RfmCell> Cells, IReadOnlyList<RfmBand> Recency, IReadOnlyList<RfmBand> Frequency, IReadOnlyList<RfmBand> Monetary)
{
    /// <summary>Draws the picture; those who never bought are left out.</summary>
    /// <param name="standings">Everyone.</param>
    /// <param name="asOf">End of the last day that counts.</param>
    public static RfmPicture Of(IEnumerable<Standing> standings, DateTimeOffset asOf)
    {
        var cells = new (int Customers, decimal Sales, decimal Contribution)[6, 6];
        var bands = new (decimal Low, decimal High)?[3, 6];
        foreach (var one in standings)
        {
            if (one.Recency == 0) { continue; }
            ref var cell = ref cells[one.Recency, one.Frequency];
            cell = (cell.Customers + 1, cell.Sales + one.Sales, cell.Contribution + one.Contribution);
            Widen(ref bands[0, one.Recency], Math.Max(0, (int)(asOf - one.LastAt).TotalDays));
            Widen(ref bands[1, one.Frequency], one.Documents);
            Widen(ref bands[2, one.Monetary], one.Sales);
        }
        return new(
            [.. from recency in Enumerable.Range(1, 5) from frequency in Enumerable.Range(1, 5) let cell = cells[recency, frequency] select new RfmCell(recency, frequency, cell.Customers, cell.Sales, cell.Contribution)],
            Row(bands, 0), Row(bands, 1), Row(bands, 2));
    }

    private static void Widen(ref (decimal Low, decimal High)? band, decimal value) =>
        band = band is { } known ? (Math.Min(known.Low, value), Math.Max(known.High, value)) : (value, value);

    private static List<RfmBand> Row((decimal Low, decimal High)?[,] bands, int row) =>
        [.. from score in Enumerable.Range(1, 5) where bands[row, score] is not null select new RfmBand(score, bands[row, score]!.Value.Low, bands[row, score]!.Value.High)];
}
