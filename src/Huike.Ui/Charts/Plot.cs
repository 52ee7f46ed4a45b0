namespace Huike.Ui.Charts;

/// <summary>Where things stand in a chart with a value axis on the left and labels beneath, at one width.</summary>
public sealed class Plot
{
    internal const double Height = 250;
    internal const double Top = 14;
    internal const double Bottom = Height - 26;

    internal Plot(double width, Scale scale, IReadOnlyList<string> labels, Func<double, string> format, bool slots)
    {
        Width = width;
        Scale = scale;
        Left = Math.Min(scale.Ticks.Max(tick => Scale.WidthOf(format(tick))) + 12, width / 3);
        Right = width - (slots ? 12 : Math.Clamp(labels.Count == 0 ? 0 : Scale.WidthOf(labels[^1]) / 2, 8, 40));
        _count = labels.Count;
        _slots = slots;
        var widest = labels.Count == 0 ? 0 : labels.Max(Scale.WidthOf);
        LabelEvery = Math.Max(1, (int)Math.Ceiling((widest + 12) / Math.Max(Slot, 0.1)));
    }

    private readonly int _count;
    private readonly bool _slots;

    internal double Width { get; }

    internal Scale Scale { get; }

    internal double Left { get; }

    internal double Right { get; }

    /// <summary>Every so many labels one is written, so that none overlap.</summary>
    internal int LabelEvery { get; }

    internal double Slot => (Right - Left) / Math.Max(1, _slots ? _count : _count - 1);

    /// <summary>The middle of a label's place.</summary>
    internal double X(int index) => _slots || _count == 1 ? Left + (Slot * (index + 0.5)) : Left + (Slot * index);

    internal double Y(double value) => Scale.Place(value, Bottom, Top);

    internal IReadOnlyList<(double X, double Y)?> Points(IReadOnlyList<double?> values) =>
        [.. values.Select((value, i) => value is { } number && double.IsFinite(number) ? (X(i), Y(number)) : ((double X, double Y)?)null)];
}
