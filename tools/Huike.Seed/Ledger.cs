using System.Globalization;

namespace Huike.Seed;

/// <summary>
/// The transactions, day by day. Whoever bought draws the day of the next purchase, which is all that is kept of a customer
/// (4 bytes), so memory doesn't grow with the number of lines. Buying until leaving at random is BG/NBD; some come back.
/// </summary>
internal sealed class Ledger(Market market, int customers, CustomerFiles files)
{
    private const double ComesBack = 0.08;
    private const double WalkInShare = 0.075;
    private const int None = -1;
    private const int Offset = 1 << 30;

    private readonly int[] _firstOf = Filled(market.Days);
    private readonly int[] _nextAfter = Filled(customers);
    private readonly List<SeedTransaction>?[] _returns = new List<SeedTransaction>?[market.Days];
    private readonly Document _document = new(market.Seed, market.Catalogue);
    private double _walkInsOwed;

    internal IEnumerable<SeedTransaction> Lines()
    {
        for (var customer = 0; customer < customers; customer++)
        {
            Wait(customer, FirstDay(customer));
        }

        var today = new List<long>();
        for (var day = 0; day < market.Days; day++)
        {
            CollectDay(day, today);
            var date = market.From.AddDays(day);
            var (sales, returned) = (0, 0);
            foreach (var visit in today)
            {
                var (second, customer) = ((int)(visit >> 32), (int)(uint)visit - Offset);
                var at = date.ToDateTime(TimeOnly.MinValue).AddSeconds(second);
                if (customer < None)
                {
                    yield return Returned(_returns[day]![-2 - customer], at, ++returned);
                    continue;
                }

                var known = customer > None;
                var lines = known
                    ? _document.For(customer, files.TraitsOf(customer), day, at, Number('S', date, ++sales))
                    : _document.WalkIn(second, day, at, Number('S', date, ++sales));
                foreach (var line in lines)
                {
                    yield return line;
                }

                if (known)
                {
                    ExpectReturns(customer, day, lines);
                }
            }

            _returns[day] = null;
        }
    }

    /// <summary>Who comes today, in order of time: customers, walk-ins (−1) and returns (−2 and below), and when the customers come again.</summary>
    private void CollectDay(int day, List<long> today)
    {
        today.Clear();
        for (var customer = _firstOf[day]; customer != None;)
        {
            var following = _nextAfter[customer];
            var traits = files.TraitsOf(customer);
            today.Add(Visit(CustomerFiles.SecondOf(market.Seed, customer, day, traits.Kind), customer));
            Wait(customer, NextDay(customer, traits, day));
            customer = following;
        }

        for (_walkInsOwed += today.Count * WalkInShare; _walkInsOwed >= 1; _walkInsOwed--)
        {
            today.Add(Visit(CustomerFiles.SecondOf(market.Seed, None - today.Count, day, SeedKind.Person), None));
        }

        for (var i = 0; i < (_returns[day]?.Count ?? 0); i++)
        {
            today.Add(Visit(CustomerFiles.SecondOf(market.Seed, i, -day - 1, SeedKind.Person), -2 - i));
        }

        today.Sort();
    }

    // Second of the day and who, in one number that sorts fast.
    private static long Visit(int second, int customer) => ((long)second << 32) | (uint)(customer + Offset);

    private int FirstDay(int customer)
    {
        var traits = files.TraitsOf(customer);
        var dice = Dice.For(market.Seed, Topic.Start, customer, 1);
        var created = files.CreatedOn(customer);
        if (created >= 0)
        {
            // A few files are of people who asked and have not bought.
            return dice.Happens(0.95) ? created : market.Days;
        }

        var stillBuys = dice.Happens(traits.Kind <= SeedKind.Household ? 0.65 : 0.85);
        return stillBuys ? Clock(traits).DayAt(dice.Wait() / traits.Rate) : market.Days;
    }

    private int NextDay(int customer, Traits traits, int day)
    {
        var dice = Dice.For(market.Seed, Topic.Traits, customer, day + 1);
        if (dice.Happens(traits.Leaves))
        {
            return dice.Happens(ComesBack) ? day + dice.Between(200, 600) : market.Days;
        }

        var clock = Clock(traits);
        return Math.Max(day + 1, clock.DayAt(clock.Noon(day) + (dice.Wait() / traits.Rate)));
    }

    private Seasons Clock(Traits traits) => traits.Kind <= SeedKind.Household ? market.Retail : market.Trade;

    private void Wait(int customer, int day)
    {
        if (day < market.Days)
        {
            _nextAfter[customer] = _firstOf[day];
            _firstOf[day] = customer;
        }
    }

    private void ExpectReturns(int customer, int day, List<SeedTransaction> lines)
    {
        var traits = files.TraitsOf(customer);
        var dice = Dice.For(market.Seed, Topic.WalkIn, customer, day);
        var share = traits.Haggles ? 0.38 : traits.Kind == SeedKind.Distributor ? 0.012 : 0.025;
        foreach (var line in lines)
        {
            var due = day + dice.Between(2, 25);
            if (dice.Happens(share) && due < market.Days)
            {
                var quantity = line.Quantity <= 2 ? line.Quantity : dice.Between(1, 1 + (line.Quantity / 4));
                (_returns[due] ??= []).Add(line with { Quantity = -quantity });
            }
        }
    }

    private static SeedTransaction Returned(SeedTransaction line, DateTime at, int number) =>
        line with { At = at, Document = Number('C', DateOnly.FromDateTime(at), number) };

    private static string Number(char kind, DateOnly date, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{date:yyyyMMdd}{number:00000}");

    private static int[] Filled(int length)
    {
        var array = new int[length];
        Array.Fill(array, None);
        return array;
    }
}
