using System.Net;
using Huike.IntegrationTests.Platform.Events;
using Huike.Platform.Access;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Retention;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Jobs;

/// <summary>What the pages of background work say and do.</summary>
public sealed class JobsPagesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task The_page_says_what_the_rows_say(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, Ticks.Handled);
        await Ticks.Table(app.Database, Ct);
        await Ticks.Raise(app.Services, [new(1), new(Tick.Poison)], Ct);
        await Job(app, "platform.retention", JobState.Failed, "disk full");
        await Job(app, "platform.retention", JobState.Failed, "access.record.refused");
        await Job(app, "platform.retention", JobState.Done, "");
        await Until(app, "select count(*) from platform_delivery where state = 1", 3);
        await Until(app, "select count(*) from platform_delivery where state = 0 and attempts = 1", 1);
        using var visitor = await app.Administrator();
        var page = await visitor.Page("/admin/jobs");
        string[] Cells(string name) => [.. page.QuerySelectorAll("tr").Single(row => row.QuerySelector("td.lead")?.TextContent.Trim() == name).QuerySelectorAll("td").Select(cell => cell.TextContent.Trim())];
        var job = page.QuerySelectorAll("tr").First(row => row.TextContent.Contains("Removal of what was kept", StringComparison.Ordinal)).QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()).ToList();
        Assert.Equal(["1", "2", "0"], job[2..5]);
        Assert.Contains("not do this with it", job[7], StringComparison.Ordinal);
        Assert.Equal(["1", "0", "1"], Cells("test.fragile")[2..5]);
        Assert.Equal("still failing: the pipe is broken", Cells("test.fragile")[7]);
        Assert.Equal(["2", "0", "0", "–", "–", "–"], Cells("test.sturdy")[2..]);
        // Six schedules, and this node.
        Assert.Equal(1, page.QuerySelectorAll("td").Count(cell => cell.TextContent.Contains(Environment.MachineName, StringComparison.Ordinal)));
        Assert.Equal(6, page.QuerySelectorAll("table")[2].QuerySelectorAll("tbody tr").Length);
        Assert.Equal(0, await app.Number("select count(*) from platform_job where state = 0 and kind = 'none'"));
    }

    [Theory, OnBothDatabases]
    public async Task A_failed_job_is_tried_again_and_a_waiting_one_is_taken_back_but_not_one_of_a_record(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var failed = await Job(app, "platform.retention", JobState.Failed, "disk full");
        var waiting = await Job(app, "analytics.recompute", JobState.Queued, "");
        var load = await Job(app, "customers.load", JobState.Failed, "");
        var strange = await Job(app, "of.another", JobState.Queued, "");
        using var visitor = await app.Administrator();
        Assert.Equal(HttpStatusCode.Redirect, await Press(visitor, $"/admin/jobs/{failed}/again"));
        Assert.Equal(JobState.Done, (await app.Services.GetRequiredService<JobRunner>().RunUntilDone(failed, _ => { }, Ct)).State);
        Assert.Equal(HttpStatusCode.Redirect, await Press(visitor, $"/admin/jobs/{waiting}/cancel"));
        Assert.Equal(JobState.Cancelled, (await app.Services.GetRequiredService<JobQueue>().Get(waiting, Ct))!.State);
        foreach (var path in (string[])[$"{load}/again", $"{strange}/cancel", $"{waiting}/cancel", $"{failed}/again"]) { Assert.Equal(HttpStatusCode.UnprocessableEntity, await Press(visitor, $"/admin/jobs/{path}")); }
        Assert.Equal(HttpStatusCode.NotFound, await Press(visitor, "/admin/jobs/99/again"));
        var list = await visitor.Text("/admin/jobs/list?state=cancelled&kind=analytics.recompute");
        Assert.Contains($"/admin/jobs/{waiting}/again", list, StringComparison.Ordinal);
        Assert.DoesNotContain($"/admin/jobs/{load}/again", await visitor.Text("/admin/jobs/list"), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_dead_letter_is_sent_again_or_dropped_with_a_reason(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, Ticks.Handled);
        await Ticks.Table(app.Database, Ct);
        await Ticks.Raise(app.Services, [new(1), new(2)], Ct);
        await Until(app, "select count(*) from platform_delivery where state = 1", 4);
        await app.Number("update platform_delivery set state = 2, attempts = 8, error = 'the pipe was broken' where handler = 'test.fragile'");
        using var visitor = await app.Administrator();
        Assert.Contains("the pipe was broken", await visitor.Text("/admin/jobs/letters"), StringComparison.Ordinal);
        using (var sent = await visitor.Submit("/admin/jobs/letters", "/admin/jobs/letters/1/again", ("handler", "test.fragile"))) { Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode); }
        await Until(app, "select count(*) from test_effect where handler = 'test.fragile' and event_id = 1", 2);
        using (var bare = await visitor.Submit("/admin/jobs/letters", "/admin/jobs/letters/2/drop", ("handler", "test.fragile"), ("reason", " "))) { Assert.Equal(HttpStatusCode.UnprocessableEntity, bare.StatusCode); }
        using (var dropped = await visitor.Submit("/admin/jobs/letters", "/admin/jobs/letters/2/drop", ("handler", "test.fragile"), ("reason", "done by hand"))) { Assert.Equal(HttpStatusCode.Redirect, dropped.StatusCode); }
        Assert.Equal(1, await app.Number("select count(*) from platform_delivery where state = 3 and event_id = 2 and handler = 'test.fragile'"));
        using var late = await visitor.Submit("/admin/jobs/list", "/admin/jobs/letters/2/again", ("handler", "test.fragile"));
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Lists_are_turned_page_by_page(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, Ticks.Handled);
        await Ticks.Table(app.Database, Ct);
        await Ticks.Raise(app.Services, [.. Enumerable.Range(100, 60).Select(i => new Tick(i))], Ct);
        await Until(app, "select count(*) from platform_delivery where state = 1", 120);
        await app.Number("update platform_delivery set state = 2");
        for (var i = 0; i < 60; i++) { await Job(app, "of.another", JobState.Done, ""); }
        using var visitor = await app.Administrator();
        foreach (var (path, rows) in (IEnumerable<(string, int)>)[("/admin/jobs/letters", 120), ("/admin/jobs/list?kind=of.another&state=done", 60)])
        {
            var (next, seen) = (path, 0);
            while (next is not null)
            {
                var page = await visitor.Page(next);
                seen += page.QuerySelectorAll("tbody tr").Length;
                next = page.QuerySelector("a[rel=next]")?.GetAttribute("href");
            }
            Assert.Equal(rows, seen);
        }
        using var wrong = await visitor.Get("/admin/jobs/list?state=7");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        using var stranger = await app.UserWith(Permissions.Users);
        using var refused = await stranger.Get("/admin/jobs");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Old_events_go_unless_something_of_them_is_open(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, Ticks.Handled);
        await Ticks.Table(app.Database, Ct);
        await Ticks.Raise(app.Services, [new(1), new(2), new(3), new(4)], Ct);
        await Until(app, "select count(*) from platform_delivery where state = 1", 8);
        await app.Number("update platform_delivery set state = 2 where event_id = 2 and handler = 'test.sturdy'");
        app.Clock.Advance(TimeSpan.FromDays(31));
        await app.In(async services =>
        {
            var events = services.GetServices<IRetention>().Single(one => one.Kind == "events");
            return await events.Remove(events.Usual.Before(app.Clock.GetUtcNow()), 100, Ct);
        });
        Assert.Equal((2, 4, 2), (await app.Number("select count(*) from platform_event"), await app.Number("select count(*) from platform_delivery"), await app.Number("select min(id) from platform_event")));
    }

    private static async Task<HttpStatusCode> Press(Visitor visitor, string action)
    {
        using var answer = await visitor.Submit("/account", action, ("confirm", "true"));
        return answer.StatusCode;
    }

    /// <summary>A job in a state, as nobody's worker would leave it alone.</summary>
    private static async Task<long> Job(HuikeApp app, string kind, JobState state, string message)
    {
        await using var connection = await app.Database.Open(Ct);
        var now = app.Clock.GetUtcNow();
        return await connection.Number("""
            insert into platform_job (kind, payload, machine, state, progress, message, attempts, created_at, created_by, finished_at, wait_until)
            values (@kind, '{}', null, @state, 0, @message, 1, @at, 'admin', @ended, @until) returning id
            """, Ct, ("kind", kind), ("state", state), ("message", message), ("at", now), ("ended", state < JobState.Done ? null : now), ("until", now.AddHours(1)));
    }

    private static async Task Until(HuikeApp app, string sql, long count)
    {
        for (var i = 0; i < 600 && await app.Number(sql) != count; i++) { await Task.Delay(50, Ct); }
        Assert.Equal(count, await app.Number(sql));
    }
}
