using System.Text;
using System.Text.Json;
using Huike.Customers.Ledger;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Imports;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers.Ledger;

public sealed class LoadTests
{
    private const string Header = "customer,date,document,product,quantity,price\n";

    [Theory, OnBothDatabases]
    public async Task A_dry_run_says_what_would_be_added_and_writes_nothing(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Given.Ledger(app, $"{Header}C1,2026-01-05,D1,P1,2,10\n");
        var before = await Everything(app);
        var outcome = await Given.Ledger(app, $"{Header}C1,2026-01-05,D1,P1,2,10\nC2,2026-01-06,D2,P2,1,5\nC2,no day,D3,P2,1,5\n", load => load with { DryRun = true });
        Assert.Equal((3, 2, 1, 1, 1, 1), (Count(outcome, "rows"), Count(outcome, "accepted"), Count(outcome, "refused"), Count(outcome, "added"), Count(outcome, "known"), Count(outcome, "newCustomers")));
        Assert.Equal(before, await Everything(app));
    }

    [Theory, OnBothDatabases]
    public async Task The_same_rows_of_one_source_are_loaded_once_and_of_another_source_again(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        const string csv = $"{Header}C1,2026-01-05,D1,P1,2,10\nC2,2026-01-05,D2,P1,1,10\n";
        await Given.Ledger(app, csv);
        Assert.Equal(0, Count(await Given.Ledger(app, csv), "added"));
        Assert.Equal(1, Count(await Given.Ledger(app, $"{csv}C3,2026-01-07,D3,P1,1,10\n"), "added"));
        Assert.Equal(2, Count(await Given.Ledger(app, csv, load => load with { Source = "other till" }), "added"));
        Assert.Equal(3, await app.Number("select count(*) from customers_customer"));
    }

    [Theory, OnBothDatabases]
    public async Task Equal_rows_within_a_file_are_kept_or_dropped_by_choice_and_counted(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        const string csv = $"{Header}C1,2026-01-05,D1,P1,1,10\nC1,2026-01-05,D1,P1,1,10\nC1,2026-01-05,D1,P1,1,10\n";
        var dropped = await Given.Ledger(app, csv, load => load with { DropDuplicates = true });
        Assert.Equal((2, 1, 10m), (Count(dropped, "duplicates"), Count(dropped, "added"), dropped.GetProperty("netSales").GetDecimal()));
        var kept = await Given.Ledger(app, csv);
        Assert.Equal((2, 2, 1, 30m), (Count(kept, "duplicates"), Count(kept, "added"), Count(kept, "known"), kept.GetProperty("netSales").GetDecimal()));
    }

    [Theory, OnBothDatabases]
    public async Task Returns_lower_net_sales_and_rows_without_a_customer_belong_to_nobody(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var outcome = await Given.Ledger(app, $"{Header}C1,2026-01-05,1001,P1,3,10\nC1,2026-01-09,C1001,P1,-1,10\n,2026-01-05,1002,P1,1,99\n");
        Assert.Equal((1, 1, 1, 20m), (Count(outcome, "customers"), Count(outcome, "withoutCustomer"), Count(outcome, "returns"), outcome.GetProperty("netSales").GetDecimal()));
        Assert.Equal(1, await app.Number("select count(*) from customers_transaction where customer_id is null"));
    }

    [Theory, OnBothDatabases]
    public async Task Refused_rows_come_back_with_the_reason_and_load_after_mending(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var outcome = await Given.Ledger(app, $"{Header}C1,2026-01-05,D1,P1,2,10\nC2,someday,D2,P1,1,5\nC3,2026-01-06,D3,P1,many,5\n");
        Assert.Equal((1, 2), (Count(outcome, "accepted"), Count(outcome, "refused")));
        var refused = Path.Combine(app.Database.DataFolder, "loads", outcome.GetProperty("refusedFiles")[0].GetString()!);
        var text = await File.ReadAllTextAsync(refused, TestContext.Current.CancellationToken);
        Assert.Contains("someday", text.Split('\n')[1].Split(",C2,")[0], StringComparison.Ordinal);
        var mended = Given.Written(text.Replace(",someday,", ",2026-01-06,", StringComparison.Ordinal).Replace(",many,", ",4,", StringComparison.Ordinal));
        var second = await Given.Loaded(app, [mended]);
        Assert.Equal((2, 0, 25m), (Count(second, "added"), Count(second, "refused"), second.GetProperty("netSales").GetDecimal()));
    }

    [Theory, OnBothDatabases]
    public async Task A_file_in_Chinese_as_tills_write_it_is_read_as_it_is(DatabaseKind kind)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        await using var app = await HuikeApp.Start(kind);
        var file = Given.Written("会员号,客户名称,下单时间,小票号,商品名称,数量,实付金额,门店\n0001,张伟,2026年1月5日 14:05,X1,绿茶,2,¥1,234.50,上海\n0002,李娜,2026/1/6 9:30,X2,咖啡,1,38,北京\n".Replace("¥1,234.50", "\"¥1,234.50\"", StringComparison.Ordinal), Encoding.GetEncoding("gbk"));
        var outcome = await Given.Loaded(app, [file]);
        Assert.Equal((2, 0, 2, 1_272.50m), (Count(outcome, "accepted"), Count(outcome, "refused"), Count(outcome, "customers"), outcome.GetProperty("netSales").GetDecimal()));
        Assert.Equal(1, await app.Number("select count(*) from customers_customer where name = '张伟' and place = '上海'"));
        await using var connection = await app.Database.Open(TestContext.Current.CancellationToken);
        Assert.Equal(new DateTimeOffset(2026, 1, 5, 14, 5, 0, TimeSpan.FromHours(8)), await connection.First("select min(at) from customers_transaction", row => row.At(0), TestContext.Current.CancellationToken));
    }

    [Theory, OnBothDatabases]
    public async Task An_undone_load_leaves_nothing_behind_but_what_others_brought(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Given.Ledger(app, $"{Header}C1,2026-01-05,D1,P1,2,10\n");
        var before = await Everything(app);
        await Given.Ledger(app, $"{Header}C1,2026-02-05,D2,P1,2,10\nC2,2026-02-06,D3,P1,1,5\n");
        Assert.Equal(3, await app.Number("select count(*) from customers_transaction"));
        var job = await UndoLast(app);
        Assert.Equal((JobState.Done, ""), (job.State, job.Message));
        Assert.Equal(before, await Everything(app));
        var again = await Given.Ledger(app, $"{Header}C1,2026-02-05,D2,P1,2,10\nC2,2026-02-06,D3,P1,1,5\n");
        Assert.Equal(2, Count(again, "added"));
    }

    [Theory, OnBothDatabases]
    public async Task A_list_of_customers_that_is_undone_gives_the_old_values_back(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name,phone\nC1,Anna,13800138000\n");
        var changed = await Given.Customers(app, "number,name,phone\nC1,Anna Li,13900139000\nC2,Ben,\n");
        Assert.Equal((1, 1), (Count(changed, "changed"), Count(changed, "newCustomers")));
        Assert.Equal(1, await app.Number("select count(*) from customers_customer where name = 'Anna Li'"));
        await UndoLast(app);
        Assert.Equal(1, await app.Number("select count(*) from customers_customer"));
        Assert.Equal(1, await app.Number("select count(*) from customers_customer where name = 'Anna' and phone = '+8613800138000'"));
    }

    [Theory, OnBothDatabases]
    public async Task Files_that_cannot_be_a_ledger_are_refused_before_anything_is_kept(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var missing = await Assert.ThrowsAsync<ImportException>(() => Given.Ledger(app, "colour,size\nred,1\nblue,2\n"));
        Assert.Equal("load.columns.missing", missing.Code);
        var nowhere = await Assert.ThrowsAsync<ImportException>(() => Given.Ledger(app, $"{Header}C1,2026-01-05,D1,P1,2,10\n", load => load with { Columns = new Dictionary<string, string> { ["cost"] = "nothing" } }));
        Assert.Equal("load.column.nowhere", nowhere.Code);
        Assert.Equal(0, await app.Number("select count(*) from customers_load"));
    }

    [Theory, OnBothDatabases]
    public async Task A_load_may_not_be_undone_while_it_was_never_done(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Given.Ledger(app, $"{Header}C1,2026-01-05,D1,P1,2,10\n");
        var refused = await Assert.ThrowsAsync<RuleException>(() => app.In(async services =>
        {
            var loads = services.GetRequiredService<Loads>();
            var id = await loads.Create(new LoadRequest { Kind = LoadKind.Transactions, Files = [] }, "anna", TestContext.Current.CancellationToken);
            return await loads.Begin(id, LoadState.Undoing, TestContext.Current.CancellationToken);
        }));
        Assert.Equal("load.notDone", refused.Code);
    }

    private static Task<Job> UndoLast(HuikeApp app) => app.In(async services =>
    {
        var ct = TestContext.Current.CancellationToken;
        var job = await services.GetRequiredService<Loads>().Begin(await app.Number("select max(id) from customers_load"), LoadState.Undoing, ct);
        return await services.GetRequiredService<JobRunner>().RunUntilDone(job, _ => { }, ct);
    });

    private static long Count(JsonElement outcome, string name) => PublicLedgersTests.Count(outcome, name);

    /// <summary>Counts of all that a ledger fills.</summary>
    private static async Task<string> Everything(HuikeApp app)
    {
        var counts = new List<string>();
        foreach (var table in (string[])["customers_customer", "customers_search", "customers_transaction", "customers_change"]) { counts.Add($"{table} {await app.Number($"select count(*) from {table}")}"); }
        counts.Add($"amount {await app.Number("select sum(amount) from customers_transaction")}");
        return string.Join(", ", counts);
    }
}
