using MathNet.Numerics;

namespace Huike.Statistics.Numerics;

/// <summary>ln Γ(a+n) − ln Γ(a) and its slope in a, without the loss of digits of two large logarithms.</summary>
internal static class RisingFactorial
{
    private const int SumUpTo = 128;

    internal static double Log(double a, int n)
    {
        if (n > SumUpTo)
        {
            return SpecialFunctions.GammaLn(a + n) - SpecialFunctions.GammaLn(a);
        }

        var sum = 0.0;
        for (var i = 0; i < n; i++)
        {
            sum += Math.Log(a + i);
        }

        return sum;
    }

    internal static double LogSlope(double a, int n)
    {
        if (n > SumUpTo)
        {
            return SpecialFunctions.DiGamma(a + n) - SpecialFunctions.DiGamma(a);
        }

        var sum = 0.0;
        for (var i = 0; i < n; i++)
        {
            sum += 1 / (a + i);
        }

        return sum;
    }
}
