using System.Globalization;

namespace Huike.Ui.Charts;

/// <summary>An axis of values: ends at round numbers, with a tick at each step between.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end, above the lower.</param>
/// <param name="Ticks">Ascending, both ends among them.</param>
public sealed record Scale(double Low, double High, IReadOnlyList<double> Ticks)
{
    /// <summary>The scale that holds all values, with about <paramref name="wanted"/> ticks. Zero is in it unless all values are far from it.</summary>
    /// <remarks>Steps are 1, 2, 2.5 or 5 times a power of ten. Values that are not finite are passed over; with none left the scale is 0 to 1.</remarks>
    internal static Scale Of(IEnumerable<double?> values, int wanted = 5, bool fromZero = true)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var value in values)
        {
            if (value is { } number && double.IsFinite(number))
            {
                low = Math.Min(low, number);
                high = Math.Max(high, number);
            }
        }
        if (low > high)
        {
            (low, high) = (0, 1);
        }
        if (fromZero)
        {
            (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        }
        if (low == high)
        {
            // All equal: open the axis to the side of zero.
            (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        }
        if ((high / 2) - (low / 2) < 1e-300)
        {
            // All zero, or so near it that a step between would be none.
            (low, high) = (low < 0 ? -1 : 0, 1);
        }
        return Between(low, high, wanted);
    }

    /// <summary>Where a value stands between two ends of the drawing; the nearer end for a value outside.</summary>
    internal double Place(double value, double start, double end)
    {
        // Halves keep the difference of two huge numbers finite.
        var share = ((value / 2) - (Low / 2)) / ((High / 2) - (Low / 2));
        return start + ((end - start) * Math.Clamp(share, 0, 1));
    }

    /// <summary>A coordinate as SVG reads it, to a tenth of a pixel.</summary>
    internal static string At(double coordinate) => coordinate.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Width in pixels of a text of 12 px, near enough to lay out: full-width characters 12, others 6.7.</summary>
    internal static double WidthOf(string text)
    {
        var width = 0.0;
        foreach (var letter in text)
        {
            width += letter >= 0x2E80 ? 12 : 6.7;
        }
        return width;
    }

    private static Scale Between(double low, double high, int wanted)
    {
        var raw = ((high / 2) - (low / 2)) / wanted * 2;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = power;
        foreach (var factor in (ReadOnlySpan<double>)[1, 2, 2.5, 5, 10])
        {
            step = factor * power;
            if (step >= raw * 0.999)
            {
                break;
            }
        }
        var first = Math.Floor((low / step) + 1e-9);
        var last = Math.Ceiling((high / step) - 1e-9);
        if (!double.IsFinite(step) || step == 0 || !double.IsFinite(last * step) || !double.IsFinite(first * step)
            || Math.Abs(first) > 1e14 || Math.Abs(last) > 1e14)
        {
            return new Scale(low, high, [low, high]);
        }
        var ticks = new List<double>();
        for (var i = first; i <= last && ticks.Count < 20; i++)
        {
            ticks.Add(i * step);
        }
        return new Scale(first * step, last * step, ticks);
    }
}
