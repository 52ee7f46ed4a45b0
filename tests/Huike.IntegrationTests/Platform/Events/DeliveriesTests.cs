using Huike.Platform.Data;
using Huike.Platform.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Events;

public sealed class DeliveriesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_was_rolled_back_never_happened_and_what_was_committed_is_told_once(DatabaseKind kind)
    {
        await using var app = await Started(kind);
        await Ticks.Raise(app.Services, [new(1)], Ct, commit: false);
        await Ticks.Raise(app.Services, [new(2), new(3)], Ct);
        await Until(app, "select count(*) from platform_delivery where state = 1", 4);
        Assert.Equal(4, await app.Number("select count(*) from test_effect"));
        Assert.Equal(2, await app.Number("select count(*) from platform_event where record_kind = 'customers' and record_id in (2, 3)"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_poisonous_event_stops_neither_others_nor_other_handlers_and_is_put_aside_with_its_error(DatabaseKind kind)
    {
        await using var app = await Started(kind);
        await Ticks.Raise(app.Services, [new(1), new(Tick.Poison), new(2)], Ct);
        await Until(app, "select count(*) from platform_delivery where state = 1", 5);
        var waits = "select count(*) from platform_delivery where state = 0 and handler = 'test.fragile' and error = 'the pipe is broken'";
        await Until(app, waits + " and attempts = 1 and wait_until is not null", 1);
        var handler = app.Services.GetRequiredService<EventHandlers>().All.Single(one => one.Name == "test.fragile");
        for (var attempts = 2; attempts < Deliveries.MostAttempts; attempts++)
        {
            app.Clock.Advance(TimeSpan.FromHours(8));
            await app.Services.GetRequiredService<Deliveries>().DoSome(handler, Ct);
            await Until(app, $"{waits} and attempts = {attempts}", 1);
        }
        app.Clock.Advance(TimeSpan.FromHours(8));
        await app.Services.GetRequiredService<Deliveries>().DoSome(handler, Ct);
        await Until(app, "select count(*) from platform_delivery where state = 2 and attempts = 8 and error = 'the pipe is broken' and ended_at is not null", 1);
        // What it wrote before it failed went with each failed try.
        Assert.Equal((2, 3), (await app.Number("select count(*) from test_effect where handler = 'test.fragile'"), await app.Number("select count(*) from test_effect where handler = 'test.sturdy'")));
    }

    /// <summary>On PostgreSQL alone: SQLite has one writer, whose commits come in the order of the ids.</summary>
    [Fact]
    public async Task An_event_that_commits_after_a_later_one_is_told_too()
    {
        Assert.SkipWhen(TestDatabase.Server is null, "no PostgreSQL: HUIKE_TEST_POSTGRES is not set (./test sets it)");
        await using var app = await Started(DatabaseKind.Postgres);
        await using var late = await app.Database.Open(Ct);
        await using var transaction = await late.BeginTransactionAsync(Ct);
        await app.Services.GetRequiredService<EventLog>().Raise(late, new Tick(1), Ct);
        await Ticks.Raise(app.Services, [new(2)], Ct);
        await Until(app, "select count(*) from platform_delivery where state = 1", 2);
        await transaction.CommitAsync(Ct);
        await Until(app, "select count(*) from platform_delivery where state = 1", 4);
    }

    [Theory, OnBothDatabases]
    public async Task Of_many_who_deliver_at_once_each_event_has_one(DatabaseKind kind)
    {
        await using var app = await Started(kind);
        var handler = app.Services.GetRequiredService<EventHandlers>().All.Single(one => one.Name == "test.sturdy");
        await Ticks.Raise(app.Services, [.. Enumerable.Range(100, 500).Select(i => new Tick(i))], Ct);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (await app.Services.GetRequiredService<Deliveries>().DoSome(handler, Ct))
            {
                // Each round tells some.
            }
        }, Ct)));
        await Until(app, "select count(*) from platform_delivery where state = 1", 1_000);
        Assert.Equal(1_000, await app.Number("select count(*) from test_effect"));
        Assert.Equal(500, await app.Number("select count(distinct event_id) from test_effect where handler = 'test.sturdy'"));
    }

    [Fact]
    public void Pauses_grow_from_seconds_to_hours()
    {
        var pauses = Enumerable.Range(1, Deliveries.MostAttempts).Select(attempts => Deliveries.PauseAfter(attempts, 7)).ToList();
        Assert.Equal(pauses.Order(), pauses);
        Assert.InRange(pauses[0].TotalSeconds, 4, 6);
        Assert.InRange(pauses[^1].TotalHours, 4.8, 7.2);
        Assert.True(Enumerable.Range(1, 50).Select(id => Deliveries.PauseAfter(1, id)).Distinct().Count() > 40);
    }

    private static async Task<HuikeApp> Started(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind, Ticks.Handled);
        await Ticks.Table(app.Database, Ct);
        return app;
    }

    private static async Task Until(HuikeApp app, string sql, long count)
    {
        for (var i = 0; i < 600 && await app.Number(sql) != count; i++) { await Task.Delay(50, Ct); }
        Assert.Equal(count, await app.Number(sql));
    }
}
