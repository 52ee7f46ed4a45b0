using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Audit;
using Huike.Platform.Notifications;
using Huike.Ui;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Approvals;

/// <summary>审批: requests that people decide, step by step, by flows that an administrator makes.</summary>
public static class ApprovalsModule
{
    /// <summary>Ask for something to be approved.</summary>
    public const string Ask = "approvals.ask";

    /// <summary>Say how things are approved, and look at all approvals.</summary>
    public const string Flows = "approvals.flows";

    /// <summary>What an approval is about that stands for itself: 申请.</summary>
    public const string Request = "request";

    internal static readonly AuditedKind Audited = new("approval", "approvals.audit", ApprovalEndpoints.Path + "/{0}", "approvals.field.", "approvals.");

    internal static readonly AuditedKind AuditedFlows = new("approval-flow", "approvals.flow.audit", ApprovalEndpoints.FlowPath + "/{0}", "approvals.field.");

    /// <summary>Adds approvals, their flows and pages.</summary>
    public static IServiceCollection AddApprovals(this IServiceCollection services)
    {
        services.AddPermissions(Ask, Flows);
        foreach (var role in RoleBook.ShippedNames.Except([RoleBook.Administrator, "customer", "partner"])) { services.AddToRole(role, (Ask, RecordScope.All)); }
        services.AddScoped<TellOfApproval>().AddScoped<DecideApproval>().AddScoped<SaveFlow>().AddScoped<ApprovalList>().AddScoped<ApprovalView>().AddScoped<FlowView>().AddScoped<ApprovalEndpoints.ApprovalAnswer>().AddScoped<FlowEndpoints.FlowAnswer>();
        services.AddScoped(provider => new AskApproval(provider.GetRequiredService<TellOfApproval>(), provider.GetRequiredService<AuditLog>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<SaveFlow>(), provider.GetRequiredService<Data.Database>()));
        services.AddNoticeKind(TellOfApproval.Turn, mail: MailWay.AtOnce).AddNoticeKind(TellOfApproval.Ended, mail: MailWay.AtOnce).AddNoticeKind(TellOfApproval.Copied);
        services.AddSingleton<INameRecords, NameApprovals>().AddSingleton(Audited).AddSingleton(AuditedFlows);
        services.AddSingleton(new Place("approvals", "approvals.list.title", ApprovalEndpoints.Path, "circle-check", Ask, 300, 'e'));
        services.AddSingleton(new Place("approval-flows", "approvals.flow.list", ApprovalEndpoints.FlowPath, "list-checks", Flows, 920, 'z'));
        return services;
    }

    /// <summary>Maps the pages.</summary>
    public static void MapApprovals(this IEndpointRouteBuilder routes)
    {
        ApprovalEndpoints.Map(routes);
        FlowEndpoints.Map(routes);
        ApprovalApi.Map(routes);
    }
}
