namespace Huike.Ui.Charts;

/// <summary>One line or one colour of bars.</summary>
/// <param name="Name">In the visitor's language; stands in the legend.</param>
/// <param name="Values">One per label of the chart; null is a gap.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<double?> Values);

/// <summary>A range around the lines, for example an interval of confidence.</summary>
/// <param name="Name">In the visitor's language.</param>
/// <param name="Low">Lower bounds, one per label.</param>
/// <param name="High">Upper bounds, one per label.</param>
public sealed record ChartBand(string Name, IReadOnlyList<double?> Low, IReadOnlyList<double?> High);

/// <summary>One horizontal bar.</summary>
/// <param name="Label">In the visitor's language.</param>
/// <param name="Value">0 or more; a negative one is drawn empty.</param>
/// <param name="Text">The value, formatted.</param>
/// <param name="Href">The records behind it; null for none.</param>
/// <param name="Note">Smaller text beneath the label: the conversion from the bar above, the median time.</param>
public sealed record BarRow(string Label, double Value, string Text, string? Href = null, string? Note = null);

/// <summary>A curve of cumulated shares: which part of the whole the best customers bring.</summary>
/// <param name="Name">In the visitor's language.</param>
/// <param name="Points">Share of customers and share of the value, both in [0, 1] (a loss at the end may carry the second above 1), ascending by the first.</param>
public sealed record ParetoCurve(string Name, IReadOnlyList<(double Customers, double Value)> Points);

/// <summary>A tier of the customer pyramid, from the top.</summary>
/// <param name="Label">In the visitor's language.</param>
/// <param name="Count">Customers in it, formatted.</param>
/// <param name="Share">Its share of the contribution, formatted.</param>
/// <param name="Value">Its contribution, formatted.</param>
/// <param name="Href">Its customers.</param>
public sealed record PyramidTier(string Label, string Count, string Share, string Value, string Href);

/// <summary>A cell of a heat grid.</summary>
/// <param name="Value">What the shade shows; null for a cell that does not exist.</param>
/// <param name="Text">The value, formatted.</param>
/// <param name="Href">The records behind it; null for none.</param>
/// <param name="Hint">What a pointer at rest is told; null for nothing.</param>
public sealed record HeatCell(double? Value, string Text, string? Href = null, string? Hint = null);

/// <summary>A day on which something happened, or is expected to.</summary>
/// <param name="On">The firm's local day.</param>
/// <param name="Text">What it was: amount and document, formatted.</param>
/// <param name="Weight">Size of the dot in [0, 1].</param>
/// <param name="Href">The record; null for none.</param>
public sealed record StripDot(DateOnly On, string Text, double Weight = 0.4, string? Href = null);

/// <summary>A cell of the table that every chart carries.</summary>
/// <param name="Text">Formatted.</param>
/// <param name="Href">The records behind it; null for none.</param>
public sealed record TwinCell(string Text, string? Href = null);
