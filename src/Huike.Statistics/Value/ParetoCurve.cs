namespace Huike.Statistics.Value;

/// <summary>A point of the Pareto curve.</summary>
/// <param name="Customers">Share of customers, best first, in [0, 1].</param>
/// <param name="Value">Share of the total that they bring; above 1 where others bring less than nothing.</param>
public readonly record struct ParetoPoint(double Customers, double Value);

/// <summary>80/20 analysis (H3): customers in descending order of what they bring, and the share that the best of them bring together.</summary>
public sealed class ParetoCurve
{
    // Takes 0.29 × 100 = 28.999… for 29 customers, and is far smaller than one customer in a base of any size.
    private const double Rounding = 1e-9;
    private readonly double[] cumulated;

    private ParetoCurve(double[] cumulated, double gini)
    {
        this.cumulated = cumulated;
        Gini = gini;
    }

    /// <summary>Customers on the curve.</summary>
    public int Customers => cumulated.Length;

    /// <summary>Sum of all values.</summary>
    public double Total => cumulated.Length == 0 ? 0 : cumulated[^1];

    /// <summary>Gini coefficient: 0 where all bring the same, near 1 where one brings all; above 1 is possible with negative values,
    /// NaN where the total is not above 0.</summary>
    public double Gini { get; }

    /// <summary>Sorts once; O(n log n), one copy.</summary>
    /// <param name="values">Sales or contribution, one per customer; negative ones allowed.</param>
    public static ParetoCurve Of(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        Array.Reverse(sorted);
        var (sum, lost, weighted) = (0.0, 0.0, 0.0);
        for (var i = 0; i < sorted.Length; i++)
        {
            weighted += (sorted.Length - i) * sorted[i];

            // Compensated summation (Neumaier 1974): millions of small amounts below a few large ones keep their cents.
            var next = sum + sorted[i];
            lost += Math.Abs(sum) >= Math.Abs(sorted[i]) ? sum - next + sorted[i] : sorted[i] - next + sum;
            sum = next;
            sorted[i] = sum + lost;
        }

        var total = sum + lost;
        double n = sorted.Length;
        return new ParetoCurve(sorted, total > 0 ? ((2 * weighted / total) - (n + 1)) / n : double.NaN);
    }

    /// <summary>Number of customers in the top share: ⌊p·N⌋, but at least 1 (0 in an empty base).</summary>
    /// <param name="share">p, in (0, 1].</param>
    public int CustomersInTop(double share)
    {
        if (!(share > 0 && share <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies in (0, 1].");
        }

        return Math.Min(Customers, Math.Max(1, (int)Math.Floor((share * Customers) + Rounding)));
    }

    /// <summary>Share of the total that the top share of customers bring.</summary>
    /// <param name="share">p, in (0, 1].</param>
    /// <returns>NaN where the total is not above 0.</returns>
    public double ShareOfTop(double share) => ShareOf(CustomersInTop(share));

    /// <summary>The curve from (0, 0) to (1, 1).</summary>
    /// <param name="steps">Number of equal steps, 1 or more; fewer where there are fewer customers. The result has one point more.</param>
    /// <returns>Empty where the total is not above 0.</returns>
    public ParetoPoint[] Points(int steps = 200)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        if (!(Total > 0))
        {
            return [];
        }

        var parts = Math.Min(steps, Customers);
        var points = new ParetoPoint[parts + 1];
        for (var i = 0; i <= parts; i++)
        {
            var customers = (int)((long)Customers * i / parts);
            points[i] = new ParetoPoint((double)customers / Customers, ShareOf(customers));
        }

        return points;
    }

    private double ShareOf(int customers) => !(Total > 0) ? double.NaN : customers == 0 ? 0 : cumulated[customers - 1] / Total;
}
