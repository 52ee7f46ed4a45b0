using Huike.Customers.Conditions;
using Huike.Customers.Contracts;
using Huike.Platform.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers.Rules;

/// <summary>What rules on customers look at, and what begins them.</summary>
internal static class RulesOnCustomers
{
    /// <summary>A file without a person behind it is left alone.</summary>
    private static readonly RuleSubject Subject = new(CustomerPermissions.Records.Name, "customers.list.title", "customers_customer c join customers_standing s on s.customer_id = c.id",
        "not exists (select 1 from customers_erasure gone where gone.customer_id = c.id)", CustomerFields.Kind.Shown, CustomerFields.Kind.Path);

    public static void AddCustomerRules(this IServiceCollection services)
    {
        services.AddRuleSubject<ActOnCustomers>(Subject).AddFacts(Subject.Name, FactsOfCustomers.All);
        services.AddRuleTrigger<CustomerAdded>("customers.added", Subject.Name, happened => new(happened.CustomerId, null));
        services.AddRuleTrigger<CustomerEdited>("customers.edited", Subject.Name, happened => new(happened.CustomerId, [.. happened.Fields.Select(ChangeByProgram.Member)]), hasFields: true);
        services.AddRuleTrigger<CustomerAssigned>("customers.assigned", Subject.Name, happened => new(happened.CustomerId, null));
        services.AddRuleTrigger<CustomerNoted>("customers.noted", Subject.Name, happened => new(happened.CustomerId, null));
        services.AddRuleTrigger<CustomerNoted>("customers.contacted", Subject.Name, happened => happened.IsContact ? new(happened.CustomerId, null) : null);
        services.AddRuleTrigger<NextStepChanged>("customers.step-planned", Subject.Name, happened => happened.IsDone ? null : new(happened.CustomerId, null));
        services.AddRuleTrigger<NextStepChanged>("customers.step-done", Subject.Name, happened => happened.IsDone ? new(happened.CustomerId, null) : null);
        services.AddRuleTrigger<CustomerFilesChanged>("customers.files-changed", Subject.Name, happened => new(happened.CustomerId, null));
        services.AddRuleTrigger<StagePinned>("customers.stage-pinned", Subject.Name, happened => new(happened.CustomerId, null));
    }
}
