using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Events;
using Huike.Platform.Jobs;

namespace Huike.Analytics.Recomputation;

/// <summary>Asks for a whole recomputation after purchases went from one customer to another. One that has not begun will see it: someone who merges many asks for few.</summary>
internal sealed class RecomputeAfterMerge(JobQueue jobs) : IEventHandler<CustomersMerged>, IEventHandler<CustomersParted>
{
    public const string Merged = "analytics.merged";
    public const string Parted = "analytics.parted";

    public Task Run(CustomersMerged happened, Occurrence occurrence, DbConnection connection, CancellationToken ct) => Ask(happened.Bought, occurrence, connection, ct);

    public Task Run(CustomersParted happened, Occurrence occurrence, DbConnection connection, CancellationToken ct) => Ask(happened.Bought, occurrence, connection, ct);

    private Task Ask(bool bought, Occurrence occurrence, DbConnection connection, CancellationToken ct) =>
        bought ? jobs.AddUnlessWaiting(connection, RecomputationJob.Kind, RecomputationJob.Whole, occurrence.By, ct) : Task.CompletedTask;
}
