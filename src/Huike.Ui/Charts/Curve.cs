using System.Text;

namespace Huike.Ui.Charts;

/// <summary>Paths through points.</summary>
internal static class Curve
{
    /// <summary>A smooth path that never overshoots its points (monotone cubic, Fritsch and Carlson 1980), broken at gaps.</summary>
    /// <param name="points">Coordinates by ascending X; null is a gap.</param>
    /// <param name="floor">Y to which each part is closed as an area; null for a line.</param>
    internal static string Smooth(IReadOnlyList<(double X, double Y)?> points, double? floor = null)
    {
        var path = new StringBuilder();
        var run = new List<(double X, double Y)>();
        foreach (var point in points.Append(null))
        {
            if (point is { } known)
            {
                run.Add(known);
            }
            else if (run.Count > 0)
            {
                Append(path, run, floor);
                run.Clear();
            }
        }
        return path.ToString();
    }

    /// <summary>The area between two lines, where both are known.</summary>
    internal static string Between(IReadOnlyList<(double X, double Y)?> low, IReadOnlyList<(double X, double Y)?> high)
    {
        var path = new StringBuilder();
        var both = Enumerable.Range(0, low.Count).Where(i => low[i] is not null && high[i] is not null).ToList();
        foreach (var (point, first) in both.Select((i, n) => (high[i]!.Value, n == 0)))
        {
            path.Append(first ? 'M' : 'L').Append(Pair(point));
        }
        foreach (var i in Enumerable.Reverse(both))
        {
            path.Append('L').Append(Pair(low[i]!.Value));
        }
        return path.Length == 0 ? "" : path.Append('Z').ToString();
    }

    private static void Append(StringBuilder path, List<(double X, double Y)> run, double? floor)
    {
        var slopes = Slopes(run);
        path.Append('M').Append(Pair(run[0]));
        for (var i = 1; i < run.Count; i++)
        {
            var third = (run[i].X - run[i - 1].X) / 3;
            path.Append('C').Append(Pair((run[i - 1].X + third, run[i - 1].Y + (slopes[i - 1] * third))))
                .Append(' ').Append(Pair((run[i].X - third, run[i].Y - (slopes[i] * third))))
                .Append(' ').Append(Pair(run[i]));
        }
        if (floor is { } bottom)
        {
            path.Append('L').Append(Pair((run[^1].X, bottom))).Append('L').Append(Pair((run[0].X, bottom))).Append('Z');
        }
    }

    private static double[] Slopes(List<(double X, double Y)> run)
    {
        var slopes = new double[run.Count];
        if (run.Count < 2)
        {
            return slopes;
        }
        double Secant(int i) => (run[i + 1].Y - run[i].Y) / Math.Max(run[i + 1].X - run[i].X, 1e-9);
        slopes[0] = Secant(0);
        slopes[^1] = Secant(run.Count - 2);
        for (var i = 1; i < run.Count - 1; i++)
        {
            var (before, after) = (Secant(i - 1), Secant(i));
            // The harmonic mean is at most twice the flatter side, which is what keeps the curve between its points.
            slopes[i] = before * after <= 0 ? 0 : 2 * before * after / (before + after);
        }
        return slopes;
    }

    private static string Pair((double X, double Y) point) => Scale.At(point.X) + "," + Scale.At(point.Y);
}
