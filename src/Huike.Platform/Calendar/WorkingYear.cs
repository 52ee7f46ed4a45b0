namespace Huike.Platform.Calendar;

/// <summary>The stretches of work that begin in one year, as instants, with what was worked before each: a search instead of a walk.</summary>
/// <param name="from">UTC ticks at which each begins, rising.</param>
/// <param name="until">UTC ticks at which each ends; no two overlap.</param>
internal sealed class WorkingYear(long[] from, long[] until)
{
    private readonly long[] before = Sums(from, until);

    /// <summary>All that is worked, in ticks.</summary>
    public long Total => before[^1];

    /// <summary>Ticks worked before an instant.</summary>
    public long Before(long at)
    {
        var last = LastFrom(at);
        return last < 0 ? 0 : before[last] + Math.Min(at, until[last]) - from[last];
    }

    /// <summary>The earliest instant before which so much is worked.</summary>
    /// <param name="worked">Over 0, at most <see cref="Total"/>.</param>
    public long Earliest(long worked)
    {
        var place = Array.BinarySearch(before, worked);
        place = (place < 0 ? ~place : place) - 1;
        return from[place] + worked - before[place];
    }

    /// <summary>The latest instant before which no more than so much is worked.</summary>
    /// <param name="worked">0 or more, under <see cref="Total"/>.</param>
    public long Latest(long worked)
    {
        var place = Array.BinarySearch(before, worked);
        place = place < 0 ? ~place - 1 : place;
        return from[place] + worked - before[place];
    }

    /// <summary>The first stretch that ends after an instant; null: none in this year.</summary>
    public (long From, long Until)? Next(long at)
    {
        var place = LastFrom(at);
        if (place < 0 || until[place] <= at) { place++; }
        return place < from.Length ? (from[place], until[place]) : null;
    }

    private int LastFrom(long at)
    {
        var place = Array.BinarySearch(from, at);
        return place < 0 ? ~place - 1 : place;
    }

    private static long[] Sums(long[] from, long[] until)
    {
        var sums = new long[from.Length + 1];
        for (var i = 0; i < from.Length; i++) { sums[i + 1] = sums[i] + until[i] - from[i]; }
        return sums;
    }
}
