using Huike.Analytics.Facts;
using Huike.Platform;
using Huike.Platform.Data;
using Xunit;

namespace Huike.UnitTests.Analytics;

public sealed class GatherFactsTests
{
    private static readonly (long? Customer, LedgerLine Line)[] Ledger =
    [
        Lines.Of(7, "2025-03-01 10:00", 100, 1),
        Lines.Of(7, "2025-03-01 10:00", 50, 1),
        Lines.Of(7, "2025-03-01 18:00", 30, 2),
        Lines.Of(7, "2025-03-20 09:00", -40, 3),
        Lines.Of(7, "2025-05-02 09:00", 200, 4),
        Lines.Of(2, "2025-04-01 09:00", -10, 5),
        Lines.Of(null, "2025-04-05 09:00", 999, 6),
    ];

    [Fact]
    public void Purchases_of_one_day_are_one_and_returns_are_none()
    {
        var facts = Lines.Facts(Ledger, "2026-01-01");
        Assert.Equal([2L, 7L], facts.Customers.Select(one => one.CustomerId));
        var seven = facts.Customers[1];
        Assert.Equal((2, 3, 1), (seven.Purchases, seven.Documents, seven.Returns));
        Assert.Equal((340m, 40m), (seven.Sales.FromStored(), seven.Returned.FromStored()));
        Assert.Equal((102m, 36m), (seven.Margin.FromStored(), seven.CostToServe.FromStored()));
        Assert.Equal(Lines.At("2025-03-01 10:00"), seven.FirstAt);
        Assert.Equal(Lines.At("2025-05-02 09:00"), seven.LastAt);
        Assert.Equal([Lines.At("2025-03-01 10:00"), Lines.At("2025-05-02 09:00")], facts.PurchasesOf(1).ToArray());
    }

    [Fact]
    public void Who_only_returned_is_known_but_never_bought()
    {
        var two = Lines.Facts(Ledger, "2026-01-01").Customers[0];
        Assert.True(two.InLedger);
        Assert.Equal((0, 0, 1, -10m), (two.Purchases, two.Documents, two.Returns, two.Sales.FromStored()));
    }

    [Fact]
    public void Lines_without_a_customer_count_in_the_firm_and_in_nobody()
    {
        var facts = Lines.Facts(Ledger, "2026-01-01");
        Assert.Equal(999m, facts.Sums[0].SalesOfUnknown.FromStored());
        Assert.Equal(330m, facts.Sums[0].Sales.Sum().FromStored());
    }

    [Fact]
    public void The_last_day_is_the_ledgers_own_unless_that_lies_in_the_future()
    {
        Assert.Equal(Lines.Day("2025-05-02"), Lines.Facts(Ledger, "2026-01-01").AsOf);
        var early = Lines.Facts(Ledger, "2025-04-10");
        Assert.Equal(Lines.Day("2025-04-10"), early.AsOf);
        Assert.Equal((6, 1), (early.Lines, early.LaterLines));
        Assert.Equal(1, early.Customers[1].Purchases);
    }

    [Fact]
    public void Order_of_lines_does_not_matter()
    {
        var facts = Lines.Facts(Ledger, "2026-01-01");
        var turned = Lines.Facts(Ledger.Reverse(), "2026-01-01");
        Assert.Equal(facts.Customers, turned.Customers);
        Assert.Equal(facts.PurchaseAt, turned.PurchaseAt);
    }

    [Fact]
    public void A_period_counts_only_what_lies_within_it()
    {
        var ledger = Ledger.Append(Lines.Of(7, "2024-12-31 23:30", 1000, 9)).ToArray();
        var facts = Lines.Facts(ledger, "2026-01-01", Lines.Settings with { Period = "2025" });
        var seven = facts.Customers[1];
        Assert.Equal(102m, seven.Margin.FromStored());
        Assert.Equal(402m, seven.MarginOfAll.FromStored());
        Assert.Equal(["all", "recent", "2024", "2025"], facts.Periods.Select(period => period.Key));
        Assert.Equal(1000m, facts.Sums[2].Sales.Sum().FromStored());
        Assert.Equal(330m, facts.Sums[3].Sales.Sum().FromStored());
    }

    [Fact]
    public void Amounts_beyond_all_ledgers_are_refused_by_name()
    {
        var huge = Lines.Of(1, "2025-01-01 10:00", 900_000_000_000_000m, 1);
        var refused = Assert.Throws<RuleException>(() => Lines.Facts([huge, huge], "2026-01-01"));
        Assert.Equal("value.ledger.large", refused.Code);
    }

    [Fact]
    public void An_empty_ledger_has_no_customers_and_ends_today()
    {
        var facts = Lines.Facts([], "2026-01-01");
        Assert.Empty(facts.Customers);
        Assert.Equal(Lines.Day("2026-01-01"), facts.AsOf);
    }

    [Theory]
    [InlineData("Asia/Shanghai")]
    [InlineData("Europe/London")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("Pacific/Apia")]
    public void Days_begin_at_the_firms_midnight_also_when_the_clock_changes(string zone)
    {
        var firm = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var days = new FirmDays(firm);
        for (var at = Lines.At("2011-01-01"); at < Lines.At("2012-02-01"); at += 1_800_000)
        {
            var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(at), firm);
            Assert.Equal(DateOnly.FromDateTime(local.DateTime).DayNumber, days.DayOf(at));
        }
        for (var day = Lines.Day("2011-01-01"); day < Lines.Day("2011-12-29"); day++) { Assert.Equal(day, days.DayOf(days.StartOf(day))); }
    }

    [Fact]
    public void Goods_cost_what_the_line_says_then_the_product_then_the_category()
    {
        var goods = new CostOfGoods(
            new Dictionary<long, ProductCost> { [1] = new("pots", 4m.ToStored()), [2] = new("pots", null), [3] = new("pans", null) },
            Lines.Settings with { MarginByCategory = new Dictionary<string, decimal> { ["pots"] = 0.5m } });
        long Margin(decimal amount, decimal? cost, long? product, decimal quantity) => goods.MarginOf(amount.ToStored(), cost?.ToStored(), product, quantity.ToStored());
        Assert.Equal(3m.ToStored(), Margin(10, 7, 1, 2));
        Assert.Equal(2m.ToStored(), Margin(10, null, 1, 2));
        Assert.Equal(5m.ToStored(), Margin(10, null, 2, 2));
        Assert.Equal(3m.ToStored(), Margin(10, null, 3, 2));
        Assert.Equal(-3m.ToStored(), Margin(-10, null, null, -2));
    }
}
