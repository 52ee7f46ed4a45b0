using System.Globalization;
using System.Text;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Microsoft.Data.Sqlite;

namespace Huike.IntegrationTests.Customers.Ledger;

/// <summary>Ledgers that others published, with the counts that are known of them.</summary>
public sealed class PublicLedgersTests
{
    [Theory, OnBothDatabases]
    public async Task Online_Retail_loads_to_its_known_numbers_and_a_second_time_to_nothing(DatabaseKind kind)
    {
        var files = OnlineRetail();
        await using var app = await HuikeApp.Start(kind);
        var first = await Given.Loaded(app, files);
        Assert.Equal(541_909, Count(first, "rows"));
        Assert.Equal(541_909, Count(first, "accepted"));
        Assert.Equal(4_372, Count(first, "customers"));
        Assert.Equal(135_080, Count(first, "withoutCustomer"));
        Assert.Equal(9_288, Count(first, "returns"));
        Assert.Equal(8_905, Count(first, "returnsWithCustomer"));
        Assert.Equal(25_900, Count(first, "documents"));
        Assert.Equal(5_268, Count(first, "duplicates"));
        Assert.Equal(8_300_065.814m, first.GetProperty("netSales").GetDecimal());
        Assert.Equal(541_909, await app.Number("select count(*) from customers_transaction"));
        Assert.Equal(4_372, await app.Number("select count(distinct customer_id) from customers_transaction"));
        Assert.Equal(83_000_658_140, await app.Number("select sum(amount) from customers_transaction where customer_id is not null"));
        var again = await Given.Loaded(app, files);
        Assert.Equal((0, 541_909), (Count(again, "added"), Count(again, "known")));
        Assert.Equal(541_909, await app.Number("select count(*) from customers_transaction"));
    }

    [Theory, OnBothDatabases]
    public async Task Northwinds_order_lines_take_customer_and_day_from_its_orders(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var outcome = await Given.Loaded(app, [SharedFolder.File("northwind", "orders.csv"), SharedFolder.File("northwind", "order-details.csv")]);
        Assert.Equal((2_155, 0, 89, 830), (Count(outcome, "rows"), Count(outcome, "refused"), Count(outcome, "customers"), Count(outcome, "documents")));
        Assert.Equal(1_265_793.0395m, outcome.GetProperty("netSales").GetDecimal());
        Assert.Equal(77, await app.Number("select count(*) from customers_product"));
    }

    [Theory, OnBothDatabases]
    public async Task Chinooks_invoice_lines_take_customer_and_day_from_its_invoices(DatabaseKind kind)
    {
        var source = SharedFolder.File("chinook", "Chinook_Sqlite.sqlite");
        await using var app = await HuikeApp.Start(kind);
        var outcome = await Given.Loaded(app, [await Exported(source, "Invoice"), await Exported(source, "InvoiceLine")]);
        Assert.Equal((2_240, 0, 59, 412), (Count(outcome, "rows"), Count(outcome, "refused"), Count(outcome, "customers"), Count(outcome, "documents")));
        Assert.Equal(2_328.60m, outcome.GetProperty("netSales").GetDecimal());
    }

    [Theory, OnBothDatabases]
    public async Task Cdnows_master_of_blanks_loads_to_its_known_numbers(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var outcome = await Given.Loaded(app, [SharedFolder.File("cdnow", "CDNOW_master.txt")]);
        Assert.Equal((69_659, 0, 23_570), (Count(outcome, "rows"), Count(outcome, "refused"), Count(outcome, "customers")));
        Assert.Equal(2_500_315.63m, outcome.GetProperty("netSales").GetDecimal());
        Assert.Equal(69_659, await app.Number("select count(*) from customers_transaction"));
    }

    [Theory, OnBothDatabases]
    public async Task A_sample_without_a_header_loads_by_the_positions_of_its_columns(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var columns = new Dictionary<string, string> { ["customer"] = "1", ["date"] = "3", ["quantity"] = "4", ["amount"] = "5" };
        var outcome = await Given.Loaded(app, [SharedFolder.File("cdnow", "CDNOW_sample.txt")], load => load with { Columns = columns });
        Assert.Equal((6_919, 0, 2_357), (Count(outcome, "rows"), Count(outcome, "refused"), Count(outcome, "customers")));
    }

    internal static List<string> OnlineRetail() =>
        [.. Enumerable.Range(0, 13).Select(month => SharedFolder.File("online_retail_uci", $"online_retail_{new DateOnly(2010, 12, 1).AddMonths(month).ToString("yyyy-MM", CultureInfo.InvariantCulture)}.csv.gz"))];

    internal static long Count(JsonElement outcome, string name) => outcome.GetProperty(name).GetInt64();

    private static async Task<string> Exported(string source, string table)
    {
        await using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = database.Command($"select * from {table}");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var csv = new StringBuilder(string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(reader.GetName))).Append('\n');
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            csv.AppendJoin(',', Enumerable.Range(0, reader.FieldCount).Select(i => $"\"{Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)!.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append('\n');
        }
        return Given.Written(csv.ToString());
    }
}
