using Huike.Customers.Contracts;
using Huike.Customers.PermissionStages;
using Huike.Customers.Relationships;
using Huike.Platform.Conditions;

namespace Huike.Customers.Conditions;

/// <summary>What rules look at and lists sift by: one list. Files are <c>c</c>, standings <c>s</c>. The firm's own fields and other modules' facts come by themselves.</summary>
internal static class FactsOfCustomers
{
    private const int Internal = CustomerLevels.Internal;

    public static readonly IReadOnlyList<Fact> All =
    [
        Plain("name", "c.name"),
        Plain("number", "c.number"),
        Fact.Enum<CustomerKind>("kind", "c.kind", "customers.field.kind", kind => (CustomerFilter.Kebab(kind), Words.Of(kind))) with { IsSettable = true, IsGrouped = true },
        Plain("category", "coalesce(c.category, '')") with { IsSettable = true, IsGrouped = true },
        Plain("place", "coalesce(c.place, '')") with { IsSettable = true, IsGrouped = true },
        Of("region", FactKept.Text, "coalesce((select lies.division_code from customers_address lies where lies.customer_id = c.id and lies.is_preferred), '')", "customers.fact.region") with
        {
            // Which street is the person's own affair.
            Level = CustomerLevels.Personal,
            Among = "exists (select 1 from customers_address lies where lies.customer_id = c.id and lies.is_preferred and (substr(lies.division_code, 1, 2) in ({0}) or substr(lies.division_code, 1, 4) in ({0}) or substr(lies.division_code, 1, 6) in ({0}) or lies.division_code in ({0})))",
        },
        Plain("contact", "coalesce(c.contact, '')") with { IsSettable = true },
        Plain("phone", "coalesce(c.phone, '')") with { Level = CustomerLevels.Personal },
        Plain("email", "coalesce(c.email, '')") with { Level = CustomerLevels.Personal },
        Plain("address", "coalesce(c.address, '')") with { Level = CustomerLevels.Personal },
        Plain("creditCode", "coalesce(c.credit_code, '')") with { Level = Internal },
        Plain("remark", "coalesce(c.remark, '')") with { Level = Internal, IsSettable = true },
        Plain("requirements", "coalesce(c.requirements, '')") with { IsSettable = true },
        Plain("buying", "coalesce(c.buying, '')") with { Level = Internal, IsSettable = true },
        Plain("tags", $"coalesce({Tags.Tag.Joined}, '')") with { Level = Internal, Among = Tags.Tag.AnyOf, Key = Tags.Tag.Key },
        Of("owner", FactKept.User, "c.owner_id", "customers.rule.owner") with { Level = Internal, IsGrouped = true },
        Of("unit", FactKept.Unit, "c.unit_id", "customers.fact.unit") with { Level = Internal, IsGrouped = true },
        Fact.Enum<RelationshipType>("relationship", "coalesce((select related.type from customers_relationship related where related.customer_id = c.id), -1)", "customers.field.relationship", type => (CustomerFilter.Kebab(type), "relationship.type." + CustomerFilter.Kebab(type)))
            with { Level = Internal, IsGrouped = true, Among = "c.id in (select related.customer_id from customers_relationship related where related.type in ({0}))" },
        Standing<Tier>("tier", tier => (CustomerFilter.Kebab(tier), Words.Of(tier))),
        Standing<BuyingStage>("stage", stage => (CustomerFilter.Kebab(stage), Words.Of(stage))),
        Fact.Enum<PermissionStage>("permission", "coalesce((select permitted.stage from customers_permission permitted where permitted.customer_id = c.id), 0)", "customers.field.permission", stage => (CustomerFilter.Kebab(stage), Words.Of(stage)))
            with { Level = Internal, IsGrouped = true, Among = "c.id in (select permitted.customer_id from customers_permission permitted where permitted.stage in ({0}))" },
        Figure("sales", FactKept.Amount, "s.sales", "customers.field.sales"),
        Figure("contribution", FactKept.Amount, "s.contribution", "customers.field.contribution"),
        Figure("documents", FactKept.Number, "s.documents", "customers.field.documents"),
        Figure("firstAt", FactKept.Instant, "s.first_at", "customers.field.first") with { Known = "s.purchases > 0" },
        Figure("lastAt", FactKept.Instant, "s.last_at", "customers.field.last") with { Known = "s.purchases > 0" },
        Of("createdAt", FactKept.Instant, "c.created_at", "customers.field.created"),
        Of("notedAt", FactKept.Instant, "(select max(note.at) from customers_note note where note.customer_id = c.id)", "customers.rule.noted") with { Level = Internal },
        Of("contactedAt", FactKept.Instant, "(select max(contact.at) from customers_note contact where contact.customer_id = c.id and contact.kind > 0)", "customers.rule.contacted") with { Level = Internal },
        Of("openSteps", FactKept.Number, "(select count(*) from customers_next_step step where step.customer_id = c.id and step.done_at is null)", "customers.rule.openSteps") with { Level = Internal },
    ];

    /// <summary>A figure that the recomputation keeps.</summary>
    public static Fact Figure(string name, FactKept kept, string sql, string textKey) => Of(name, kept, sql, textKey) with { Level = Internal, Alias = "s" };

    private static Fact Standing<T>(string name, Func<T, (string, string)> word) where T : struct, Enum => Fact.Enum(name, "s." + name, "customers.field." + name, word) with { Level = Internal, Alias = "s", IsGrouped = true };

    private static Fact Plain(string name, string sql) => Of(name, FactKept.Text, sql, "customers.field." + name);

    private static Fact Of(string name, FactKept kept, string sql, string textKey) => new(name, kept, sql, texts => texts[textKey]);
}
