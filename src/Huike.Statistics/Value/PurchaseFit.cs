using Huike.Statistics.Numerics;

namespace Huike.Statistics.Value;

/// <summary>What the fits of both purchase models share: refusal of hopeless data, scaling of time, and starting on a thinned base.</summary>
internal static class PurchaseFit
{
    // Enough different histories to come near the maximum; the rest only moves the last digits.
    private const int Sketch = 1000;

    // Enough to see which of several tops is the highest.
    private const int Rough = 250;

    internal delegate LogLikelihood LikelihoodOf(PurchaseHistory[] histories, int[] counts);

    /// <param name="groups">The base.</param>
    /// <param name="likelihoodOf">Builds the model's likelihood over scaled histories.</param>
    /// <param name="starts">Start points (natural parameters) for a mean purchase rate in scaled time.</param>
    /// <param name="times">Indices of the parameters that are times, to be scaled back.</param>
    /// <param name="create">The model from its natural parameters.</param>
    /// <typeparam name="TModel">The model fitted.</typeparam>
    internal static ModelFit<TModel> Run<TModel>(
        HistoryGroups groups, LikelihoodOf likelihoodOf, Func<double, IEnumerable<double[]>> starts, int[] times, Func<double[], TModel> create)
        where TModel : class
    {
        var obstacle = Obstacle(groups);
        if (obstacle != FitReason.None)
        {
            return ModelFit<TModel>.Impossible(obstacle, 4);
        }

        var (scale, rate) = Scale(groups);
        var histories = new PurchaseHistory[groups.Histories.Length];
        for (var i = 0; i < histories.Length; i++)
        {
            var history = groups.Histories[i];
            histories[i] = new PurchaseHistory(history.Repeats, history.Recency / scale, history.Age / scale);
        }

        var counts = groups.Counts.ToArray();
        var points = starts(rate * scale).Select(start => Array.ConvertAll(start, Math.Log));
        LogLikelihood Thinned(int most)
        {
            var nth = Math.Max(1, histories.Length / most);
            return likelihoodOf(Every(histories, nth), Every(counts, nth));
        }

        var near = Ascent.From(Ascent.Explore(points, Thinned(Rough)).Take(3), Thinned(Sketch));
        var ascent = histories.Length < 2 * Sketch ? near : Ascent.FromNear(near.Point, Thinned(int.MaxValue));
        var parameters = Array.ConvertAll(ascent.Point, Math.Exp);
        foreach (var time in times)
        {
            parameters[time] *= scale;
        }

        var errors = parameters.Zip(ascent.StandardErrors, (parameter, error) => parameter * error).ToArray();
        var repeats = rate * TotalAge(groups);
        return new ModelFit<TModel>(create(parameters), errors, ascent.Value - (repeats * Math.Log(scale)), ascent.Reason, ascent.Steps);
    }

    private static FitReason Obstacle(HistoryGroups groups)
    {
        foreach (var history in groups.Histories)
        {
            if (!history.IsValid)
            {
                return FitReason.InvalidHistory;
            }
        }

        if (groups.Customers < FitLimits.MinimumCustomers)
        {
            return FitReason.TooFewCustomers;
        }

        // Ordered by repeats: the last group has the most.
        if (groups.Histories[^1].Repeats == 0)
        {
            return FitReason.NoRepeatPurchases;
        }

        return groups.Histories.Length == 1 || TotalAge(groups) <= 0 ? FitReason.Degenerate : FitReason.None;
    }

    private static (double Scale, double Rate) Scale(HistoryGroups groups)
    {
        var repeats = 0.0;
        for (var i = 0; i < groups.Histories.Length; i++)
        {
            repeats += (double)groups.Histories[i].Repeats * groups.Counts[i];
        }

        var total = TotalAge(groups);
        return (total / groups.Customers, repeats / total);
    }

    private static double TotalAge(HistoryGroups groups)
    {
        var total = 0.0;
        for (var i = 0; i < groups.Histories.Length; i++)
        {
            total += groups.Histories[i].Age * groups.Counts[i];
        }

        return total;
    }

    private static T[] Every<T>(T[] all, int nth)
    {
        var some = new T[(all.Length + nth - 1) / nth];
        for (var i = 0; i < some.Length; i++)
        {
            some[i] = all[i * nth];
        }

        return some;
    }
}
