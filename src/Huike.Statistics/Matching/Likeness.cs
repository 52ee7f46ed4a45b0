namespace Huike.Statistics.Matching;

/// <summary>How alike two texts are, letter by letter. Texts are compared as given: who wants upper and lower case to be the same folds them before.</summary>
public static class Likeness
{
    private const int OnStack = 128;
    private const double PrefixWeight = 0.1;
    private const int LongestPrefix = 4;

    /// <summary>The Jaro–Winkler likeness, in [0, 1]: 1 for equal texts, 0 for those without a letter in common. Symmetric. O(length²) at worst.</summary>
    /// <remarks>Sources: M. Jaro, JASA 84 (1989); W. Winkler, String Comparator Metrics and Enhanced Decision Rules (1990), prefix weight 0.1 over at most four letters.
    /// Known values: MARTHA and MARHTA 0.961, DWAYNE and DUANE 0.840, DIXON and DICKSONX 0.813.</remarks>
    /// <param name="a">One text; two empty ones are equal.</param>
    /// <param name="b">The other.</param>
    public static double JaroWinkler(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.SequenceEqual(b)) { return 1; }
        var jaro = Jaro(a, b);
        return jaro + (Math.Min(a.CommonPrefixLength(b), LongestPrefix) * PrefixWeight * (1 - jaro));
    }

    /// <summary>How many letters have to be put in, left out, exchanged for another or swapped with their neighbour to make one text of the other; <paramref name="most"/> + 1 where it is more than that.
    /// Symmetric. O(length²).</summary>
    /// <remarks>The restricted distance (optimal string alignment): F. Damerau, CACM 7 (1964).</remarks>
    /// <param name="a">One text.</param>
    /// <param name="b">The other.</param>
    /// <param name="most">Distances above are not told apart; 0 or more.</param>
    public static int DamerauLevenshtein(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int most)
    {
        if (Math.Abs(a.Length - b.Length) > most) { return most + 1; }
        var width = b.Length + 1;
        Span<int> rows = width <= OnStack ? stackalloc int[width * 3] : new int[width * 3];
        var before = rows[..width];
        var above = rows[width..(2 * width)];
        var row = rows[(2 * width)..];
        for (var j = 0; j < width; j++) { above[j] = j; }
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j < width; j++)
            {
                var cost = Math.Min(Math.Min(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) { cost = Math.Min(cost, before[j - 2] + 1); }
                row[j] = cost;
                least = Math.Min(least, cost);
            }
            if (least > most) { return most + 1; }
            var free = before;
            before = above;
            above = row;
            row = free;
        }
        return Math.Min(above[b.Length], most + 1);
    }

    private static double Jaro(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.IsEmpty || b.IsEmpty) { return 0; }
        var window = Math.Max(0, (Math.Max(a.Length, b.Length) / 2) - 1);
        Span<bool> inA = a.Length <= OnStack ? stackalloc bool[a.Length] : new bool[a.Length];
        Span<bool> inB = b.Length <= OnStack ? stackalloc bool[b.Length] : new bool[b.Length];
        inA.Clear();
        inB.Clear();
        var common = 0;
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = Math.Max(0, i - window); j < Math.Min(b.Length, i + window + 1); j++)
            {
                if (inB[j] || a[i] != b[j]) { continue; }
                (inA[i], inB[j]) = (true, true);
                common++;
                break;
            }
        }
        if (common == 0) { return 0; }
        var (moved, at) = (0, 0);
        for (var i = 0; i < a.Length; i++)
        {
            if (!inA[i]) { continue; }
            while (!inB[at]) { at++; }
            if (a[i] != b[at++]) { moved++; }
        }
        return (((double)common / a.Length) + ((double)common / b.Length) + ((common - (moved / 2.0)) / common)) / 3;
    }
}
