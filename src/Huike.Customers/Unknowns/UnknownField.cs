using Huike.Customers.Contracts;
using Huike.Platform.Fields;
using Huike.Ui;

namespace Huike.Customers.Unknowns;

/// <summary>Something that one ought to know of a customer.</summary>
/// <param name="Name">As addresses and settings write it.</param>
/// <param name="Sql">True where it is not known of the customer <c>c</c>.</param>
internal sealed record UnknownField(string Name, string Sql)
{
    /// <summary>In settings: all fields of the firm's own.</summary>
    public const string Own = "own";

    /// <summary>Fields of the firm's own by their definition; null: one of ours.</summary>
    public CustomField? Custom { get; private init; }

    /// <summary>Those that the program ships, in the order of the page.</summary>
    public static IReadOnlyList<UnknownField> Shipped { get; } =
    [
        Empty("phone"), Empty("email"), Empty("address"), Empty("category"), Empty("buying"), Empty("creditCode", "credit_code"),
        new("contact", "(coalesce(c.contact, '') = '' and not exists (select 1 from customers_post k where k.customer_id = c.id))"),
        new("decider", "not exists (select 1 from customers_post k where k.customer_id = c.id and (k.influence = 4 or k.role = 1))"),
        new("birthday", "not exists (select 1 from customers_post k join customers_person p on p.id = k.person_id where k.customer_id = c.id and p.birth_calendar is not null)"),
        new("consent", "not exists (select 1 from customers_consent k where k.customer_id = c.id)"),
        new("contacted", "not exists (select 1 from customers_note k where k.customer_id = c.id and k.kind > 0)"),
        new("owner", "c.owner_id is null"),
    ];

    /// <summary>All that a viewer can be told of.</summary>
    public static IReadOnlyList<UnknownField> For(Viewer viewer) => [.. Shipped, .. viewer.Own.Where(field => field.Type != FieldType.Formula).Select(field => new UnknownField(field.Column, $"{field.Sql("c")} = {(field.IsNumeric ? "-1e300" : "''")}") { Custom = field })];

    public string Label(Texts texts) => Custom?.Label(texts) ?? texts["customers.unknowns.field." + Name];

    private static UnknownField Empty(string name, string? column = null) => new(name, $"coalesce(c.{column ?? name}, '') = ''");
}

/// <summary>未知项规则: what one ought to know of which customers (H1), as names with commas between.</summary>
internal sealed record UnknownRules
{
    public const int MostDays = 365;

    private const string OfPeople = "phone,email,address,category,buying,consent,contacted,owner,own";
    private const string OfFirms = "phone,email,address,category,buying,creditCode,contact,decider,birthday,consent,contacted,owner,own";

    /// <summary>Tiers that the page begins with; default platinum and gold.</summary>
    public string Tiers { get; init; } = "platinum,gold";

    /// <summary>Of people, and of who may be anything.</summary>
    public string Person { get; init; } = OfPeople;

    public string Household { get; init; } = OfPeople;

    public string Organisation { get; init; } = OfFirms;

    public string Distributor { get; init; } = OfFirms;

    public string Partner { get; init; } = OfFirms;

    /// <summary>Where no step is planned with the customer, one asks in so many days; 0 to 365, default 7.</summary>
    public int DaysToAsk { get; init; } = 7;

    /// <summary>Names of what matters, with the setting that they stand in.</summary>
    public IEnumerable<(string Setting, string Fields, CustomerKind[] Kinds)> ByKind() =>
    [
        ("person", Person, [CustomerKind.Unknown, CustomerKind.Person]), ("household", Household, [CustomerKind.Household]), ("organisation", Organisation, [CustomerKind.Organisation]),
        ("distributor", Distributor, [CustomerKind.Distributor]), ("partner", Partner, [CustomerKind.Partner]),
    ];

    /// <summary>Kinds of customers of whom one ought to know a field.</summary>
    public CustomerKind[] Kinds(UnknownField field) => [.. ByKind().Where(one => one.Fields.Split(',').Contains(field.Custom is null ? field.Name : UnknownField.Own)).SelectMany(one => one.Kinds)];

    /// <summary>Fields that matter of anybody, with the kinds of whom.</summary>
    public List<UnknownWish> Wishes(Viewer viewer) => [.. UnknownField.For(viewer).Select(field => new UnknownWish(field, Kinds(field))).Where(wish => wish.Kinds.Count > 0)];
}

/// <summary>A field that one ought to know of some kinds of customers.</summary>
internal sealed record UnknownWish(UnknownField Field, IReadOnlyList<CustomerKind> Kinds)
{
    /// <summary>Whether it matters of the customer <c>c</c>.</summary>
    public string Matters => $"c.kind in ({string.Join(", ", Kinds.Select(kind => (int)kind))})";

    /// <summary>Whether it matters and is not known.</summary>
    public string IsUnknown => $"({Matters} and {Field.Sql})";
}

/// <summary>Customers of some tiers of whom a field is not known though it matters; as addresses write it: <c>phone~platinum.gold~person.household</c>.</summary>
internal sealed record UnknownFilter(UnknownWish Wish, IReadOnlyList<Tier> Tiers)
{
    public string Written => $"{Wish.Field.Name}~{string.Join('.', Tiers.Select(CustomerFilter.Kebab))}~{string.Join('.', Wish.Kinds.Select(CustomerFilter.Kebab))}";

    /// <summary>The condition on the customer <c>c</c>.</summary>
    public string Sql => $"({Wish.IsUnknown} and c.id in (select customer_id from customers_standing where tier in ({Numbers(Tiers)})))";

    public static string Numbers(IEnumerable<Tier> tiers) => string.Join(", ", tiers.Select(tier => (int)tier));

    /// <returns>Null where it can't be meant.</returns>
    public static UnknownFilter? Parse(string text, IReadOnlyList<CustomField> own)
    {
        if (text.Split('~') is not [var name, var tiers, var kinds] || UnknownField.For(new Viewer([], default) { Own = own }).FirstOrDefault(field => field.Name == name) is not { } known) { return null; }
        return Named<Tier>(tiers) is { Count: > 0 } some && Named<CustomerKind>(kinds) is { Count: > 0 } whose ? new(new(known, whose), some) : null;
    }

    /// <returns>Null where one can't be meant, or one comes twice.</returns>
    public static List<T>? Named<T>(string text) where T : struct, Enum
    {
        var found = text.Split('.').Select(name => Enum.GetValues<T>().Where(value => CustomerFilter.Kebab(value) == name).Select(value => (T?)value).FirstOrDefault()).ToList();
        return found.Contains(null) || found.Distinct().Count() < found.Count ? null : [.. found.OfType<T>()];
    }

    public bool Equals(UnknownFilter? other) => other is not null && other.Written == Written;

    public override int GetHashCode() => Written.GetHashCode(StringComparison.Ordinal);
}
