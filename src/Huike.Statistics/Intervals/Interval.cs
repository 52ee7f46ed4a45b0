namespace Huike.Statistics.Intervals;

/// <summary>An estimate with the range that the data leave open.</summary>
/// <param name="Estimate">NaN where there are no data.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Estimate, double Low, double High);
