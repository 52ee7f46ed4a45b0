namespace Huike.Seed;

/// <summary>Writes the lines of one document at a time, into one list that is used again.</summary>
internal sealed class Document(int seed, Catalogue catalogue)
{
    private const string OwnShop = "官方商城";
    private const string Hotline = "客服热线";

    private readonly List<SeedTransaction> _lines = [];
    private readonly HashSet<int> _products = [];

    /// <summary>The purchase of a customer; the list is valid until the next call.</summary>
    internal List<SeedTransaction> For(int customer, Traits traits, int day, DateTime at, string number)
    {
        var dice = Dice.For(seed, Topic.Document, customer, day);
        var isPerson = traits.Kind <= SeedKind.Household;
        var theme = ThemeOf(ref dice, traits);
        var count = theme switch
        {
            Theme.Kitchen => dice.Between(2, 4),
            Theme.Appliance => traits.Haggles ? 1 : dice.Count(0.3, 4),
            Theme.Upkeep => traits.Haggles ? 1 : dice.Count(0.45, 5),
            Theme.Distributor => dice.Between(4, 9),
            _ => dice.Between(1, 6),
        };
        var place = !isPerson ? traits.City.Branch
            : dice.Next() switch { < 0.24 => OwnShop, < 0.28 => Hotline, _ => traits.City.Outlets[customer % traits.City.Outlets.Length] };
        var discount = DiscountOf(ref dice, traits, at, number: count);
        return Write(ref dice, CustomerFiles.Number(customer), theme, count, (traits.Size, discount), (at, number, place));
    }

    /// <summary>A purchase of someone whose name nobody took.</summary>
    internal List<SeedTransaction> WalkIn(int second, int day, DateTime at, string number)
    {
        var dice = Dice.For(seed, Topic.WalkIn, -1 - second, day);
        var outlets = Cities.Draw(ref dice).Outlets;
        return Write(ref dice, null, dice.Happens(0.7) ? Theme.Upkeep : Theme.Appliance, dice.Count(0.3, 3), (1, 0), (at, number, dice.Pick(outlets)));
    }

    private static Theme ThemeOf(ref Dice dice, Traits traits) => traits.Kind switch
    {
        SeedKind.Organisation when !traits.Haggles => Theme.Organisation,
        SeedKind.Distributor => Theme.Distributor,
        SeedKind.Partner => Theme.Parts,
        _ when traits.Haggles => dice.Happens(0.5) ? Theme.Appliance : Theme.Upkeep,
        _ => dice.Next() switch { < 0.12 => Theme.Kitchen, < 0.52 => Theme.Appliance, _ => Theme.Upkeep },
    };

    private static decimal DiscountOf(ref Dice dice, Traits traits, DateTime at, int number)
    {
        var percent = traits.Kind switch
        {
            _ when traits.Haggles => dice.Between(38, 50),
            SeedKind.Distributor => dice.Between(20, 26) + (traits.Size > 2 ? 3 : 0),
            SeedKind.Partner => dice.Between(12, 20),
            SeedKind.Organisation => dice.Between(2, 9),
            _ when at is { Month: 6, Day: <= 20 } or { Month: 11, Day: <= 11 } => dice.Between(8, 18),
            _ => number > 2 ? 5 : dice.Happens(0.2) ? dice.Between(2, 8) : 0,
        };
        return new decimal(percent, 0, 0, false, 2);
    }

    private List<SeedTransaction> Write(
        ref Dice dice, string? customer, Theme theme, int count, (double Size, decimal Discount) terms, (DateTime At, string Number, string Place) head)
    {
        _lines.Clear();
        _products.Clear();
        var date = DateOnly.FromDateTime(head.At);
        for (var i = 0; i < count; i++)
        {
            var product = catalogue.Draw(ref dice, theme, date.Month);
            // The same product twice on a document is what tills do, now and then, and not more.
            if (!_products.Add(product) && dice.Happens(0.95))
            {
                continue;
            }

            var (price, cost) = catalogue.On(product, date);
            var quantity = QuantityOf(ref dice, theme, terms.Size, price);
            _lines.Add(new SeedTransaction(customer, head.At, head.Number, catalogue.Products[product], quantity, price, terms.Discount, head.Place, cost));
        }

        return _lines;
    }

    private static int QuantityOf(ref Dice dice, Theme theme, double size, decimal price)
    {
        var typical = theme switch
        {
            Theme.Kitchen or Theme.Appliance => 1,
            Theme.Upkeep => price < 100 ? dice.Count(0.35, 4) : 1,
            Theme.Organisation => (price < 500 ? 4 : 1.2) * size * dice.Uneven(0.5),
            Theme.Distributor => (price < 500 ? 6 : price < 2500 ? 2 : 0.8) * size * dice.Uneven(0.6),
            _ => (price < 100 ? 8 : 3) * size * dice.Uneven(0.5),
        };
        return Math.Clamp((int)(typical + 0.5), 1, 2000);
    }
}
