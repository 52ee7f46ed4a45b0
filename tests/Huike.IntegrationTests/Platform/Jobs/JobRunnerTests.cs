using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Jobs;

public sealed class JobRunnerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_job_is_done_in_the_background_and_one_that_fails_keeps_the_reason(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, WithWorker);
        Assert.Equal((JobState.Done, ""), await Ended(app, "well"));
        Assert.Equal((JobState.Failed, "load.running"), await Ended(app, "rule"));
        Assert.Equal((JobState.Failed, "broken pipe"), await Ended(app, "machine"));
        Assert.Equal((JobState.Done, ""), await Ended(app, "well"));
    }

    [Theory, OnBothDatabases]
    public async Task A_job_that_a_stopping_program_cuts_off_is_done_after_the_restart(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Migrated(kind);
        long id;
        await using (var before = await HuikeApp.On(database, WithWorker))
        {
            var queue = before.Services.GetRequiredService<JobQueue>();
            id = await queue.Add("test", "first attempt waits", "anna", false, Ct);
            while ((await queue.Get(id, Ct))!.State != JobState.Running) { await Task.Delay(20, Ct); }
        }
        await using var after = await HuikeApp.On(database, WithWorker);
        var job = await after.Services.GetRequiredService<JobRunner>().RunUntilDone(id, _ => { }, Ct);
        Assert.Equal((JobState.Done, 2), (job.State, job.Attempts));
    }

    private static void WithWorker(WebApplicationBuilder builder) => builder.Services.AddScoped<IJobWorker, Worker>();

    private static async Task<(JobState, string)> Ended(HuikeApp app, string payload)
    {
        var id = await app.Services.GetRequiredService<JobQueue>().Add("test", payload, "anna", false, Ct);
        var job = await app.Services.GetRequiredService<JobRunner>().RunUntilDone(id, _ => { }, Ct);
        return (job.State, job.Message);
    }

    private sealed class Worker : IJobWorker
    {
        public string Kind => "test";

        public Task Run(Job job, Action<double> progress, CancellationToken ct) => job.Payload switch
        {
            "rule" => throw new RuleException("load.running"),
            "machine" => throw new IOException("broken pipe"),
            "first attempt waits" when job.Attempts == 1 => Task.Delay(Timeout.Infinite, ct),
            _ => Task.CompletedTask,
        };
    }
}
