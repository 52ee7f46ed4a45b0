using System.Net;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access;
using Huike.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers.Ledger;

/// <summary>Loads that somebody cancels: while they wait, and while they run.</summary>
public sealed class CancelledLoadTests
{
    private const int Rows = 100_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_load_that_runs_is_stopped_what_it_wrote_is_taken_back_and_it_can_be_loaded_again(DatabaseKind kind)
    {
        var clock = new SlowClock();
        await using var app = await HuikeApp.Start(kind, builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var visitor = await app.Administrator();
        await Given.Ledger(app, ("K1", "2024-01-05", "A1", 10m, "P1"), ("B7", "2024-01-05", "A2", 10m, "P1"));
        var load = await Sent(visitor, "customer,date,document,amount\n" + string.Concat(Enumerable.Range(1, Rows).Select(i => $"B{i % 900},2025-01-05,D{i},1.5\n")));
        clock.IsSlow = true;
        using (var begun = await visitor.Submit(load, load + "/run", ("confirm", "true"))) { Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode); }
        await Until(app, "select case when count(*) > 2 then 1 else 0 end from customers_transaction", 1);
        var page = await visitor.Page(load);
        Assert.NotNull(page.QuerySelector($"form[action='{load}/cancel']"));
        using (var asked = await visitor.Submit(load, load + "/cancel", ("confirm", "true"))) { Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode); }
        page = await visitor.Page(load);
        Assert.Contains("Being cancelled", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector($"form[action='{load}/cancel']"));
        clock.IsSlow = false;
        await Until(app, "select count(*) from platform_job where kind = 'customers.load' and state = 4 and cancel_at is not null", 1);
        Assert.Equal((2, 2, 2), (await app.Number("select count(*) from customers_transaction"), await app.Number("select count(*) from customers_customer"), await app.Number("select count(*) from customers_search")));
        Assert.Equal((1, 1), (await app.Number("select count(*) from customers_load where id = 2 and state = 0"), await app.Number("select count(*) from platform_notice where text_key = 'load.notice.cancelled'")));
        Assert.Equal((1, 1, 0), ((await app.Entries("load.cancel-asked")).Count, (await app.Entries("load.cancelled")).Count, (await app.Entries("load.failed")).Count));
        Assert.Contains("The last run was cancelled", (await visitor.Page(load)).Body!.TextContent, StringComparison.Ordinal);

        using (var again = await visitor.Submit(load, load + "/run", ("confirm", "true"))) { Assert.Equal(HttpStatusCode.Redirect, again.StatusCode); }
        await Until(app, "select count(*) from customers_load where id = 2 and state = 4", 1);
        Assert.Equal((Rows + 2, 901), (await app.Number("select count(*) from customers_transaction"), await app.Number("select count(*) from customers_customer")));
        using var late = await visitor.Submit(load, load + "/cancel", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_waits_is_taken_back_at_once_and_the_load_stands_as_before(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        using var operates = await app.UserWith(Permissions.Operate);
        using var imports = await app.UserWith(CustomerPermissions.Import);
        await Given.Ledger(app, ("K1", "2024-01-05", "A1", 10m, "P1"));
        var load = await Sent(visitor, "customer,date,document,amount\nK2,2025-01-05,D1,1.5\n");
        // Another node is at work for a while.
        var (now, later) = kind == DatabaseKind.Sqlite ? ("0", "4102444800000") : ("now()", "timestamptz '2100-01-01'");
        var other = await app.Number($"insert into platform_job (kind, payload, state, progress, message, attempts, created_at, created_by, lease_until) values ('customers.load', '{{\"LoadId\":9}}', 1, 0, '', 1, {now}, 'x', {later}) returning id");
        foreach (var (path, form, before, isByJob) in new[] { (load, "/plan", 0, true), (load, "/run", 0, false), ("/imports/1", "/undoing", 4, true), ("/imports/1", "/undoing", 4, false) })
        {
            var who = isByJob ? operates : imports;
            using (var begun = await visitor.Submit(path, path + form, ("source", "till"), ("next", "check"), ("confirm", "true"))) { Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode); }
            var job = await app.Number("select max(id) from platform_job where kind = 'customers.load'");
            var (page, action) = isByJob ? ("/admin/jobs/list", $"/admin/jobs/{job}/cancel") : (path, path + "/cancel");
            Assert.NotNull((await who.Page(page)).QuerySelector($"form[action='{action}']"));
            using var wrong = await (isByJob ? imports : operates).Submit("/account", action, ("confirm", "true"));
            using var cancelled = await who.Submit(page, action, ("confirm", "true"));
            Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Redirect), (wrong.StatusCode, cancelled.StatusCode));
            Assert.Equal((before, 4), (await app.Number($"select state from customers_load where id = {path.Split('/')[^1]}"), await app.Number($"select state from platform_job where id = {job}")));
            using var late = await who.Submit(page, action, ("confirm", "true"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
        }
        Assert.Equal((1, 4, 0), (await app.Number("select count(*) from customers_transaction"), (await app.Entries("load.cancelled")).Count, (await app.Entries("load.undone")).Count));
        // Who began it is told that another cancelled it.
        Assert.Equal(4, await app.Number("select count(*) from platform_notice where text_key = 'load.notice.cancelled'"));
        // Half an undoing would be neither.
        await app.Number($"update platform_job set payload = '{{\"LoadId\":1}}' where id = {other} returning id");
        await app.Number($"update customers_load set state = 6, job_id = {other} where id = 1 returning id");
        Assert.Null((await visitor.Page("/imports/1")).QuerySelector("form[action='/imports/1/cancel']"));
        using var undoing = await visitor.Submit("/imports/1", "/imports/1/cancel", ("confirm", "true"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, 0), (undoing.StatusCode, await app.Number("select count(*) from platform_job where cancel_at is not null")));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_program_that_ends_while_it_takes_back_goes_on_with_that(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Given.Ledger(app, ("K1", "2024-01-05", "A1", 10m, "P1"), ("K2", "2024-01-05", "A2", 10m, "P1"));
        await app.Number("update customers_load set state = 3 where id = 1 returning id");
        var past = kind == DatabaseKind.Sqlite ? "0" : "timestamptz '2000-01-01'";
        var job = await app.Number($"update platform_job set state = 1, lease_until = {past}, cancel_at = {past}, finished_at = null where kind = 'customers.load' returning id");
        await Until(app, $"select count(*) from platform_job where id = {job} and state = 4", 1);
        Assert.Equal((0, 0, 0), (await app.Number("select count(*) from customers_transaction"), await app.Number("select count(*) from customers_customer"), await app.Number("select state from customers_load where id = 1")));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_failed_first_and_was_loaded_again_is_undone_whole(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Ledger(app, ("K1", "2024-01-05", "A1", 10m, "P1"), ("K2", "2024-01-05", "A2", 10m, "P1"));
        // As after a fault of the disk that came late.
        await app.Number("update customers_load set state = 5 where id = 1 returning id");
        foreach (var (form, state) in new[] { ("run", 4), ("undoing", 7) })
        {
            using var begun = await visitor.Submit("/imports/1", "/imports/1/" + form, ("confirm", "true"));
            await Until(app, "select state from customers_load where id = 1", state);
        }
        Assert.Equal((0, 0), (await app.Number("select count(*) from customers_transaction"), await app.Number("select count(*) from customers_customer")));
        Assert.Empty(app.Errors);
    }

    /// <returns>Address of the load.</returns>
    private static async Task<string> Sent(Visitor visitor, string csv)
    {
        using var sent = await visitor.Upload("/imports/new", "/imports/new", "files", [Given.Written(csv)], ("kind", "transactions"));
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        return sent.Headers.Location!.OriginalString;
    }

    private static async Task Until(HuikeApp app, string sql, long count)
    {
        for (var i = 0; i < 4_000 && await app.Number(sql) != count; i++) { await Task.Delay(50, Ct); }
        Assert.Equal(count, await app.Number(sql));
    }

    /// <summary>By it every batch takes long enough to be committed by itself; while it is slow, that takes a while.</summary>
    private sealed class SlowClock : TimeProvider
    {
        private long ahead;

        public bool IsSlow { get; set; }

        public override long GetTimestamp()
        {
            if (IsSlow) { Task.Delay(300, Ct).GetAwaiter().GetResult(); }
            return base.GetTimestamp() + (Interlocked.Increment(ref ahead) * 3 * TimestampFrequency);
        }
    }
}
