namespace Huike.Statistics.Value;

/// <summary>Predicted against actual purchases of customers with the same number of earlier repeats.</summary>
/// <param name="Repeats">Repeat purchases before the split; the last row holds that many or more.</param>
/// <param name="Customers">Customers in the row; 0 or more.</param>
/// <param name="Predicted">Mean expected purchases after the split; NaN without customers.</param>
/// <param name="Actual">Mean purchases that came; NaN without customers.</param>
public readonly record struct HoldOutRow(int Repeats, int Customers, double Predicted, double Actual);

/// <summary>Checks a model fitted on the first part of a ledger against what came after.</summary>
public static class HoldOut
{
    /// <summary>One row per number of earlier repeats, from 0 to <paramref name="mostRepeats"/> and more.</summary>
    /// <param name="model">Fitted on <paramref name="groups"/>.</param>
    /// <param name="groups">Histories up to the split.</param>
    /// <param name="actual">Purchase days of each customer after the split, in the order the customers were grouped.</param>
    /// <param name="horizon">Length of the time after the split, in time units.</param>
    /// <param name="mostRepeats">Last row.</param>
    /// <exception cref="ArgumentException">Not one actual number per customer.</exception>
    public static HoldOutRow[] Compare(IPurchaseModel model, HistoryGroups groups, ReadOnlySpan<int> actual, double horizon, int mostRepeats = 7)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentOutOfRangeException.ThrowIfNegative(mostRepeats);
        if (actual.Length != groups.Customers)
        {
            throw new ArgumentException("One actual number per customer.", nameof(actual));
        }

        var predicted = LifetimeValue.ExpectedPurchases(model, groups, horizon);
        var customers = new int[mostRepeats + 1];
        var expected = new double[mostRepeats + 1];
        var came = new double[mostRepeats + 1];
        for (var i = 0; i < actual.Length; i++)
        {
            var group = groups.GroupOf[i];
            var row = Math.Min(groups.Histories[group].Repeats, mostRepeats);
            customers[row]++;
            expected[row] += predicted[group];
            came[row] += actual[i];
        }

        var rows = new HoldOutRow[mostRepeats + 1];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = new HoldOutRow(row, customers[row], expected[row] / customers[row], came[row] / customers[row]);
        }

        return rows;
    }
}
