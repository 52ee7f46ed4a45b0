namespace Huike.Statistics.Value;

/// <summary>Why a fit did not converge.</summary>
public enum FitReason
{
    /// <summary>It converged.</summary>
    None,

    /// <summary>Fewer customers than <see cref="FitLimits.MinimumCustomers"/>.</summary>
    TooFewCustomers,

    /// <summary>Nobody came back: nothing tells a rhythm.</summary>
    NoRepeatPurchases,

    /// <summary>All customers alike, or no time observed: many parameters explain the data equally well.</summary>
    Degenerate,

    /// <summary>The likelihood grows towards an edge of the parameters' range; those given are at that edge.</summary>
    HitBounds,

    /// <summary>The likelihood is flat at its best point: parameters are given, their errors are not known.</summary>
    NotIdentified,

    /// <summary>Not at the best point yet when the steps ran out.</summary>
    MaxIterations,

    /// <summary>A history or value outside its range (negative, not finite, recency above age).</summary>
    InvalidHistory,
}

/// <summary>Limits of every fit in this folder.</summary>
public static class FitLimits
{
    /// <summary>Fewest customers (for spend: repeat buyers) that a fit is tried on.</summary>
    public const int MinimumCustomers = 10;
}

/// <summary>What a maximum-likelihood fit found. It never throws for what the data are like: it says why not.</summary>
/// <param name="Model">Null where <paramref name="Reason"/> forbids any estimate; else the best found, converged or not.</param>
/// <param name="StandardErrors">In the order of the model's parameters, from the observed information; NaN where that cannot be inverted or nothing was fitted.</param>
/// <param name="LogLikelihood">Natural logarithm, in the caller's units; NaN where nothing was fitted.</param>
/// <param name="Reason">None when converged.</param>
/// <param name="Iterations">Steps taken from the best start.</param>
/// <typeparam name="TModel">The model fitted.</typeparam>
public sealed record ModelFit<TModel>(TModel? Model, IReadOnlyList<double> StandardErrors, double LogLikelihood, FitReason Reason, int Iterations)
    where TModel : class
{
    /// <summary>At an interior maximum with an invertible information matrix.</summary>
    public bool Converged => Reason == FitReason.None;

    internal static ModelFit<TModel> Impossible(FitReason reason, int parameters)
    {
        var errors = new double[parameters];
        Array.Fill(errors, double.NaN);
        return new ModelFit<TModel>(null, errors, double.NaN, reason, 0);
    }
}
