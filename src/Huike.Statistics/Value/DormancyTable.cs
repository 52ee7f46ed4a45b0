using System.Collections.Concurrent;

namespace Huike.Statistics.Value;

/// <summary><see cref="IPurchaseModel.DormantAfter"/> of one threshold for millions of customers: solved once per number of repeats at nodes
/// of recency, as they are asked for, and interpolated between.</summary>
/// <remarks>Relative error under 1e-4 (DormancyTests). Safe for several threads. O(1) per call once the nodes around are known.</remarks>
public sealed class DormancyTable
{
    private const int Nodes = 512;

    // Beyond it customers are too few to be worth nodes of their own.
    private const int MostRepeats = 1024;
    private readonly IPurchaseModel model;
    private readonly double threshold;
    private readonly double scale;
    private readonly double longest;
    private readonly double perNode;
    private readonly ConcurrentDictionary<int, double[]> logGaps = new();

    /// <param name="model">A fitted model.</param>
    /// <param name="threshold">Probability of being active at which a customer counts as dormant; in (0, 1).</param>
    /// <param name="longestRecency">Largest recency usually asked for, in the model's time unit; above 0. Longer ones are solved one by one.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument outside its range.</exception>
    public DormancyTable(IPurchaseModel model, double threshold, double longestRecency)
    {
        ArgumentNullException.ThrowIfNull(model);
        Range.CheckThreshold(threshold);
        this.model = model;
        this.threshold = threshold;
        longest = Range.Parameter(longestRecency);

        // The gap bends where the recency passes the models' own time scales; the logarithm spreads nodes evenly over that bend.
        scale = model switch
        {
            ParetoNbd => Math.Min(model.Parameters[1], model.Parameters[3]),
            _ => model.Parameters[1],
        };
        perNode = Math.Log(1 + (longest / scale)) / (Nodes - 1);
    }

    /// <summary>Time after the last purchase at which the customer counts as dormant.</summary>
    /// <param name="repeats">x, 0 or more.</param>
    /// <param name="recency">t_x, 0 or more.</param>
    /// <returns>0 where at once, infinity where never.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument outside its range.</exception>
    public double After(int repeats, double recency)
    {
        if (repeats < 0 || repeats > MostRepeats || !(recency > 0 && recency < longest))
        {
            return model.DormantAfter(repeats, recency, threshold);
        }

        var nodes = logGaps.GetOrAdd(repeats, static _ => Unknown());
        var place = Math.Log(1 + (recency / scale)) / perNode;
        var below = Math.Min((int)place, Nodes - 2);
        var (low, high) = (Node(nodes, repeats, below), Node(nodes, repeats, below + 1));
        return double.IsFinite(low) && double.IsFinite(high)
            ? Math.Exp(low + ((place - below) * (high - low)))
            : model.DormantAfter(repeats, recency, threshold);
    }

    private double Node(double[] nodes, int repeats, int index)
    {
        if (double.IsNaN(nodes[index]))
        {
            nodes[index] = Math.Log(model.DormantAfter(repeats, scale * (Math.Exp(index * perNode) - 1), threshold));
        }

        return nodes[index];
    }

    private static double[] Unknown()
    {
        var nodes = new double[Nodes];
        Array.Fill(nodes, double.NaN);
        return nodes;
    }
}
