using System.Diagnostics;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers.Ledger;

/// <summary>A program of its own that is killed in the middle of a load, as by a power cut.</summary>
public sealed class KilledLoadTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_load_that_was_killed_goes_on_after_the_restart_to_the_same_result(DatabaseKind kind)
    {
        var files = PublicLedgersTests.OnlineRetail();
        await using var database = await TestDatabase.Migrated(kind);
        var written = await KillInTheMiddle(database, files);
        await using var app = await HuikeApp.On(database);
        Assert.InRange(written, 1, 541_908);
        app.Clock.Advance(JobQueue.Lease + TimeSpan.FromSeconds(1));
        var job = await app.Services.GetRequiredService<JobRunner>().RunUntilDone(await app.Number("select max(id) from platform_job where kind = 'customers.load'"), _ => { }, Ct);
        Assert.Equal((JobState.Done, 2), (job.State, job.Attempts));
        Assert.Equal(541_909, await app.Number("select count(*) from customers_transaction"));
        Assert.Equal(541_909, await app.Number("select count(distinct identity) from customers_transaction"));
        Assert.Equal(4_372, await app.Number("select count(*) from customers_customer"));
        Assert.Equal(4_372, await app.Number("select count(*) from customers_search"));
        Assert.Equal(83_000_658_140, await app.Number("select sum(amount) from customers_transaction where customer_id is not null"));
    }

    /// <returns>Rows that were in the ledger then.</returns>
    private static async Task<long> KillInTheMiddle(TestDatabase database, List<string> files)
    {
        using var program = new Process { StartInfo = new(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true } };
        foreach (var word in (string[])[Path.Combine(AppContext.BaseDirectory, "Huike.Web.dll"), "import", "transactions", .. files, .. database.Words]) { program.StartInfo.ArgumentList.Add(word); }
        Assert.True(program.Start());
        await using var watched = new Database(new DatabaseOptions { DataFolder = database.Folder, Provider = database.Arguments.Provider!, ConnectionString = database.Arguments.Connection ?? "" });
        await using var connection = await watched.Open(Ct);
        long written;
        while ((written = await connection.Number("select count(*) from (select 1 from customers_transaction limit 50000) t", Ct)) < 50_000)
        {
            Assert.False(program.HasExited, $"ended before it could be killed: {(program.HasExited ? await program.StandardError.ReadToEndAsync(Ct) : "")}");
            await Task.Delay(20, Ct);
        }
        program.Kill();
        await program.WaitForExitAsync(Ct);
        return await connection.Number("select count(*) from customers_transaction", Ct);
    }
}
