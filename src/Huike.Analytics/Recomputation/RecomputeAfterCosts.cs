using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Events;
using Huike.Platform.Jobs;

namespace Huike.Analytics.Recomputation;

/// <summary>Asks for a whole recomputation after costs of products changed. One that has not begun will see the change: someone who goes over many products asks for few.</summary>
internal sealed class RecomputeAfterCosts(JobQueue jobs) : IEventHandler<ProductsChanged>
{
    public const string Name = "analytics.costs";

    public Task Run(ProductsChanged happened, Occurrence occurrence, DbConnection connection, CancellationToken ct) =>
        happened.Costs ? jobs.AddUnlessWaiting(connection, RecomputationJob.Kind, RecomputationJob.Whole, occurrence.By, ct) : Task.CompletedTask;
}
