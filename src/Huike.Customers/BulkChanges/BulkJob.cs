using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform.Jobs;

namespace Huike.Customers.BulkChanges;

/// <summary>Does bulk changes in the background. Cut off it goes on with what is still open: each customer is changed once.</summary>
internal sealed class BulkJob(RunBulk run, CancelBulk cancel) : IJobWorker
{
    public const string Name = "customers.bulk";

    public string Kind => Name;

    public bool IsFree => false;

    public bool CanStop => true;

    public string Permission => CustomerPermissions.Read;

    /// <param name="Bulk">Number of the change.</param>
    public sealed record Payload(long Bulk)
    {
        public static long Of(Job job) => JsonSerializer.Deserialize<Payload>(job.Payload)!.Bulk;
    }

    public Task Cancel(Job job, CancellationToken ct) => cancel.Run(Payload.Of(job), null, ct);

    public Task Stopped(Job job, Action<double> progress, CancellationToken ct) => run.End(Payload.Of(job), CancelBulk.Reason, ct);

    public Task Run(Job job, Action<double> progress, CancellationToken ct) => run.Run(Payload.Of(job), progress, ct);
}
