using Huike.Statistics.Value;

namespace Huike.Statistics.Numerics;

/// <summary>Climbs a log-likelihood over log-parameters inside a box: BFGS to come near, Newton on the observed information to arrive.</summary>
internal sealed class Ascent
{
    // e^9.2 ≈ 10⁴ in data scaled to 1: beyond it a parameter says "no variance at all", not a number.
    private const double Bound = 9.2;
    private const double LongestStep = 2;
    private const int MostSteps = 200;
    private const int MostRounds = 12;

    // Where BFGS hands over to Newton.
    private const double Near = 0.02;

    // Along a ridge BFGS creeps; Newton strides or says that it is flat.
    private const int Patience = 10;

    // In units of log-likelihood, still to be gained: far beneath what a digit printed could show.
    private const double Tolerance = 1e-8;

    private readonly LogLikelihood likelihood;
    private readonly double[] gradient;

    private Ascent(LogLikelihood likelihood, double[] start)
    {
        this.likelihood = likelihood;
        Point = (double[])start.Clone();
        gradient = new double[start.Length];
        Value = likelihood(Point, gradient);
    }

    internal double[] Point { get; private set; }

    internal double Value { get; private set; }

    internal int Steps { get; private set; }

    internal FitReason Reason { get; private set; } = FitReason.MaxIterations;

    /// <summary>Of the log-parameters; NaN where the information cannot be inverted.</summary>
    internal double[] StandardErrors { get; private set; } = [];

    /// <summary>Where several starts lead to, best first, without arriving there.</summary>
    internal static IEnumerable<double[]> Explore(IEnumerable<double[]> starts, LogLikelihood likelihood)
    {
        var ascents = starts.Select(start => new Ascent(likelihood, start)).ToList();
        ascents.ForEach(ascent => ascent.ComeNear(Patience));
        return ascents.OrderByDescending(ascent => ascent.Value).Select(ascent => ascent.Point);
    }

    /// <summary>The best top that any of several starts leads to: with few who leave, likelihoods of this kind have more than one.</summary>
    internal static Ascent From(IEnumerable<double[]> starts, LogLikelihood likelihood)
    {
        var best = Explore(starts, likelihood).Take(2).Select(point => FromNear(point, likelihood)).ToList();
        return best.Count > 1 && best[1].IsBetterThan(best[0]) ? best[1] : best[0];
    }

    /// <summary>From a point known to be near the maximum, such as that of a part of the data.</summary>
    internal static Ascent FromNear(double[] start, LogLikelihood likelihood)
    {
        var ascent = new Ascent(likelihood, start);
        ascent.Finish();
        return ascent;
    }

    private bool IsBetterThan(Ascent other) => Value > other.Value + Tolerance * Math.Abs(other.Value)
        || (Reason == FitReason.None && other.Reason != FitReason.None && Value > other.Value - 1e-6);

    private void Finish()
    {
        Arrive();
        if (Reason is FitReason.NotIdentified or FitReason.MaxIterations)
        {
            ComeNear(MostSteps);
            Arrive();
        }
    }

    private void ComeNear(int patience)
    {
        var inverse = new double[Point.Length, Point.Length];
        Reset(inverse);
        var (fresh, mark, small) = (true, double.NegativeInfinity, 0);
        for (var step = 1; step <= MostSteps; step++, Steps++)
        {
            var direction = Direction(inverse);

            // A young matrix knows one direction only: little to gain by it says nothing before as many steps as there are directions.
            small = Dot(gradient, direction) < Near ? small + 1 : 0;
            if (small > Point.Length || (step % patience == 0 && Value < mark + Near))
            {
                return;
            }

            mark = step % patience == 0 ? Value : mark;
            var before = (double[])gradient.Clone();
            var from = Point;
            if (StepAlong(direction))
            {
                Update(inverse, from, before, fresh);
                fresh = false;
            }
            else if (fresh)
            {
                return;
            }
            else
            {
                Reset(inverse);
                fresh = true;
            }
        }
    }

    private double[] Direction(double[,] inverse)
    {
        var size = Point.Length;
        var direction = new double[size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size && IsFree(i); j++)
            {
                direction[i] += IsFree(j) ? inverse[i, j] * gradient[j] : 0;
            }
        }

        return direction;
    }

    private bool IsFree(int i) => Math.Abs(Point[i]) < Bound || gradient[i] * Point[i] < 0;

    /// <summary>Halves the step until it pays, or doubles it while the slope stays: a BFGS update needs to have seen some curvature.</summary>
    private bool StepAlong(double[] direction)
    {
        var most = LongestStep / direction.Max(Math.Abs);
        var length = Math.Min(1, most);
        var slope = Dot(gradient, direction);
        while (!Accept(direction, length))
        {
            length /= 2;
            if (length < 1e-12)
            {
                return false;
            }
        }

        for (var further = length; further < most && Dot(gradient, direction) > 0.9 * slope && Accept(direction, further);)
        {
            further *= 2;
        }

        return true;
    }

    private bool Accept(double[] direction, double length)
    {
        // What rounding alone may take away from a sum of this size.
        var noise = 1e-14 * Math.Abs(Value);
        var trial = new double[Point.Length];
        var slope = new double[Point.Length];
        var promised = 0.0;
        for (var i = 0; i < trial.Length; i++)
        {
            trial[i] = Math.Clamp(Point[i] + (length * direction[i]), -Bound, Bound);
            promised += gradient[i] * (trial[i] - Point[i]);
        }

        var value = likelihood(trial, slope);
        if (!(value >= Value + (1e-4 * promised) - noise && promised > 0))
        {
            return false;
        }

        Point = trial;
        Value = value;
        slope.CopyTo(gradient, 0);
        return true;
    }

    private void Update(double[,] inverse, double[] from, double[] before, bool rescale)
    {
        var move = Difference(Point, from);
        var change = Difference(before, gradient);
        var curvature = Dot(move, change);
        if (curvature <= 1e-10 * Math.Sqrt(Dot(move, move) * Dot(change, change)))
        {
            return;
        }

        if (rescale)
        {
            FillDiagonal(inverse, curvature / Dot(change, change));
        }

        var turned = Product(inverse, change);
        var weight = (1 + (Dot(change, turned) / curvature)) / curvature;
        for (var i = 0; i < move.Length; i++)
        {
            for (var j = 0; j < move.Length; j++)
            {
                inverse[i, j] += (weight * move[i] * move[j]) - (((turned[i] * move[j]) + (move[i] * turned[j])) / curvature);
            }
        }
    }

    /// <summary>Newton steps; one information matrix serves as long as each step leaves less than a tenth to gain.</summary>
    private void Arrive()
    {
        StandardErrors = new double[Point.Length];
        Array.Fill(StandardErrors, double.NaN);
        Reason = FitReason.MaxIterations;
        for (var round = 0; round < MostRounds; round++)
        {
            var information = Point.Any(value => Math.Abs(value) >= Bound) ? null : Information.At(Point, likelihood);
            if (information is null)
            {
                Reason = Point.Any(value => Math.Abs(value) >= Bound) ? FitReason.HitBounds : FitReason.NotIdentified;
                return;
            }

            var step = information.Solve(gradient);
            var gain = Dot(gradient, step) / 2;
            if (gain < Tolerance)
            {
                Reason = FitReason.None;
                StandardErrors = information.StandardErrors();
                return;
            }

            for (var left = double.PositiveInfinity; gain >= Tolerance && gain < left / 10 && StepAlong(step); Steps++)
            {
                left = gain;
                step = information.Solve(gradient);
                gain = Dot(gradient, step) / 2;
            }
        }
    }

    private void Reset(double[,] inverse)
    {
        Array.Clear(inverse);
        FillDiagonal(inverse, 1 / Math.Max(1, gradient.Max(Math.Abs)));
    }

    private static void FillDiagonal(double[,] matrix, double value)
    {
        for (var i = 0; i < matrix.GetLength(0); i++)
        {
            matrix[i, i] = value;
        }
    }

    private static double[] Difference(double[] one, double[] other)
    {
        var difference = new double[one.Length];
        for (var i = 0; i < one.Length; i++)
        {
            difference[i] = one[i] - other[i];
        }

        return difference;
    }

    private static double[] Product(double[,] matrix, double[] vector)
    {
        var product = new double[vector.Length];
        for (var i = 0; i < vector.Length; i++)
        {
            for (var j = 0; j < vector.Length; j++)
            {
                product[i] += matrix[i, j] * vector[j];
            }
        }

        return product;
    }

    private static double Dot(double[] one, double[] other)
    {
        var sum = 0.0;
        for (var i = 0; i < one.Length; i++)
        {
            sum += one[i] * other[i];
        }

        return sum;
    }
}
