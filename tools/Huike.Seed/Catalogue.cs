using System.Globalization;

namespace Huike.Seed;

/// <summary>What a document is about, which decides what is on it.</summary>
internal enum Theme
{
    /// <summary>A new kitchen: hood, stove and what goes with them.</summary>
    Kitchen,

    /// <summary>One appliance or two.</summary>
    Appliance,

    /// <summary>Filters, cleaning, a visit.</summary>
    Upkeep,

    Organisation,
    Distributor,

    /// <summary>Spare parts for an outlet that repairs.</summary>
    Parts,
}

/// <summary>The products, their prices over time and how likely each is bought when.</summary>
internal sealed class Catalogue
{
    private const double PriceRise = 0.03;
    private const double CostRise = 0.025;

    private readonly decimal[][] _prices;
    private readonly decimal[][] _costs;
    private readonly double[][] _totals;
    private readonly DateOnly _from;

    internal Catalogue(int seed, DateOnly from, int years)
    {
        _from = from;
        var rows = Facts.Lines("catalogue").SelectMany((line, category) => Models(line.Split('|'), category + 1)).ToList();
        Products = rows.Select(row => row.Product).ToArray();
        _prices = rows.Select((row, i) => Over(years, i, year => Rounded((double)row.Product.Price, Rise(seed, PriceRise, i, year)))).ToArray();
        _costs = rows.Select((row, i) => Over(years, i, year => Cents((double)row.Product.Cost * Rise(seed, CostRise, i, year)))).ToArray();
        _totals = (from theme in Enum.GetValues<Theme>()
                   from month in Enumerable.Range(1, 12)
                   select Facts.Totals(rows.Select(row => row.Weight * Fit(row.Buyers, row.Season, theme) * Season(row.Season, month)))).ToArray();
    }

    internal SeedProduct[] Products { get; }

    internal int Draw(ref Dice dice, Theme theme, int month) => dice.Pick(_totals[((int)theme * 12) + month - 1]);

    /// <summary>List price and cost on a day; both change on 1 March.</summary>
    internal (decimal Price, decimal Cost) On(int product, DateOnly date)
    {
        var year = Math.Max(0, date.Year - _from.Year - (date.Month < 3 ? 1 : 0) + (_from.Month < 3 ? 1 : 0));
        return (_prices[product][year], _costs[product][year]);
    }

    private static IEnumerable<(SeedProduct Product, double Weight, string Season, string Buyers)> Models(string[] row, int category)
    {
        var number = 0;
        foreach (var entry in row[5].Split(' '))
        {
            var parts = entry.Split('=', '-', ',');
            var (least, most, models) = (Facts.Number(parts[1]), Facts.Number(parts[2]), (int)Facts.Number(parts[3]));
            for (var model = 0; model < models; model++)
            {
                var price = Rounded(least + ((most - least) * model / Math.Max(1, models - 1)), 1);
                var name = string.Create(CultureInfo.InvariantCulture, $"{parts[0]} {(char)('A' + category - 1)}{number + 1:00}");
                var code = string.Create(CultureInfo.InvariantCulture, $"P{category:00}-{++number:00}");
                // The dearer of a row sell less.
                yield return (new SeedProduct(code, name, row[0], price, Cents((double)price * Facts.Number(row[3]))), Facts.Number(row[4]) / (models * (1 + (0.4 * model))), row[1], row[2]);
            }
        }
    }

    private static double Fit(string buyers, string season, Theme theme)
    {
        var upkeep = season == "upkeep";
        return theme switch
        {
            Theme.Kitchen => upkeep ? 0 : season == "renovation" ? 4 : 0.4,
            Theme.Appliance => upkeep ? 0 : Likes(buyers, 'P'),
            Theme.Upkeep => upkeep ? Likes(buyers, 'P') : 0,
            Theme.Organisation => Likes(buyers, 'O') * (upkeep ? 0.5 : 1),
            Theme.Distributor => Likes(buyers, 'D') * (upkeep ? 0.3 : 1),
            _ => upkeep ? Likes(buyers, 'D') : 0.02,
        };
    }

    private static double Likes(string buyers, char who) =>
        buyers.Contains(who, StringComparison.Ordinal) ? 1 : buyers.Contains(char.ToLowerInvariant(who), StringComparison.Ordinal) ? 0.3 : 0;

    private static double Season(string season, int month) => season switch
    {
        "renovation" => month is 1 or 2 ? 0.6 : month is >= 3 and <= 5 or >= 9 and <= 11 ? 1.3 : 1,
        "summer" => month switch { 5 => 1.6, 6 => 2.6, 7 => 3, 8 => 2, 9 => 0.9, _ => 0.35 },
        "winter" => month is >= 11 or <= 2 ? 1.8 : month is 3 or 10 ? 1.2 : 0.6,
        "gift" => month is 1 or 2 ? 1.5 : month is 5 or 6 or >= 9 ? 1.2 : 0.9,
        _ => 1,
    };

    private static decimal[] Over(int years, int product, Func<int, decimal> amount) => Enumerable.Range(0, years + 2).Select(amount).ToArray();

    private static double Rise(int seed, double mean, int product, int year)
    {
        double factor = 1;
        for (var y = 1; y <= year; y++)
        {
            factor *= 1 + (mean * 2 * Dice.For(seed, Topic.Price, product, y).Next());
        }

        return factor;
    }

    /// <summary>As price tags are: whole yuan that end in 9, or .9 under a hundred.</summary>
    private static decimal Rounded(double price, double rise)
    {
        var yuan = price * rise;
        return yuan < 100 ? ((int)(yuan + 0.5) - 1) + 0.90m : ((((int)(yuan + 5)) / 10 * 10) - 1) + 0.00m;
    }

    private static decimal Cents(double yuan) => new((int)((yuan * 100) + 0.5), 0, 0, false, 2);
}
