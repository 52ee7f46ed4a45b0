namespace Huike.Statistics.Matching;

/// <summary>What was seen of pairs: how often each pattern of levels occurs among those compared, and how often each level among all pairs there are.</summary>
/// <param name="Patterns">Each different pattern: a level per field, -1 where a value is unknown.</param>
/// <param name="Counts">How many compared pairs have it.</param>
/// <param name="Levels">For each field and level, pairs of all there are; at least as many as were compared.</param>
/// <param name="Pairs">All pairs there are.</param>
/// <param name="Unlike">For each field how many of its lowest levels at most <see cref="LinkFit.MostUnlike"/> of the same pairs show; 0 for no such knowledge.</param>
public sealed record LinkEvidence(IReadOnlyList<int[]> Patterns, IReadOnlyList<double> Counts, IReadOnlyList<double[]> Levels, double Pairs, IReadOnlyList<int> Unlike);

/// <summary>Learns a <see cref="LinkModel"/> from pairs of which nobody said which are the same, by expectation and maximisation.</summary>
/// <remarks>A. Dempster, N. Laird, D. Rubin, JRSS B 39 (1977); W. Winkler, Using the EM Algorithm for Weight Computation in the Fellegi–Sunter Model (1988). Pairs that were not compared count as
/// not the same: so u is that of all pairs and not that of the alike ones among which was looked. So that a few pairs
/// don't say too much, five pairs as they usually are count with them.</remarks>
public static class LinkFit
{
    /// <summary>Of pairs that are the same at most so many have names that are unlike: else groups that share a street or a switchboard would be taken for the same.
    /// Convex constraints on EM: W. Winkler, Improved Decision Rules in the Fellegi–Sunter Model (1993).</summary>
    public const double MostUnlike = 0.1;
    private const int MostSteps = 200;
    private const double UsualPairs = 5;
    private const double Enough = 1e-7;

    /// <summary>Fits; O(patterns × fields) per step, at most 200 of them.</summary>
    /// <param name="evidence">What was seen.</param>
    /// <param name="follow">Told the logarithm of the likelihood, with that of what is usual, after each step; it never falls where there is no rivalry.</param>
    /// <param name="expected">About how many pairs are the same, to begin with; null where the evidence shall say.</param>
    /// <param name="rivalry">From the model and each pattern's odds to how many of its pairs are the same, where pairs exclude each other; null where each stands for itself.</param>
    /// <exception cref="ArgumentException">No pattern, or lengths that don't fit.</exception>
    public static LinkModel Run(LinkEvidence evidence, Action<double>? follow = null, double? expected = null, Func<LinkModel, double[], double[]>? rivalry = null)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Patterns.Count == 0 || evidence.Patterns.Count != evidence.Counts.Count || evidence.Patterns.Any(pattern => pattern.Length != evidence.Levels.Count))
        {
            throw new ArgumentException("Each pattern needs a count and a level for each field.", nameof(evidence));
        }
        var model = Start(evidence, expected);
        var before = double.NegativeInfinity;
        for (var step = 0; step < MostSteps; step++)
        {
            var (next, likelihood) = Step(model, evidence, rivalry);
            follow?.Invoke(likelihood);
            if (step > 0 && Math.Abs(likelihood - before) < Enough * Math.Abs(likelihood)) { break; }
            (model, before) = (next, likelihood);
        }
        return Rising(model);
    }

    /// <summary>As many pairs are the same as agree in most of what is known of them.</summary>
    private static LinkModel Start(LinkEvidence evidence, double? expected)
    {
        var same = evidence.Levels.Select(levels => Usual(levels.Length)).ToArray();
        var different = evidence.Levels.Select(levels => Shares(levels, evidence.Pairs)).ToArray();
        var alike = expected ?? evidence.Patterns.Select((pattern, i) => pattern.Where((level, field) => level >= (evidence.Levels[field].Length - 1) * 0.6).Count() * 2 > pattern.Count(level => level >= 0) ? evidence.Counts[i] : 0).Sum();
        return new(Math.Clamp((alike + 1) / evidence.Pairs, 1e-12, 0.5), same, different);
    }

    /// <summary>Half of what is the same agrees wholly, the rest the more often the more alike.</summary>
    private static double[] Usual(int levels) => [.. Enumerable.Range(1, levels).Select(level => (level / (levels * (levels + 1.0))) + (level == levels ? 0.5 : 0))];

    private static (LinkModel Next, double Likelihood) Step(LinkModel model, LinkEvidence evidence, Func<LinkModel, double[], double[]>? rivalry)
    {
        var fields = evidence.Levels.Count;
        var same = evidence.Levels.Select(levels => new double[levels.Length]).ToArray();
        var compared = evidence.Levels.Select(levels => new double[levels.Length]).ToArray();
        var (odds, likelihood) = Odds(model, evidence);
        var shares = rivalry?.Invoke(model, odds) ?? [.. odds.Select((one, i) => evidence.Counts[i] * one / (1 + one))];
        for (var i = 0; i < shares.Length; i++)
        {
            for (var field = 0; field < fields; field++)
            {
                if (evidence.Patterns[i][field] is not (>= 0 and var level)) { continue; }
                same[field][level] += shares[i];
                compared[field][level] += evidence.Counts[i];
            }
        }
        for (var field = 0; field < fields; field++)
        {
            for (var level = 0; level < same[field].Length; level++) { likelihood += Math.Max(0, evidence.Levels[field][level] - compared[field][level]) * Math.Log(model.Different[field][level]); }
        }
        for (var field = 0; field < fields; field++)
        {
            var usual = Usual(same[field].Length);
            for (var level = 0; level < usual.Length; level++)
            {
                same[field][level] += UsualPairs * usual[level];
                likelihood += UsualPairs * usual[level] * Math.Log(model.Same[field][level]);
            }
        }
        var all = shares.Sum();
        return (new(Math.Clamp(all / evidence.Pairs, 1e-12, 0.5), [.. same.Select((levels, field) => Held(Shares(levels, all + UsualPairs), evidence.Unlike[field]))], [.. same.Select((levels, field) => Shares([.. levels.Select((share, level) => Math.Max(evidence.Levels[field][level], compared[field][level]) - share + (UsualPairs * Usual(levels.Length)[level]))], evidence.Pairs))]), likelihood);
    }

    /// <summary>The odds that a pair of each pattern is the same, and the logarithm of the likelihood of all pairs' patterns.</summary>
    private static (double[] Odds, double Likelihood) Odds(LinkModel model, LinkEvidence evidence)
    {
        var odds = new double[evidence.Patterns.Count];
        var likelihood = (evidence.Pairs - evidence.Counts.Sum()) * Math.Log(1 - model.Prior);
        for (var i = 0; i < odds.Length; i++)
        {
            var pattern = evidence.Patterns[i];
            var (m, u) = (Math.Log(model.Prior), Math.Log(1 - model.Prior));
            for (var field = 0; field < pattern.Length; field++)
            {
                if (pattern[field] < 0) { continue; }
                m += Math.Log(model.Same[field][pattern[field]]);
                u += Math.Log(model.Different[field][pattern[field]]);
            }
            odds[i] = Math.Exp(Math.Min(m - u, 300));
            likelihood += evidence.Counts[i] * (u + Math.Log(1 + odds[i]));
        }
        return (odds, likelihood);
    }

    /// <summary>Shares of levels; a level that was never seen keeps a little, so that one surprise alone decides nothing.</summary>
    private static double[] Shares(double[] counts, double pairs)
    {
        var least = Math.Max(1e-12, 0.5 / Math.Max(pairs, 1));
        var sum = counts.Sum();
        var shares = counts.Select(count => Math.Max(least, sum > 0 ? count / sum : 1.0 / counts.Length)).ToArray();
        var whole = shares.Sum();
        return [.. shares.Select(share => share / whole)];
    }

    /// <summary>The most likely shares under the constraint.</summary>
    private static double[] Held(double[] shares, int unlike)
    {
        var low = shares.Take(unlike).Sum();
        return low <= MostUnlike ? shares : [.. shares.Select((share, level) => level < unlike ? share * MostUnlike / low : share * (1 - MostUnlike) / (1 - low))];
    }

    /// <summary>More alike never speaks more against: neighbouring levels where it would are one (pooled adjacent violators).</summary>
    private static LinkModel Rising(LinkModel model)
    {
        var (same, different) = (model.Same.Select(levels => levels.ToArray()).ToArray(), model.Different.Select(levels => levels.ToArray()).ToArray());
        for (var field = 0; field < same.Length; field++)
        {
            var pools = new List<(double M, double U, int Count)>();
            for (var level = 0; level < same[field].Length; level++)
            {
                pools.Add((same[field][level], different[field][level], 1));
                while (pools.Count > 1 && pools[^2].M * pools[^1].U > pools[^1].M * pools[^2].U)
                {
                    var (high, low) = (pools[^1], pools[^2]);
                    pools.RemoveRange(pools.Count - 2, 2);
                    pools.Add((low.M + high.M, low.U + high.U, low.Count + high.Count));
                }
            }
            var ratios = pools.SelectMany(pool => Enumerable.Repeat(pool.M / pool.U, pool.Count)).ToArray();
            // The ratio is what counts: u stays, m follows it.
            for (var level = 0; level < ratios.Length; level++) { same[field][level] = ratios[level] * different[field][level]; }
        }
        return new(model.Prior, same, different);
    }
}
