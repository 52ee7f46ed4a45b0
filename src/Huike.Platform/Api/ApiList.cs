namespace Huike.Platform.Api;

/// <summary>A page of records, newest first; <see cref="Next"/> sent as <c>before</c> leads on.</summary>
/// <param name="Rows">At most <see cref="ApiList.Most"/>.</param>
/// <param name="Next">Null on the last page.</param>
public sealed record ApiList<T>(IReadOnlyList<T> Rows, long? Next);

/// <summary>Pages of lists by number.</summary>
public static class ApiList
{
    /// <summary>Rows of a page; one more is read, to know whether there are more.</summary>
    public const int Most = 50;

    /// <summary>The page of rows of which one more was read than it holds.</summary>
    public static ApiList<T> Of<T>(IReadOnlyList<T> read, Func<T, long> id) => read.Count > Most ? new([.. read.Take(Most)], id(read[Most - 1])) : new(read, null);
}
