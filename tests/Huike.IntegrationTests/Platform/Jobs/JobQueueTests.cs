using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Jobs;

/// <summary>The queue alone: the application has no worker for these kinds.</summary>
public sealed class JobQueueTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Jobs_of_one_kind_are_given_out_one_after_the_other_oldest_first(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var queue = app.Services.GetRequiredService<JobQueue>();
        var first = await queue.Add("a", "1", "anna", thisMachineOnly: false, Ct);
        var second = await queue.Add("a", "2", "anna", thisMachineOnly: true, Ct);
        Assert.Equal(first, (await queue.Claim(["a"], Ct))?.Id);
        Assert.Null(await queue.Claim(["a"], Ct));
        await queue.Finish(first, JobState.Done, "", Ct);
        Assert.Equal(second, (await queue.Claim(["a"], Ct))?.Id);
        var done = await queue.Get(first, Ct);
        Assert.Equal((JobState.Done, 1.0, 1, "anna"), (done!.State, done.Progress, done.Attempts, done.CreatedBy));
        Assert.NotNull(done.FinishedAt);
    }

    [Theory, OnBothDatabases]
    public async Task Jobs_of_other_kinds_do_not_wait(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var queue = app.Services.GetRequiredService<JobQueue>();
        await queue.Add("a", "", "anna", false, Ct);
        var other = await queue.Add("b", "", "anna", false, Ct);
        Assert.NotNull(await queue.Claim(["a", "b"], Ct));
        Assert.Equal(other, (await queue.Claim(["a", "b"], Ct))?.Id);
        Assert.Null(await queue.Claim(["a", "b"], Ct));
    }

    [Theory, OnBothDatabases]
    public async Task Of_many_who_claim_at_once_one_gets_the_job(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var queue = app.Services.GetRequiredService<JobQueue>();
        for (var i = 0; i < 3; i++) { await queue.Add("a", "", "anna", false, Ct); }
        var claims = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => queue.Claim(["a"], Ct), Ct)));
        Assert.Single(claims, claim => claim is not null);
    }

    [Theory, OnBothDatabases]
    public async Task A_job_whose_worker_gives_no_sign_is_given_out_again(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var queue = app.Services.GetRequiredService<JobQueue>();
        var id = await queue.Add("a", "", "anna", false, Ct);
        await queue.Claim(["a"], Ct);
        app.Clock.Advance(JobQueue.Lease - TimeSpan.FromSeconds(2));
        await queue.Renew(id, 0.5, Ct);
        app.Clock.Advance(JobQueue.Lease - TimeSpan.FromSeconds(2));
        Assert.Null(await queue.Claim(["a"], Ct));
        app.Clock.Advance(TimeSpan.FromSeconds(4));
        var again = await queue.Claim(["a"], Ct);
        Assert.Equal((id, 2, 0.5), (again!.Id, again.Attempts, again.Progress));
    }

    [Theory, OnBothDatabases]
    public async Task A_job_for_another_machines_files_is_left_to_it(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var queue = app.Services.GetRequiredService<JobQueue>();
        await queue.Add("a", "", "anna", thisMachineOnly: true, Ct);
        await using (var connection = await app.Database.Open(Ct)) { await connection.Run("update platform_job set machine = 'elsewhere'", Ct); }
        Assert.Null(await queue.Claim(["a"], Ct));
    }

    [Theory, OnBothDatabases]
    public async Task The_newest_jobs_of_a_kind_come_first(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var queue = app.Services.GetRequiredService<JobQueue>();
        for (var i = 0; i < 3; i++) { await queue.Add("a", $"{i}", "anna", false, Ct); }
        await queue.Add("b", "", "anna", false, Ct);
        Assert.Equal(["2", "1"], (await queue.Newest("a", 2, Ct)).Select(job => job.Payload));
    }
}
