using Huike.Customers.ContactPoints;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Conditions;
using Huike.Platform.Fields;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers;

/// <summary>Levels of a customer's fields: 1 open, 2 internal, 3 personal.</summary>
internal static class CustomerLevels
{
    public const int Internal = 2;
    public const int Personal = 3;
}

/// <summary>Who looks at customers: which of them, and how far their fields are shown.</summary>
/// <param name="Scopes">All of these must hold: of those seen, those that may be taken away.</param>
/// <param name="Fields">How far fields are shown.</param>
internal sealed record Viewer(IReadOnlyList<Scope> Scopes, FieldAccess Fields)
{
    /// <summary>The firm's own fields that this one sees.</summary>
    public IReadOnlyList<CustomField> Own { get; init; } = [];

    /// <summary>What lists can be sifted by; those that this one isn't shown are refused.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>Who this is, for conditions on one's own; 0: nobody.</summary>
    public long UserId { get; init; }

    /// <summary>This one's units, and all below them.</summary>
    public IReadOnlyList<long> Units { get; init; } = [];

    public bool SeesAll { get; } = Scopes.All(scope => scope.IsEverything);

    /// <summary>Everything below the internal level: figures, tier and stage, notes.</summary>
    public bool SeesInternal => Fields.Clear >= CustomerLevels.Internal;

    public bool SeesPersonal => Fields.Clear >= CustomerLevels.Personal;

    /// <summary>Same for the same customers; what is remembered of lists is kept under it.</summary>
    public string Key => string.Join('|', Scopes.Select(scope => scope.Key));

    /// <summary>Whether the list of all of them is one stretch of the index on owners.</summary>
    public bool IsOwners => Scopes.Where(scope => !scope.IsEverything).ToList() is [{ IsOwners: true }];

    /// <summary>The condition on a customer.</summary>
    public string Sql(string alias, bool plain = false) => string.Join(" and ", Scopes.Where(scope => !scope.IsEverything).Select(scope => scope.Sql(alias, plain)).DefaultIfEmpty("(1 = 1)"));

    public IEnumerable<(string Name, object? Value)> Parameters => Scopes.SelectMany(scope => scope.Parameters).Take(1);

    /// <summary>The request's user, seeing; or seeing and doing something more.</summary>
    public static Viewer Of(HttpContext http, RecordAction action = RecordAction.Read) => Of(http.User.Access(), http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), action) is var viewer
        ? viewer with { Own = http.RequestServices.GetRequiredService<FieldBook>().Seen(CustomerFields.Kind, http.User.Access()), Facts = http.RequestServices.GetRequiredService<FactBook>().Of(CustomerPermissions.Records.Name) } : null!;

    /// <summary>From where this one looks at conditions.</summary>
    public ConditionView Looks(DateOnly today, TimeZoneInfo zone) => new(today, zone) { UserId = UserId, Units = Units, Level = Fields.Clear };

    /// <summary>The request's user, for what is the firm's own affair.</summary>
    /// <exception cref="RuleException"><c>access.record.refused</c>: he sees nothing internal.</exception>
    public static Viewer Internal(HttpContext http, RecordAction action = RecordAction.Read) => Of(http, action) is { SeesInternal: true } viewer ? viewer : throw new RuleException("access.record.refused");

    /// <summary>The same for pages over all customers: who sees nothing internal may open them, and sees nobody there.</summary>
    public static Viewer InternalOrNobody(HttpContext http) => Of(http) is var viewer && viewer.SeesInternal ? viewer
        : new([new(CustomerPermissions.Records, [], http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow())], viewer.Fields);

    public static Viewer Of(UserAccess access, DateTimeOffset now, RecordAction action = RecordAction.Read)
    {
        RecordAction[] actions = action == RecordAction.Read ? [RecordAction.Read] : [RecordAction.Read, action];
        return new([.. actions.Select(wanted => access.Scope(CustomerPermissions.Records, wanted, now))], access.FieldsOf(CustomerPermissions.Records))
        {
            UserId = access.UserId,
            Units = access.Grants.FirstOrDefault(grant => grant.Subject.IsSelf)?.Subject.Below ?? [],
        };
    }

    /// <summary>The row as this one may see it; what isn't shown is left out by the columns.</summary>
    public ListedCustomer Veil(ListedCustomer row) => SeesPersonal || row.Phone is null ? row : row with { Phone = Mask.Phone(row.Phone) };

    /// <summary>The file as this one may see it.</summary>
    public CustomerFacts Veil(CustomerFacts facts) => SeesPersonal ? facts : facts with
    {
        Listed = Veil(facts.Listed),
        Email = Mask.Email(facts.Email),
        Address = Mask.Text(facts.Address),
        Remark = SeesInternal ? facts.Remark : null,
        Buying = SeesInternal ? facts.Buying : null,
        Tags = SeesInternal ? facts.Tags : [],
        CreditCode = SeesInternal ? facts.CreditCode : Mask.Text(facts.CreditCode),
    };

    /// <summary>The contact point as this one may see it; one that is masked is no link.</summary>
    public ContactPoint Veil(ContactPoint point) => SeesPersonal ? point : point with { Value = Veil(point.Field, point.Value)!, Raw = "", Label = SeesInternal ? point.Label : "" };

    private static readonly string[] PersonalColumns = ["phone", "email", "address", "phones", "emails", "wechat", "addresses", "addressTo", "invoiceTitles", "invoiceTitle", "personPhone", "personEmail", "personWechat", "personBirthday"];

    private static readonly string[] InternalColumns = ["credit_code", "remark", "buying", "tags", "personPreferences"];

    private IEnumerable<string> Masked => (SeesPersonal ? [] : PersonalColumns).Concat(SeesInternal ? [] : InternalColumns);

    /// <summary>Whether a column is masked.</summary>
    public bool Hides(string column) => Masked.Contains(column) || (column.StartsWith(CustomField.Prefix, StringComparison.Ordinal) && Own.All(field => field.Input != column));

    /// <summary>The condition that the column whose name stands in a column is not masked.</summary>
    public string ShownSql(string name) =>
        $"{name} not in ({Quoted(Masked)}) and ({name} not like '{CustomField.Prefix}%' or {name} in ({Quoted(Own.Select(field => field.Input))}))";

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("").Select(name => $"'{name.Replace("'", "''", StringComparison.Ordinal)}'"));

    /// <summary>Old or new value of a changed column as this one may see it.</summary>
    public string? Veil(string column, string? value) => column switch
    {
        _ when !Hides(column) => value,
        "phone" or "phones" => Mask.Phone(value),
        "email" or "emails" => Mask.Email(value),
        _ => Mask.Text(value),
    };
}
