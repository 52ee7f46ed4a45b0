using Huike.Platform.Search;
using Huike.Seed;
using Xunit;

namespace Huike.UnitTests.Seed;

public class FirmTests
{
    private static readonly DateOnly Until = new(2026, 11, 20);
    private static readonly DateTime From = new(2023, 11, 21);

    // A demo of a third of the size, read once for all tests that only look.
    private static readonly Lazy<(List<SeedCustomer> Customers, List<SeedTransaction> Lines)> Demo = new(() =>
    {
        var firm = new Firm(1, new FirmSize(6_000, 3), Until);
        return (firm.Customers.ToList(), firm.Transactions.ToList());
    });

    [Fact]
    public void A_demo_has_about_fifteen_lines_a_customer_in_order_of_time()
    {
        var lines = Demo.Value.Lines;

        Assert.InRange(lines.Count, 6_000 * 14, 6_000 * 17);
        Assert.DoesNotContain(lines.Zip(lines.Skip(1)), pair => pair.First.At > pair.Second.At);
        Assert.DoesNotContain(lines, line => line.At < From || line.At >= From.AddYears(3));
        Assert.Equal(new DateOnly(2026, 11, 20), DateOnly.FromDateTime(lines[^1].At));
        Assert.Equal(new DateOnly(2023, 11, 21), DateOnly.FromDateTime(lines[0].At));
    }

    [Fact]
    public void Every_customer_has_a_number_of_its_own_and_every_line_a_customer_that_exists()
    {
        var created = Demo.Value.Customers.ToDictionary(c => c.Number, c => c.CreatedAt, StringComparer.Ordinal);

        Assert.Equal(6_000, created.Count);
        Assert.DoesNotContain(Demo.Value.Lines, line => line.Customer is { } customer && created[customer] > line.At);
        Assert.InRange(Demo.Value.Lines.Count(line => line.Customer is null) / (double)Demo.Value.Lines.Count, 0.03, 0.05);
    }

    [Fact]
    public void Phones_and_credit_codes_are_valid_and_no_two_customers_share_one()
    {
        var customers = Demo.Value.Customers;
        var organisations = customers.Where(c => c.Kind > SeedKind.Household).ToList();

        Assert.DoesNotContain(customers, c => Phone.Normalise(c.Phone) is not { Kind: PhoneKind.Mobile or PhoneKind.Landline });
        Assert.DoesNotContain(organisations, c => !CreditCode.IsValid(c.CreditCode!));
        Assert.Equal(organisations.Count, organisations.Select(c => c.CreditCode).Distinct().Count());
        Assert.Equal(customers.Count, customers.Select(c => c.Phone).Distinct().Count());
        Assert.DoesNotContain(customers, c => c.Email?.EndsWith(".example", StringComparison.Ordinal) == false);
    }

    [Fact]
    public void Every_division_is_real_and_so_is_its_code()
    {
        var cities = Rows("cities.csv").ToDictionary(r => r[0], r => r[1], StringComparer.Ordinal);
        var codes = cities.Where(c => c.Value != "市辖区").GroupBy(c => c.Value, c => c.Key).ToDictionary(c => c.Key, c => c.First(), StringComparer.Ordinal);
        var areas = Rows("areas.csv").Select(r => (City: r[2], Name: r[1])).ToHashSet();
        var provinces = Rows("provinces.csv").Select(r => r[1]).ToHashSet(StringComparer.Ordinal);

        foreach (var customer in Demo.Value.Customers)
        {
            var code = customer.CreditCode?[2..6] ?? codes.GetValueOrDefault(customer.City);
            var isReal = provinces.Contains(customer.Province) && (customer.City == customer.Province || cities[code!] == customer.City)
                && (customer.District.Length == 0 || code is null || areas.Contains((code, customer.District)));
            Assert.True(isReal, isReal ? "" : customer.ToString());
        }
    }

    [Fact]
    public void A_fifth_of_the_customers_brings_most_of_the_sales_and_some_cost_more_than_they_bring()
    {
        var bought = Demo.Value.Lines.Where(line => line.Customer is not null).GroupBy(line => line.Customer).Select(lines => (
            Sales: lines.Sum(line => line.Amount), Margin: lines.Sum(line => line.Amount - (line.Quantity * line.Cost)), Days: lines.Select(line => line.At.Date).Distinct().Count())).ToList();
        var sales = bought.Select(b => b.Sales).OrderDescending().ToList();

        Assert.InRange((double)(sales.Take(sales.Count / 5).Sum() / sales.Sum()), 0.65, 0.85);
        Assert.InRange(bought.Count(b => b.Margin < 0), 6, 120);
        Assert.InRange(bought.Count(b => b.Days == 1) / (double)bought.Count, 0.2, 0.5);
    }

    [Fact]
    public void Seasons_can_be_seen()
    {
        var retail = Demo.Value.Lines.Where(line => line.Quantity > 0 && !line.Place.EndsWith("分公司", StringComparison.Ordinal)).ToList();
        double Daily(int month, int first, int last) => retail.Count(l => l.At.Month == month && l.At.Day >= first && l.At.Day <= last) / (double)(last - first + 1);
        double Chilled(params int[] months) => retail.Count(l => l.Product.Category == "空调" && months.Contains(l.At.Month));

        Assert.True(Daily(11, 10, 11) > 2.5 * Daily(9, 1, 30));
        Assert.True(Daily(6, 16, 18) > 2 * Daily(9, 1, 30));
        Assert.True(Chilled(6, 7, 8) > 3 * Chilled(12, 1, 2));
        // 17 February 2026 was New Year.
        Assert.True(retail.Count(l => l.At.Date >= new DateTime(2026, 2, 17) && l.At.Date < new DateTime(2026, 2, 23)) * 2
            < retail.Count(l => l.At.Date >= new DateTime(2026, 2, 3) && l.At.Date < new DateTime(2026, 2, 9)));
    }

    [Fact]
    public void Returns_stand_on_documents_of_their_own_and_give_back_what_was_bought()
    {
        var returns = Demo.Value.Lines.Where(line => line.Quantity < 0).ToList();
        var bought = Demo.Value.Lines.Where(line => line.Quantity > 0).Select(line => (line.Customer, line.Product.Code, line.Price, line.Discount)).ToHashSet();

        Assert.InRange(returns.Count / (double)Demo.Value.Lines.Count, 0.01, 0.05);
        Assert.DoesNotContain(returns, line => !bought.Contains((line.Customer, line.Product.Code, line.Price, line.Discount)));
        Assert.DoesNotContain(Demo.Value.Lines, line => line.Document[0] != (line.Quantity > 0 ? 'S' : 'C'));
    }

    [Fact]
    public void Prices_are_money_of_two_decimals_and_rise_over_the_years()
    {
        var firm = new Firm(1, new FirmSize(100, 3), Until);
        var products = firm.Products.ToDictionary(p => p.Code, StringComparer.Ordinal);

        Assert.DoesNotContain(products.Values, p => p.Price <= p.Cost || p.Cost <= 0 || decimal.Round(p.Price, 2) != p.Price);
        Assert.DoesNotContain(Demo.Value.Lines, line => line.Discount is < 0 or > 0.5m || line.Quantity == 0 || decimal.Round(line.Cost, 2) != line.Cost);
        Assert.True(Demo.Value.Lines.TakeLast(2_000).Average(line => line.Price / products[line.Product.Code].Price) is > 1.03m and < 1.2m);
    }

    [Theory]
    [InlineData(100, 20_000)]
    [InlineData(10_000, 30_000)]
    public void A_ledger_of_about_so_many_lines_is_made(int customers, int lines) =>
        Assert.InRange(new Firm(1, new FirmSize(customers, 3, lines), Until).Transactions.Count(), lines * 0.85, lines * 1.15);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 50)]
    [InlineData(30, 1)]
    public void The_smallest_firms_work_too(int customers, int years) =>
        Assert.Equal(customers, new Firm(3, new FirmSize(customers, years), Until).Customers.Count(c => c.CreatedAt < new DateTime(2026, 11, 21)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 51)]
    public void A_firm_that_cannot_be_is_refused(int customers, int years) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Firm(1, new FirmSize(customers, years), Until));

    private static IEnumerable<string[]> Rows(string file) =>
        File.ReadLines(SharedFolder.File("cn_divisions", file)).Skip(1).Select(line => line.Replace("\"", "", StringComparison.Ordinal).Split(','));
}
