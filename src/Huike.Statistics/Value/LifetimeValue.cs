namespace Huike.Statistics.Value;

/// <summary>Forecasts over a whole base from a fitted model; all run over all cores on the different histories.</summary>
public static class LifetimeValue
{
    /// <summary>The continuous discount rate per time unit of a yearly one.</summary>
    /// <param name="yearlyRate">0.10 for 10 % a year; above −1.</param>
    /// <param name="unitsPerYear">365.25 for days, 365.25 / 7 for weeks.</param>
    public static double DiscountPerUnit(double yearlyRate, double unitsPerYear)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(yearlyRate, -1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(unitsPerYear);
        return Math.Log(1 + yearlyRate) / unitsPerYear;
    }

    /// <summary>Probability of being active, one per group, in the order of the groups.</summary>
    /// <param name="model">A fitted model.</param>
    /// <param name="groups">Histories in the model's time unit.</param>
    public static double[] ProbabilitiesActive(IPurchaseModel model, HistoryGroups groups)
    {
        ArgumentNullException.ThrowIfNull(model);
        return PerGroup(groups, model.ProbabilityActive);
    }

    /// <summary>Expected purchases (<see cref="IPurchaseModel.ExpectedPurchases"/>), one per group, in the order of the groups.</summary>
    /// <param name="model">A fitted model.</param>
    /// <param name="groups">Histories in the model's time unit.</param>
    /// <param name="horizon">Time units ahead.</param>
    /// <param name="discountRate">Continuous rate per time unit; 0 counts undiscounted.</param>
    public static double[] ExpectedPurchases(IPurchaseModel model, HistoryGroups groups, double horizon, double discountRate = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        return PerGroup(groups, history => model.ExpectedPurchases(history, horizon, discountRate));
    }

    /// <summary>Expected purchases of the whole base in the next time units.</summary>
    /// <param name="model">A fitted model.</param>
    /// <param name="groups">Histories in the model's time unit.</param>
    /// <param name="horizon">Time units ahead.</param>
    public static double ExpectedPurchasesOfAll(IPurchaseModel model, HistoryGroups groups, double horizon)
    {
        var perGroup = ExpectedPurchases(model, groups, horizon);
        var sum = 0.0;
        for (var i = 0; i < perGroup.Length; i++)
        {
            sum += perGroup[i] * groups.Counts[i];
        }

        return sum;
    }

    /// <summary>Discounted expected value of one customer's coming purchases: purchases × mean value.</summary>
    /// <param name="model">A fitted model of purchases.</param>
    /// <param name="spend">A fitted model of values; it should be fitted on contribution where contribution is wanted.</param>
    /// <param name="history">The customer's purchases.</param>
    /// <param name="meanValue">Mean value of the repeat purchases; ignored without repeats.</param>
    /// <param name="horizon">Time units ahead.</param>
    /// <param name="discountRate">Continuous rate per time unit.</param>
    /// <returns>In the currency of <paramref name="meanValue"/>.</returns>
    public static double Of(IPurchaseModel model, GammaGamma spend, PurchaseHistory history, double meanValue, double horizon, double discountRate)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(spend);
        return model.ExpectedPurchases(history, horizon, discountRate) * spend.ExpectedValue(new SpendHistory(history.Repeats, meanValue));
    }

    /// <summary>Expected repeat purchases of a cohort, cumulated to each of several moments, for a chart against what came.</summary>
    /// <param name="model">A fitted model.</param>
    /// <param name="starts">Moments of first purchase, in time units from the start of the cohort.</param>
    /// <param name="customers">Customers per start, same length.</param>
    /// <param name="at">Moments to report, in the same units.</param>
    /// <returns>One sum per moment; customers who start later than it add nothing.</returns>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static double[] CumulativeRepeats(IPurchaseModel model, ReadOnlySpan<double> starts, ReadOnlySpan<int> customers, ReadOnlySpan<double> at)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (starts.Length != customers.Length)
        {
            throw new ArgumentException("One count of customers per start.", nameof(customers));
        }

        var sums = new double[at.Length];
        for (var moment = 0; moment < at.Length; moment++)
        {
            for (var i = 0; i < starts.Length; i++)
            {
                sums[moment] += at[moment] > starts[i] ? customers[i] * model.ExpectedPurchases(default, at[moment] - starts[i]) : 0;
            }
        }

        return sums;
    }

    private static double[] PerGroup(HistoryGroups groups, Func<PurchaseHistory, double> value)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var results = new double[groups.Histories.Length];
        Parallel.For(0, results.Length, i => results[i] = value(groups.Histories[i]));
        return results;
    }
}
