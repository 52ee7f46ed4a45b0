using System.Globalization;

namespace Huike.Benchmarks;

/// <summary>
/// Finding doubles: what is found of public sets whose doubles are known, <c>duplicates gold [--data ../shared/data]</c>. Learned from the records alone; the same for every set.
/// </summary>
internal static class Duplicates
{
    public static void Gold(string[] args)
    {
        var sets = new GoldSets((folder, file) => Path.Combine(Whole.Of(args, "--data", "../shared/data"), folder, file));
        Console.WriteLine("| set | pairs there are | compared | found | precision | recall | F1 |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var set in new[] { sets.Febrl(1), sets.Febrl(2), sets.Febrl(3), sets.Restaurants(true), sets.Restaurants(false), sets.RestaurantDoubles(), sets.AbtBuy(), sets.GermanNames(), sets.Fake1000() })
        {
            var measured = set.Measure();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {set.Name} | {measured.AllPairs:N0} | {measured.Compared:N0} | {measured.Found:N0} of {measured.Gold:N0} | {measured.Precision:F3} | {measured.Recall:F3} | {measured.F1:F3} |"));
        }
    }
}
