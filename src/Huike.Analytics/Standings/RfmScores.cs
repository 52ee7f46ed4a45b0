using Huike.Analytics.Facts;

namespace Huike.Analytics.Standings;

/// <summary>Scores of one customer, 1 to 5; zeros for who never bought.</summary>
internal readonly record struct RfmScore(byte Recency, byte Frequency, byte Monetary);

/// <summary>RFM over a customer base: by days since the last purchase, number of documents and net sales, cut at the fifths of the base.</summary>
internal static class RfmScores
{
    /// <summary>One score per customer, in their order.</summary>
    public static RfmScore[] Of(CustomerFacts[] facts, FirmDays days, int asOf)
    {
        var buyers = Enumerable.Range(0, facts.Length).Where(i => facts[i].Purchases > 0).ToArray();
        var recency = Fifths(Array.ConvertAll(buyers, i => (double)(asOf - days.DayOf(facts[i].LastAt))));
        var frequency = Fifths(Array.ConvertAll(buyers, i => (double)facts[i].Documents));
        var monetary = Fifths(Array.ConvertAll(buyers, i => (double)facts[i].Sales));
        var scores = new RfmScore[facts.Length];
        for (var i = 0; i < buyers.Length; i++) { scores[buyers[i]] = new((byte)(6 - recency[i]), frequency[i], monetary[i]); }
        return scores;
    }

    private static byte[] Fifths(double[] values)
    {
        if (values.Length == 0) { return []; }
        var sorted = values.AsSpan().ToArray();
        Array.Sort(sorted);
        var cuts = Enumerable.Range(1, 4).Select(fifth =>
        {
            var place = (sorted.Length - 1) * fifth / 5.0;
            var below = (int)place;
            return below + 1 < sorted.Length ? sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
        }).ToArray();
        return Array.ConvertAll(values, value => (byte)(1 + cuts.Count(cut => value >= cut)));
    }
}
