namespace Huike.Seed;

/// <summary>The regions into which a firm of this country parts its sales, and their provinces by the beginning of their names.</summary>
public static class Regions
{
    /// <summary>Region and provinces, from north to west.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Provinces)> All { get; } = [.. Facts.Lines("regions").Select(line => line.Split(' ')).Select(words => (words[0], (IReadOnlyList<string>)words[1..]))];
}
