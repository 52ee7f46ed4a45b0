using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Events;
using Huike.Platform.Live;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Jobs;

/// <summary>后台任务: what is done in the background, how it stands, and what somebody has to look at.</summary>
public static class JobsModule
{
    internal const string Path = "/admin/jobs";

    internal static readonly AuditedKind Audited = new("job", "jobs.audit.job", null, "jobs.field.");

    internal static readonly AuditedKind AuditedDeliveries = new("delivery", "jobs.audit.delivery", null, "jobs.field.");

    /// <summary>Adds the queue, its runner, and their pages.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobQueue>().AddSingleton<JobRunner>();
        services.AddSingleton<NodeRegister>().AddHostedService(provider => provider.GetRequiredService<NodeRegister>());
        services.AddScoped<WorkState>().AddScoped<JobList>().AddScoped<ChangeJob>().AddScoped<DeadLetters>();
        services.AddSingleton(Audited).AddSingleton(AuditedDeliveries);
        services.AddSingleton(new Place("jobs", "jobs.title", Path, "activity", Permissions.Operate, Order: 985, Shortcut: 'j'));
        return services;
    }

    /// <summary>Maps the pages.</summary>
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization(Permissions.Operate);
        group.MapGet("/", async (HttpContext http, Texts texts, LiveMoment moment, WorkState work, NodeRegister nodes, CancellationToken ct) =>
        {
            await work.Read(ct);
            return Pages.Show<JobsPage>(http, texts["jobs.title"], new { Nodes = await nodes.All(ct), moment.Since });
        });
        group.MapGet("/list", async (HttpContext http, Texts texts, JobList list, CancellationToken ct) =>
        {
            await list.Read(JobQuery.Read(http.Request.Query), ct);
            return Pages.Show<JobListPage>(http, texts["jobs.list.title"]);
        });
        group.MapGet("/letters", async (HttpContext http, Texts texts, DeadLetters letters, CancellationToken ct, long? before = null, string handler = "") =>
        {
            await letters.Read(before, handler, ct);
            return Pages.Show<DeadLettersPage>(http, texts["jobs.letters.title"]);
        });
        group.MapPost("/{id:long}/again", async (ChangeJob change, long id, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await change.TryAgain(id, ct);
            return TypedResults.LocalRedirect(JobQuery.Path);
        });
        group.MapPost("/{id:long}/cancel", async (ChangeJob change, long id, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await change.Cancel(id, ct);
            return TypedResults.LocalRedirect(JobQuery.Path);
        });
        group.MapPost("/letters/{id:long}/again", async (DeadLetters letters, long id, [FromForm] string? handler, CancellationToken ct) =>
        {
            await letters.SendAgain(id, handler ?? "", ct);
            return TypedResults.LocalRedirect(DeadLetters.Path);
        });
        group.MapPost("/letters/{id:long}/drop", async (DeadLetters letters, long id, [FromForm] string? handler, [FromForm] string? reason, CancellationToken ct) =>
        {
            await letters.Drop(id, handler ?? "", reason?.Trim() ?? "", ct);
            return TypedResults.LocalRedirect(DeadLetters.Path);
        });
    }
}
