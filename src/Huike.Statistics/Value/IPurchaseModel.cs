namespace Huike.Statistics.Value;

/// <summary>A fitted model of repeat purchases in which customers leave unseen (buy till you die). Times are in the unit that it was fitted in.</summary>
public interface IPurchaseModel
{
    /// <summary>Names of the parameters as the papers print them, in the order of <see cref="Parameters"/>.</summary>
    IReadOnlyList<string> ParameterNames { get; }

    /// <summary>Parameters in the order of <see cref="ParameterNames"/>; all above 0.</summary>
    IReadOnlyList<double> Parameters { get; }

    /// <summary>Probability that the customer is still active at the end of observation.</summary>
    /// <returns>In [0, 1].</returns>
    double ProbabilityActive(PurchaseHistory history);

    /// <summary>Expected number of purchase days after the end of observation, discounted continuously.</summary>
    /// <param name="history">A valid history; that of somebody who just bought for the first time is (0, 0, 0).</param>
    /// <param name="horizon">Time units ahead; 0 or more, finite unless <paramref name="discountRate"/> is above 0.</param>
    /// <param name="discountRate">Continuous rate per time unit, see <see cref="LifetimeValue.DiscountPerUnit"/>; 0 counts purchases undiscounted.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not a number, or an endless horizon without discount.</exception>
    double ExpectedPurchases(PurchaseHistory history, double horizon, double discountRate = 0);

    /// <summary>Time after the last purchase at which the probability of being active falls to a threshold.</summary>
    /// <param name="repeats">x, 0 or more.</param>
    /// <param name="recency">t_x, 0 or more.</param>
    /// <param name="threshold">In (0, 1).</param>
    /// <returns>0 where it is below at once; infinity where it never falls so far. Relative error under 1e-9.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument outside its range.</exception>
    double DormantAfter(int repeats, double recency, double threshold);
}
