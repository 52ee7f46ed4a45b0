using System.Net;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

/// <summary>Bulk changes that somebody stops: while they wait, and while they run.</summary>
public sealed class CancelledBulkTests
{
    private const int Count = 1_203;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_is_done_stays_done_and_is_undone_the_rest_is_left_out(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name\n" + string.Concat(Enumerable.Range(1, Count).Select(i => $"K{i},Customer {i}\n")));
        using var visitor = await app.Administrator();
        // Another node is at work for a while, so that nothing is done but by hand here.
        var (now, later) = kind == DatabaseKind.Sqlite ? ("0", "4102444800000") : ("now()", "timestamptz '2100-01-01'");
        await app.Number($"insert into platform_job (kind, payload, state, progress, message, attempts, created_at, created_by, lease_until) values ('customers.bulk', '{{\"Bulk\":9}}', 1, 0, '', 1, {now}, 'x', {later})");

        var waiting = await Begun(visitor);
        Assert.NotNull((await visitor.Page(waiting)).QuerySelector($"form[action='{waiting}/cancel']"));
        using (var reader = await app.UserWith(CustomerPermissions.Read)) { Assert.Equal(HttpStatusCode.NotFound, (await reader.Submit("/account", waiting + "/cancel", ("confirm", "true"))).StatusCode); }
        foreach (var status in new[] { HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity }) { Assert.Equal(status, (await visitor.Submit(waiting, waiting + "/cancel", ("confirm", "true"))).StatusCode); }
        Assert.Equal((Count, 0), (await Rows(app, waiting, 3), await Changed(app)));

        var running = await Begun(visitor);
        await app.Number($"update platform_job set state = 1, attempts = 1, lease_until = {later} where id = (select job_id from customers_bulk where id = {Id(running)})");
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Submit(running, running + "/cancel", ("confirm", "true"))).StatusCode);
        await app.In(async services =>
        {
            var worker = services.GetServices<IJobWorker>().Single(worker => worker.Kind == "customers.bulk");
            var job = (await services.GetRequiredService<JobQueue>().Get(await app.Number($"select job_id from customers_bulk where id = {Id(running)}"), Ct))!;
            Assert.True(job.IsStopping);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => worker.Run(job, _ => stop.Cancel(), stop.Token));
            await worker.Stopped(job, _ => { }, Ct);
            return 0;
        });
        Assert.Equal((500, 703, 500), (await Rows(app, running, 1), await Rows(app, running, 3), await Changed(app)));
        Assert.Contains("Stopped before it came to them", await visitor.Text(running + "?state=left-out"), StringComparison.Ordinal);

        await app.Number("delete from platform_job where created_by = 'x'");
        await app.Number("update platform_job set state = 4, lease_until = null where kind = 'customers.bulk' and state = 1");
        using var undone = await visitor.Submit(running, running + "/undo", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.Redirect, undone.StatusCode);
        await app.Services.GetRequiredService<JobRunner>().RunUntilDone(await app.Number("select max(id) from platform_job where kind = 'customers.bulk'"), _ => { }, Ct);
        Assert.Equal((0, 2), (await Changed(app), (await app.Entries("bulk.cancelled")).Count));
        Assert.Empty(app.Errors);
    }

    private static Task<long> Changed(HuikeApp app) => app.Number("select count(*) from customers_customer where category = 'wholesale'");

    private static Task<long> Rows(HuikeApp app, string bulk, int state) => app.Number($"select count(*) from customers_bulk_row where bulk_id = {Id(bulk)} and state = {state}");

    private static string Id(string bulk) => bulk.Split('/')[^1];

    private static Task<string> Begun(Visitor visitor) => BulkTests.Begun(visitor, """{"verb":"set","field":"category","value":"wholesale","query":""}""");
}
