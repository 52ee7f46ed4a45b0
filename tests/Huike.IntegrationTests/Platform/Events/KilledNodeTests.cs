using System.Diagnostics;
using Huike.Platform.Data;
using Huike.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Events;

/// <summary>Two programs on one PostgreSQL, of which one is killed in the middle, as by a power cut.</summary>
public sealed class KilledNodeTests
{
    private const int Events = 50_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_50000_events_each_handler_does_each_exactly_once_though_a_node_is_killed()
    {
        Assert.SkipWhen(TestDatabase.Server is null, "no PostgreSQL: HUIKE_TEST_POSTGRES is not set (./test sets it)");
        await using var database = await TestDatabase.Migrated(DatabaseKind.Postgres);
        // Asks, and delivers nothing: it is not started.
        await using var asker = HuikeHost.Build(database.Arguments, builder =>
        {
            HuikeApp.Quiet(builder);
            Ticks.Handled(builder);
        });
        var watched = asker.Services.GetRequiredService<Database>();
        await Ticks.Table(watched, Ct);
        foreach (var some in Enumerable.Range(0, Events).Select(i => new Tick(-1 - i)).Chunk(1_000)) { await Ticks.Raise(asker.Services, some, Ct); }
        using var killed = Start(database, "killed");
        using var survivor = Start(database, "survivor");
        try
        {
            await Until(watched, "select count(*) from platform_delivery where state = 1", Events / 2);
            Assert.True(await Count(watched, "select count(*) from test_effect where node = 'killed'") > 0);
            killed.Kill();
            await killed.WaitForExitAsync(Ct);
            var left = await Count(watched, "select count(*) from platform_delivery where state = 0");
            Assert.InRange(left, 1, 2 * Events);
            await Until(watched, "select count(*) from platform_delivery where state = 1", 2 * Events);
        }
        finally
        {
            survivor.Kill();
            await survivor.WaitForExitAsync(CancellationToken.None);
        }
        foreach (var handler in (string[])["test.fragile", "test.sturdy"])
        {
            Assert.Equal(Events, await Count(watched, $"select count(*) from test_effect where handler = '{handler}'"));
            Assert.Equal(Events, await Count(watched, $"select count(distinct event_id) from test_effect where handler = '{handler}'"));
        }
        Assert.Equal(2, await Count(watched, "select count(distinct node) from test_effect"));
    }

    private static Process Start(TestDatabase database, string node)
    {
        var program = new Process { StartInfo = new(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet") { UseShellExecute = false } };
        program.StartInfo.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Huike.Web.dll"));
        program.StartInfo.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        program.StartInfo.Environment[StartupHook.Node] = node;
        program.StartInfo.Environment["HUIKE_TEST_NODE_DATABASE"] = $"{database.Folder}\n{database.Arguments.Connection}";
        Assert.True(program.Start());
        return program;
    }

    private static async Task Until(Database database, string sql, long count)
    {
        var patience = Stopwatch.StartNew();
        while (await Count(database, sql) < count)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(4), $"{await Count(database, sql)} of {count} after {patience.Elapsed}");
            await Task.Delay(100, Ct);
        }
    }

    private static async Task<long> Count(Database database, string sql)
    {
        await using var connection = await database.Open(Ct);
        return await connection.Number(sql, Ct);
    }
}
