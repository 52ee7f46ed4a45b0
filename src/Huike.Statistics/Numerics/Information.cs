namespace Huike.Statistics.Numerics;

/// <summary>Observed information: minus the second derivatives of a log-likelihood, with its Cholesky factor.</summary>
internal sealed class Information
{
    // Third root of machine precision: where rounding and curvature of the gradient err alike.
    private const double Step = 1e-5;
    private readonly double[,] factor;
    private readonly int size;

    private Information(double[,] factor, int size)
    {
        this.factor = factor;
        this.size = size;
    }

    /// <summary>Null where the matrix is not positive definite.</summary>
    internal static Information? At(double[] point, LogLikelihood likelihood)
    {
        var count = point.Length;
        var matrix = new double[count, count];
        var moved = (double[])point.Clone();
        var above = new double[count];
        var below = new double[count];
        for (var i = 0; i < count; i++)
        {
            moved[i] = point[i] + Step;
            likelihood(moved, above);
            moved[i] = point[i] - Step;
            likelihood(moved, below);
            moved[i] = point[i];
            for (var j = 0; j < count; j++)
            {
                var slope = (below[j] - above[j]) / (4 * Step);
                matrix[i, j] += slope;
                matrix[j, i] += slope;
            }
        }

        return Factorise(matrix, count) ? new Information(matrix, count) : null;
    }

    /// <summary>Information⁻¹ · <paramref name="gradient"/>: the Newton step.</summary>
    internal double[] Solve(ReadOnlySpan<double> gradient)
    {
        var result = gradient.ToArray();
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < i; j++)
            {
                result[i] -= factor[i, j] * result[j];
            }

            result[i] /= factor[i, i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < size; j++)
            {
                result[i] -= factor[j, i] * result[j];
            }

            result[i] /= factor[i, i];
        }

        return result;
    }

    /// <summary>Square roots of the inverse's diagonal.</summary>
    internal double[] StandardErrors()
    {
        var errors = new double[size];
        var unit = new double[size];
        for (var i = 0; i < size; i++)
        {
            unit[i] = 1;
            errors[i] = Math.Sqrt(Solve(unit)[i]);
            unit[i] = 0;
        }

        return errors;
    }

    private static bool Factorise(double[,] matrix, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var diagonal = matrix[i, i];
            for (var j = 0; j <= i; j++)
            {
                var value = matrix[i, j];
                for (var k = 0; k < j; k++)
                {
                    value -= matrix[i, k] * matrix[j, k];
                }

                if (j < i)
                {
                    matrix[i, j] = value / matrix[j, j];
                }
                else if (value > 1e-12 * diagonal)
                {
                    matrix[i, i] = Math.Sqrt(value);
                }
                else
                {
                    return false;
                }
            }
        }

        return true;
    }
}
