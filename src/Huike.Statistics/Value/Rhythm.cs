namespace Huike.Statistics.Value;

/// <summary>How long a silence is unusual for a customer, whether or not anybody is seen to leave.</summary>
public static class Rhythm
{
    /// <summary>The silence after the last purchase that a customer who is still active would exceed with a given probability only. Serves where a
    /// fit finds no leaving at all (<see cref="FitReason.NotIdentified"/>, <see cref="FitReason.HitBounds"/>) and
    /// <see cref="IPurchaseModel.DormantAfter"/> would therefore never come.</summary>
    /// <param name="model">Its purchase rates (r, α) alone are used, the same in both models.</param>
    /// <param name="repeats">x, 0 or more.</param>
    /// <param name="recency">t_x, 0 or more.</param>
    /// <param name="chance">In (0, 1), e.g. 0.05.</param>
    /// <returns>Time units; exact: (α + t_x)·(chance^(−1/(r + x)) − 1).</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument outside its range.</exception>
    public static double SilenceAfter(IPurchaseModel model, int repeats, double recency, double chance)
    {
        ArgumentNullException.ThrowIfNull(model);
        Range.Check(new PurchaseHistory(repeats, recency, recency));
        Range.CheckThreshold(chance);
        return (model.Parameters[1] + recency) * (Math.Exp(-Math.Log(chance) / (model.Parameters[0] + repeats)) - 1);
    }
}
