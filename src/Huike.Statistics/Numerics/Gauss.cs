using MathNet.Numerics.Integration;

namespace Huike.Statistics.Numerics;

/// <summary>The 16-point Gauss–Legendre rule on [0, 1].</summary>
internal static class Gauss
{
    private static readonly double[] NodeArray;
    private static readonly double[] WeightArray;

    static Gauss()
    {
        var rule = new GaussLegendreRule(0, 1, 16);
        NodeArray = rule.Abscissas;
        WeightArray = rule.Weights;
    }

    internal static ReadOnlySpan<double> Nodes => NodeArray;

    internal static ReadOnlySpan<double> Weights => WeightArray;
}
