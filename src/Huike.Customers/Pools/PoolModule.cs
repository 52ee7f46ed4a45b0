using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Access.HandOvers;
using Huike.Platform.Access.Records;
using Huike.Platform.Approvals;
using Huike.Platform.Events;
using Huike.Platform.Jobs;
using Huike.Platform.Notifications;
using Huike.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers.Pools;

/// <summary>What this part adds to the module.</summary>
internal static class PoolModule
{
    public static void AddPools(this IServiceCollection services)
    {
        services.AddPermissions(PoolPermissions.Use, PoolPermissions.Manage);
        foreach (var role in new[] { "salesperson", "sales-manager", "agent" }) { services.AddToRole(role, (PoolPermissions.Use, RecordScope.All)); }
        services.AddScoped<ChangeHands>().AddScoped<ClaimFromPool>().AddScoped<PutIntoPool>().AddScoped<SavePool>().AddScoped<Departures>().AddScoped<PoolDays>().AddScoped<ExtensionWork>().AddScoped<AskExtension>().AddScoped<DecideExtension>();
        services.AddScoped<PoolParts>().AddScoped<PoolPages>().AddScoped<HandPages>().AddScoped<ShowPools>().AddScoped<ShowHands>().AddScoped<HandList>().AddScoped<PlanPool>().AddScoped<EditPool>().AddScoped<FilePool>();
        services.AddScoped<ReturnToPools>().AddScoped<IJobWorker>(provider => provider.GetRequiredService<ReturnToPools>()).AddHostedService<ReturnEveryMorning>();
        services.AddNoticeKind(ReturnToPools.Warned, mail: MailWay.Digest).AddNoticeKind(ReturnToPools.Returned, mail: MailWay.Digest).AddNoticeKind(AskExtension.Asked, mail: MailWay.Digest).AddNoticeKind(DecideExtension.Decided, mail: MailWay.Digest);
        services.AddEventHandler<ApprovalDecided, DecideExtension>("customers.extension");
        services.AddScoped<ITakeOver, TakeIntoPool>();
        services.AddSingleton(SavePool.Kind).AddSingleton<ITimelineSource, HandTimes>().AddSingleton(new CustomerPanel(typeof(PoolPanel), 120, Wide: false));
        services.AddSingleton(new Place("pools", "pools.list.title", PoolEndpoints.Path, "inbox", PoolPermissions.Use, 203));
    }
}
