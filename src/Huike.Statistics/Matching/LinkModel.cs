namespace Huike.Statistics.Matching;

/// <summary>Fellegi–Sunter: how likely each level of agreement of a field is among pairs that are the same (m) and that are not (u), and how many pairs are the same at all.</summary>
/// <remarks>Source: I. Fellegi, A. Sunter, A Theory for Record Linkage, JASA 64 (1969).</remarks>
/// <param name="Prior">Share of pairs of all pairs that are the same; in (0, 1).</param>
/// <param name="Same">m: for each field the probabilities of its levels, that sum to 1.</param>
/// <param name="Different">u: the same of pairs that are not the same.</param>
public sealed record LinkModel(double Prior, IReadOnlyList<IReadOnlyList<double>> Same, IReadOnlyList<IReadOnlyList<double>> Different)
{
    /// <summary>What a level of a field says for (above 0) or against (below 0), in bits; 0 for an unknown value.</summary>
    /// <param name="field">The field's place.</param>
    /// <param name="level">0 for "differs" up to the field's highest; -1 where a value is unknown.</param>
    public double Weight(int field, int level) => level < 0 ? 0 : Math.Log2(Same[field][level] / Different[field][level]);

    /// <summary>Whether the model was learned of fields like these: as many, each with as many levels.</summary>
    /// <param name="kinds">What the fields hold.</param>
    public bool Fits(IReadOnlyList<FieldKind> kinds) => Same.Count == kinds.Count && Different.Count == kinds.Count && kinds.Select(Column.LevelsOf).SequenceEqual(Same.Select(levels => levels.Count)) && Different.Select(levels => levels.Count).SequenceEqual(Same.Select(levels => levels.Count));

    /// <summary>The odds before anything is compared, in bits.</summary>
    public double PriorWeight => Math.Log2(Prior / (1 - Prior));

    /// <summary>The model with weights of one field that were set instead of learned; the levels between follow in equal steps.</summary>
    /// <param name="field">The field's place.</param>
    /// <param name="same">What its highest level says, in bits.</param>
    /// <param name="differs">What its lowest level says, in bits; at most <paramref name="same"/>.</param>
    /// <remarks>m is then u · 2^weight, and no probability any more.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="differs"/> is above <paramref name="same"/>.</exception>
    public LinkModel With(int field, double same, double differs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(differs, same);
        var steps = Different[field].Count - 1.0;
        double[] set = [.. Different[field].Select((unlike, level) => unlike * Math.Pow(2, differs + ((same - differs) * level / steps)))];
        return this with { Same = [.. Same.Select((levels, at) => at == field ? set : levels)] };
    }

    /// <summary>The probability that belongs to a whole weight.</summary>
    /// <param name="weight">Prior and fields together, in bits.</param>
    /// <returns>In [0, 1].</returns>
    public static double Probability(double weight) => 1 / (1 + Math.Exp(-weight * Math.Log(2)));
}
