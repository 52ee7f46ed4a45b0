using Huike.Customers.Contracts;
using Huike.Customers.Relationships.Bonds;
using Huike.Customers.Relationships.Plans;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers.Relationships;

/// <summary>What this part adds to the module.</summary>
internal static class RelationshipModule
{
    public static void AddRelationships(this IServiceCollection services)
    {
        services.AddPermissions(RelationshipPermissions.Rules);
        services.AddScoped<RelationshipTypes>().AddScoped<SetRelationship>().AddScoped<ReadRelationship>().AddScoped<ReadRules>().AddScoped<ChangeBonds>();
        services.AddScoped<Occurrences>().AddScoped<DueContacts>().AddScoped<ChangeTouches>().AddScoped<IJobWorker, PlanTouches>().AddScoped<ILedgerListener, PlanAfterLoad>().AddHostedService<PlanEveryMorning>();
        services.AddSettings<RelationshipRules>(RelationshipPermissions.Rules, (rules, field) => field == "language" ? "relationship.language." + rules.Language : null);
        services.AddSingleton(new AuditedKind(nameof(RelationshipRules), "relationship.rules.title", RelationshipRulesEndpoints.Path, "relationship.rules.", "relationship.")).AddSingleton(ChangeTouches.Kind);
        services.AddSingleton(new CustomerPanel(typeof(RelationshipCard), 100, Wide: false));
        services.AddSingleton(new Place("contacts-due", "relationship.due.title", RelationshipEndpoints.DuePath, "calendar-clock", CustomerPermissions.Read, 202)).AddSingleton(new Place("relationship-rules", "relationship.rules.title", RelationshipRulesEndpoints.Path, "hand-heart", RelationshipPermissions.Rules, 949));
    }
}
