using Huike.Analytics.Facts;
using Huike.Platform.Data;

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
        var recency = Score(buyers, i => asOf - days.DayOf(facts[i].LastAt), lowIsBest: true);
        var frequency = Score(buyers, i => facts[i].Documents, lowIsBest: false);
        var monetary = Score(buyers, i => (double)facts[i].Sales / Stored.Scale, lowIsBest: false);
        var scores = new RfmScore[facts.Length];
        for (var i = 0; i < buyers.Length; i++) { scores[buyers[i]] = new(recency[i], frequency[i], monetary[i]); }
        return scores;
    }

    private static byte[] Score(int[] buyers, Converter<int, double> value, bool lowIsBest)
    {
        var scores = new byte[buyers.Length];
        Statistics.Value.Rfm.ScoreAll(Array.ConvertAll(buyers, value), scores, lowIsBest);
        return scores;
    }
}
