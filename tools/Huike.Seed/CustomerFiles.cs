using System.Globalization;

namespace Huike.Seed;

/// <summary>How a customer buys.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Rate">Documents per day of the season's clock while active.</param>
/// <param name="Leaves">Probability of leaving after a document.</param>
/// <param name="Size">Multiplies quantities; median 1.</param>
/// <param name="Haggles">Costs more than it brings: small orders, large discounts, many returns.</param>
/// <param name="City">Where it is.</param>
internal readonly record struct Traits(SeedKind Kind, double Rate, double Leaves, double Size, bool Haggles, City City);

/// <summary>Where and when the firm sells.</summary>
internal sealed record Market(int Seed, DateOnly From, int Days, Catalogue Catalogue, Seasons Retail, Seasons Trade);

/// <summary>Every customer by its index alone, so that none has to be kept in memory.</summary>
internal sealed class CustomerFiles(Market market, int customers, double pace)
{
    private const double KnownBefore = 0.35;
    private const int DaysBefore = 5 * 365;

    // Prefixes of the right form for which no published table of allotted mobile numbers names a place: no demo may ever ring a person.
    private static readonly string[] Prefixes = ["1455", "1456", "1578", "1765", "1789", "1849"];
    private const int PerPrefix = 10_000_000;
    private static readonly double[] KindTotals = Facts.Totals([0.78, 0.09, 0.11, 0.01, 0.01]);

    internal static string Number(int customer) => string.Create(CultureInfo.InvariantCulture, $"K{customer + 1:0000000}");

    internal Traits TraitsOf(int customer)
    {
        var dice = Dice.For(market.Seed, Topic.Traits, customer);
        var kind = (SeedKind)dice.Pick(KindTotals);
        var once = dice.Happens(0.36);
        var haggles = kind <= SeedKind.Organisation && dice.Happens(0.015);
        var (yearly, leaves, spread) = kind switch
        {
            SeedKind.Person => (6.2, once ? 0.9 : 0.055, 0.4),
            SeedKind.Household => (5.6, once ? 0.8 : 0.05, 0.4),
            SeedKind.Organisation => (5.0, once ? 0.25 : 0.03, 0.7),
            SeedKind.Distributor => (20.0, 0.006, 0.7),
            _ => (15.0, 0.008, 0.6),
        };
        var rate = yearly / 365 * dice.Uneven(0.6) * pace * (haggles ? 3 : 1);
        // A firm that is asked for more lines than usual has more loyal customers, not only hastier ones.
        return new Traits(kind, rate, Math.Min(0.95, (haggles ? 0.03 : leaves) / Math.Max(1, pace)), dice.Uneven(spread), haggles, Cities.Draw(ref dice));
    }

    /// <summary>Day on which the file was opened, from the ledger's first day on; below 0: before it.</summary>
    internal int CreatedOn(int customer)
    {
        var jitter = Dice.For(market.Seed, Topic.Start, customer).Next();
        var before = (int)(KnownBefore * customers);
        return customer < before
            ? (int)(DaysBefore * (((customer + jitter) / before) - 1)) - 1
            : market.Retail.DayAt((customer - before + jitter) / (customers - before) * market.Retail.End * 0.9999999);
    }

    internal SeedCustomer Make(int customer)
    {
        var traits = TraitsOf(customer);
        var dice = Dice.For(market.Seed, Topic.File, customer);
        var city = traits.City;
        var isPerson = traits.Kind <= SeedKind.Household;
        var (name, category) = isPerson ? (Names.Person(ref dice) + (traits.Kind == SeedKind.Household ? "家庭" : ""), "")
            : Names.Organisation(ref dice, KindWord(traits.Kind), city);
        var number = Number(customer);
        var landline = !isPerson && dice.Happens(0.6);
        var email = dice.Happens(isPerson ? 0.3 : 0.6) ? (isPerson ? $"u{number[1..]}@mail.example" : $"office@{number.ToLowerInvariant()}.example") : null;
        var place = city.Districts.Length == 0 ? "" : city.Districts[dice.Below(city.Districts.Length)];
        return new SeedCustomer(
            number, traits.Kind, name, landline ? Landline(customer, city) : Mobile(customer), email,
            city.Province, city.Name, place, Street(ref dice, isPerson), category,
            isPerson ? null : CreditCodes.Make(market.Seed, customer, city.Code),
            isPerson ? null : Names.Person(ref dice) + " " + dice.Pick(Names.Roles), CreatedAt(customer));
    }

    /// <summary>Second of the day at which a customer's document of that day is written.</summary>
    internal static int SecondOf(int seed, int customer, int day, SeedKind kind)
    {
        var dice = Dice.For(seed, Topic.Day, customer, day);
        return kind <= SeedKind.Household ? (int)((9.5 + (5.5 * (dice.Next() + dice.Next()))) * 3600) : (int)((8.5 + (9 * dice.Next())) * 3600);
    }

    private static string KindWord(SeedKind kind) => kind switch { SeedKind.Organisation => "organisation", SeedKind.Distributor => "distributor", _ => "partner" };

    // A file is opened a few minutes before the first document of the day.
    private DateTime CreatedAt(int customer)
    {
        var day = CreatedOn(customer);
        return market.From.AddDays(day).ToDateTime(TimeOnly.MinValue).AddSeconds(SecondOf(market.Seed, customer, day, TraitsOf(customer).Kind) - 240);
    }

    private long Shuffled(int customer) => (((long)customer * 38_677_123) + ((uint)market.Seed * 7919L)) % (PerPrefix * Prefixes.Length);

    private string Mobile(int customer)
    {
        var number = Shuffled(customer);
        return string.Create(CultureInfo.InvariantCulture, $"{Prefixes[number / PerPrefix]}{number % PerPrefix:0000000}");
    }

    private string Landline(int customer, City city)
    {
        var number = (int)(Shuffled(customer) % PerPrefix);
        return city.LocalDigits == 8
            ? string.Create(CultureInfo.InvariantCulture, $"{city.AreaCode}-8{number:0000000}")
            : string.Create(CultureInfo.InvariantCulture, $"{city.AreaCode}-{2 + (number / 1_000_000 % 7)}{number % 1_000_000:000000}");
    }

    private static string Street(ref Dice dice, bool isPerson)
    {
        var street = string.Create(CultureInfo.InvariantCulture, $"{dice.Pick(Names.Streets)}{dice.Between(1, 399)}号");
        return isPerson
            ? string.Create(CultureInfo.InvariantCulture, $"{street}{Names.Brand(ref dice)}{dice.Pick(Names.Estates)}{dice.Between(1, 28)}栋{dice.Between(1, 30)}{dice.Between(1, 6):00}室")
            : string.Create(CultureInfo.InvariantCulture, $"{street}{dice.Between(1, 26)}层");
    }
}
