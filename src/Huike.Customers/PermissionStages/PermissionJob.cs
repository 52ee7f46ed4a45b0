using Huike.Platform.Jobs;

namespace Huike.Customers.PermissionStages;

/// <summary>Follows all customers anew after the rules changed. What the night does comes with the recomputation of standings.</summary>
internal sealed class PermissionJob(FollowPermission permission) : IJobWorker
{
    public const string KindName = "customers.permission";

    public string Kind => KindName;

    public Task Run(Job job, Action<double> progress, CancellationToken ct) => permission.All(progress, ct);
}
