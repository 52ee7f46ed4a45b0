using Huike.Customers.Ledger;
using Huike.Platform.Imports;

namespace Huike.UnitTests.Customers;

public sealed class LoadPlanTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("01/12/2010 08:26", "13/12/2010 09:00", DateOrder.DayFirst)]
    [InlineData("12/01/2010 08:26", "12/13/2010 09:00", DateOrder.MonthFirst)]
    [InlineData("2010-12-01 08:26", "2010-12-13 09:00", DateOrder.Unknown)]
    public void Days_that_leave_the_order_open_are_decided_by_the_rows_after_them(string first, string last, DateOrder expected)
    {
        File.WriteAllLines(_file, ["customer,date,amount", .. Enumerable.Repeat($"C1,{first},10", 5_000), $"C1,{last},10"]);
        var plan = LoadPlan.Make(new LoadRequest { Kind = LoadKind.Transactions, Files = [new("ledger.csv", _file)] });
        Assert.Equal(expected, plan.Dates);
    }
}
