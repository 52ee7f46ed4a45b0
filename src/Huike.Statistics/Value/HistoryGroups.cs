using System.Runtime.InteropServices;

namespace Huike.Statistics.Value;

/// <summary>The different histories of a customer base with the number of customers who share each: what fits and forecasts
/// cost grows with these, not with customers.</summary>
public sealed class HistoryGroups
{
    private readonly PurchaseHistory[] histories;
    private readonly int[] counts;
    private readonly int[] groupOf;

    private HistoryGroups(PurchaseHistory[] histories, int[] counts, int[] groupOf)
    {
        this.histories = histories;
        this.counts = counts;
        this.groupOf = groupOf;
    }

    /// <summary>Different histories, ordered by repeats, recency, age.</summary>
    public ReadOnlySpan<PurchaseHistory> Histories => histories;

    /// <summary>Customers per history, same order and length as <see cref="Histories"/>.</summary>
    public ReadOnlySpan<int> Counts => counts;

    /// <summary>Index into <see cref="Histories"/> for each customer, in the order they were given.</summary>
    public ReadOnlySpan<int> GroupOf => groupOf;

    /// <summary>Customers in all groups.</summary>
    public int Customers => groupOf.Length;

    /// <summary>Groups customers by equal history; O(n) and one dictionary of the different ones.</summary>
    /// <param name="customers">One history per customer; invalid ones are kept and make a fit refuse.</param>
    public static HistoryGroups Of(ReadOnlySpan<PurchaseHistory> customers)
    {
        var seen = new Dictionary<PurchaseHistory, int>();
        var indices = new int[customers.Length];
        for (var i = 0; i < customers.Length; i++)
        {
            ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, customers[i], out var known);
            index = known ? index : seen.Count - 1;
            indices[i] = index;
        }

        var different = new PurchaseHistory[seen.Count];
        var found = new int[seen.Count];
        foreach (var (history, index) in seen)
        {
            different[index] = history;
            found[index] = index;
        }

        Array.Sort(different, found, Comparer<PurchaseHistory>.Create(Compare));
        var place = new int[found.Length];
        for (var i = 0; i < found.Length; i++)
        {
            place[found[i]] = i;
        }

        var shared = new int[found.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            indices[i] = place[indices[i]];
            shared[indices[i]]++;
        }

        return new HistoryGroups(different, shared, indices);
    }

    /// <summary>One value per customer from one value per group.</summary>
    /// <param name="perGroup">In the order of <see cref="Histories"/>.</param>
    /// <returns>In the order the customers were given.</returns>
    public double[] PerCustomer(ReadOnlySpan<double> perGroup)
    {
        var values = new double[groupOf.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = perGroup[groupOf[i]];
        }

        return values;
    }

    private static int Compare(PurchaseHistory one, PurchaseHistory other)
    {
        var order = one.Repeats.CompareTo(other.Repeats);
        order = order != 0 ? order : one.Recency.CompareTo(other.Recency);
        return order != 0 ? order : one.Age.CompareTo(other.Age);
    }
}
