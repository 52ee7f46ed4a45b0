using Huike.Customers.Contracts;
using Huike.Customers.PermissionStages;
using Huike.Platform.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers.Rules;

/// <summary>What rules on customers look at, and what begins them.</summary>
internal static class RulesOnCustomers
{
    private const int Internal = CustomerLevels.Internal;

    /// <summary>A file without a person behind it is left alone.</summary>
    private static readonly RuleSubject Subject = new(CustomerPermissions.Records.Name, "customers.list.title", "customers_customer c join customers_standing s on s.customer_id = c.id",
        "not exists (select 1 from customers_erasure gone where gone.customer_id = c.id)", CustomerFields.Kind.Shown, CustomerFields.Kind.Path)
    {
        Fields =
        [
            Plain("name", "c.name"),
            Plain("number", "c.number"),
            RuleField.Enum<CustomerKind>("kind", "c.kind", "customers.field.kind", kind => (CustomerFilter.Kebab(kind), Words.Of(kind))) with { IsSettable = true },
            Plain("category", "coalesce(c.category, '')") with { IsSettable = true },
            Plain("place", "coalesce(c.place, '')") with { IsSettable = true },
            Plain("contact", "coalesce(c.contact, '')") with { IsSettable = true },
            Plain("phone", "coalesce(c.phone, '')") with { Level = CustomerLevels.Personal },
            Plain("email", "coalesce(c.email, '')") with { Level = CustomerLevels.Personal },
            Plain("address", "coalesce(c.address, '')") with { Level = CustomerLevels.Personal },
            Plain("creditCode", "coalesce(c.credit_code, '')") with { Level = Internal },
            Plain("remark", "coalesce(c.remark, '')") with { Level = Internal, IsSettable = true },
            Plain("requirements", "coalesce(c.requirements, '')") with { IsSettable = true },
            Plain("buying", "coalesce(c.buying, '')") with { Level = Internal, IsSettable = true },
            Plain("tags", $"coalesce({Tags.Tag.Joined}, '')") with { Level = Internal },
            Of("owner", RuleKept.User, "c.owner_id", "customers.rule.owner"),
            RuleField.Enum<Tier>("tier", "s.tier", "customers.field.tier", tier => (CustomerFilter.Kebab(tier), Words.Of(tier))) with { Level = Internal },
            RuleField.Enum<BuyingStage>("stage", "s.stage", "customers.field.stage", stage => (CustomerFilter.Kebab(stage), Words.Of(stage))) with { Level = Internal },
            RuleField.Enum<PermissionStage>("permission", "coalesce((select permitted.stage from customers_permission permitted where permitted.customer_id = c.id), 0)", "customers.field.permission", stage => (CustomerFilter.Kebab(stage), Words.Of(stage))) with { Level = Internal },
            Of("sales", RuleKept.Amount, "s.sales", "customers.field.sales") with { Level = Internal },
            Of("contribution", RuleKept.Amount, "s.contribution", "customers.field.contribution") with { Level = Internal },
            Of("documents", RuleKept.Number, "s.documents", "customers.field.documents") with { Level = Internal },
            Of("firstAt", RuleKept.Instant, "(case when s.purchases > 0 then s.first_at end)", "customers.field.first") with { Level = Internal },
            Of("lastAt", RuleKept.Instant, "(case when s.purchases > 0 then s.last_at end)", "customers.field.last") with { Level = Internal },
            Of("createdAt", RuleKept.Instant, "c.created_at", "customers.field.created"),
            Of("notedAt", RuleKept.Instant, "(select max(note.at) from customers_note note where note.customer_id = c.id)", "customers.rule.noted") with { Level = Internal },
            Of("contactedAt", RuleKept.Instant, "(select max(contact.at) from customers_note contact where contact.customer_id = c.id and contact.kind > 0)", "customers.rule.contacted") with { Level = Internal },
            Of("openSteps", RuleKept.Number, "(select count(*) from customers_next_step step where step.customer_id = c.id and step.done_at is null)", "customers.rule.openSteps") with { Level = Internal },
        ],
    };

    public static void AddCustomerRules(this IServiceCollection services)
    {
        services.AddRuleSubject<ActOnCustomers>(Subject);
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

    private static RuleField Plain(string name, string sql) => Of(name, RuleKept.Text, sql, "customers.field." + name);

    private static RuleField Of(string name, RuleKept kept, string sql, string textKey) => new(name, kept, sql, texts => texts[textKey]);
}
