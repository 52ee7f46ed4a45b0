namespace Huike.Platform.Search;

/// <summary>Reads divisions at the beginning of an address, with levels left out and names cut short.</summary>
internal static class DivisionText
{
    private const string Country = "中国";
    private const int LeastShort = 2;

    private static readonly Lazy<ILookup<string, (string Name, Division Division)>> Anywhere = new(() => Divisions.All.Where(division => division.Level < 3 && !division.IsUnwritten)
        .SelectMany(division => division.Spellings.Select(name => (Name: name, Division: division))).ToLookup(named => named.Name[..LeastShort], StringComparer.Ordinal));

    /// <summary>The deepest divisions that as much as possible of the beginning names, and how much that is.</summary>
    public static (IReadOnlyList<Division> Divisions, int Length) Match(string text)
    {
        if (text.StartsWith(Country, StringComparison.Ordinal) && Match(text[Country.Length..]) is { Length: > 0 } within) { return (within.Divisions, within.Length + Country.Length); }
        var best = new Best();
        if (text.Length >= LeastShort)
        {
            foreach (var (name, division) in Anywhere.Value[text[..LeastShort]].Where(named => text.StartsWith(named.Name, StringComparison.Ordinal))) { Descend(division, text, name.Length, name.Length == division.Name.Length, best); }
        }
        return best.Result;
    }

    private static void Descend(Division division, string text, int at, bool whole, Best best)
    {
        best.Offer(division, at, whole);
        // Also where a name is written twice, as the city within a municipality is.
        if (at < text.Length && division.Level == 0 && text.AsSpan(at).StartsWith(division.Name)) { Descend(division, text, at + division.Name.Length, whole, best); }
        foreach (var below in Within(division))
        {
            foreach (var name in below.Spellings.Where(name => text.AsSpan(at).StartsWith(name))) { Descend(below, text, at + name.Length, whole && name.Length >= below.Name.Length, best); }
        }
    }

    /// <summary>Those beneath, and those beneath them: one level may be left out.</summary>
    private static IEnumerable<Division> Within(Division division) => division.Below.Where(below => !below.IsUnwritten).Concat(division.Level is 0 or 1 ? division.Below.SelectMany(below => below.Below) : []);

    /// <summary>What names most of the text; of these the deepest, and of these those whose names are whole.</summary>
    private sealed class Best
    {
        private readonly Dictionary<Division, bool> found = [];
        private (int Length, int Level) rank;

        public (IReadOnlyList<Division>, int) Result => ([.. Whole.Take(20).OrderBy(division => division.Code, StringComparer.Ordinal)], rank.Length);

        private IEnumerable<Division> Whole => found.ContainsValue(true) ? found.Where(one => one.Value).Select(one => one.Key) : found.Keys;

        public void Offer(Division division, int length, bool whole)
        {
            var offered = (length, division.Level);
            if (offered.CompareTo(rank) < 0) { return; }
            if (offered != rank) { found.Clear(); }
            rank = offered;
            found[division] = whole || found.GetValueOrDefault(division);
        }
    }
}
