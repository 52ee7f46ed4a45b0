using System.Data.Common;
using System.Text.Json;
using Huike.Platform.Access;
using Huike.Platform.Approvals;
using Huike.Platform.Audit;
using Huike.Platform.Conditions;
using Huike.Platform.Events;
using Huike.Platform.Health;
using Huike.Platform.Jobs;
using Huike.Platform.Notifications;
using Huike.Platform.Webhooks;
using Huike.Ui;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Rules;

/// <summary>自动化规则: when something happens or a day comes, if it is so, then this is done (H18; ADR 0023).</summary>
public static class RulesModule
{
    /// <summary>Say what the program does by itself, on all records.</summary>
    public const string Manage = "rules.manage";

    internal const string Path = "/admin/rules";

    /// <summary>Kind of the notices that rules send.</summary>
    internal const string Told = "rules.told";

    internal static readonly AuditedKind Audited = new("rule", "rules.audit", Path + "/{0}", "rules.field.", "rules.");

    /// <summary>Adds rules, their pages and their work.</summary>
    public static IServiceCollection AddRules(this IServiceCollection services)
    {
        services.AddPermissions(Manage);
        services.AddSingleton<FactBook>().AddSingleton<RuleSubjects>().AddSingleton<RuleRuns>();
        services.AddScoped<MatchRules>().AddScoped<RuleWork>().AddScoped<CheckRule>().AddScoped<SaveRule>().AddScoped<TryRule>().AddScoped<RunAgain>().AddScoped<RuleView>().AddScoped<RuleEndpoints.Answer>();
        services.AddScoped<IRuleActs, PlatformActs>().AddScoped<IJobWorker, RunRules>().AddScoped<IJobWorker, ScanRules>().AddScoped<IJobWorker, SendRuleMail>();
        services.AddSingleton<AskForScan>().AddHostedService(provider => provider.GetRequiredService<AskForScan>());
        services.AddSingleton(provider => new RegisteredHandler(MatchRules.Name, [.. provider.GetServices<RuleTrigger>().Select(trigger => trigger.EventKind).Distinct()], Match));
        services.AddSingleton(OfApproval("approvals.approved", ApprovalState.Approved)).AddSingleton(OfApproval("approvals.rejected", ApprovalState.Rejected));
        services.AddNoticeKind(Told, mail: MailWay.Digest).AddScoped<IHealthCheck, RulesRun>();
        services.AddWebhookEvent<RuleCalled>(called => FormattableString.Invariant($"/api/{called.RecordKind}/{called.RecordId}"));
        services.AddSingleton(Audited);
        services.AddSingleton(new Place("rules", "rules.title", Path, "zap", Manage, Order: 946));
        return services;
    }

    /// <summary>Maps the pages.</summary>
    public static void MapRules(this IEndpointRouteBuilder routes) => RuleEndpoints.Map(routes);

    /// <summary>Lets rules be about a kind of record.</summary>
    /// <typeparam name="T">Does what rules on these records alone can do.</typeparam>
    public static IServiceCollection AddRuleSubject<T>(this IServiceCollection services, RuleSubject subject) where T : class, IRuleActs => services.AddSingleton(subject).AddScoped<IRuleActs, T>();

    /// <summary>Gives facts to a kind of record: rules and lists sift by them.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="kind">Name of the kind.</param>
    /// <param name="facts">In order.</param>
    public static IServiceCollection AddFacts(this IServiceCollection services, string kind, params IReadOnlyList<Fact> facts) => services.AddSingleton(new OfferedFacts(kind, facts));

    /// <summary>Lets rules begin by an event.</summary>
    /// <typeparam name="T">The event.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Stable; its text is <c>rules.when.</c> and the name.</param>
    /// <param name="subject">Name of the <see cref="RuleSubject"/>.</param>
    /// <param name="read">The record that it happened to; null: this one begins no rule.</param>
    /// <param name="hasFields">Whether a rule can ask that certain fields changed.</param>
    public static IServiceCollection AddRuleTrigger<T>(this IServiceCollection services, string name, string subject, Func<T, RuleHit?> read, bool hasFields = false) where T : IEvent =>
        services.AddSingleton(new RuleTrigger(name, subject, T.Kind, (payload, _) => read(JsonSerializer.Deserialize<T>(payload)!), hasFields));

    /// <summary>An approval that was asked for a record has ended.</summary>
    private static RuleTrigger OfApproval(string name, ApprovalState outcome) => new(name, "", ApprovalDecided.Kind, (payload, subject) =>
        JsonSerializer.Deserialize<ApprovalDecided>(payload)! is var decided && decided.SubjectKind == subject && decided.SubjectId > 0 && decided.Outcome == outcome ? new RuleHit(decided.SubjectId, null) : null, HasFields: false);

    private static Task Match(IServiceProvider services, string payload, Occurrence occurrence, DbConnection connection, CancellationToken ct) =>
        services.GetRequiredService<MatchRules>().Run(payload, occurrence, connection, ct);
}
