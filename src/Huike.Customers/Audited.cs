using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform.Audit;

namespace Huike.Customers;

/// <summary>How this module's acts stand in the audit.</summary>
internal static class Audited
{
    /// <summary>Customers, their notes and next steps.</summary>
    public static readonly AuditedKind Customers = new("customer", "customers.audit.customer", "/customers/{0}", "customers.field.", "customers.");

    /// <summary>Loads; a load is one entry, however many rows it brings.</summary>
    public static readonly AuditedKind Loads = new("load", "customers.audit.load", "/imports/{0}", "cli.import.outcome.");

    /// <summary>Saved mappings of columns.</summary>
    public static readonly AuditedKind Mappings = new("mapping", "customers.audit.mapping", null, "audit.field.");

    /// <summary>Products; a file of costs is one entry, in which each product stands by its number.</summary>
    public static readonly AuditedKind Products = new("product", "products.audit.product", "/products/{0}", "products.field.");

    /// <summary>Requests of the people whose data we hold.</summary>
    public static readonly AuditedKind Requests = new("subject-request", "privacy.audit.request", "/admin/privacy/requests/{0}", "privacy.field.", "privacy.");

    /// <summary>Purposes of the register, and their consent texts.</summary>
    public static readonly AuditedKind Purposes = new("purpose", "privacy.audit.purpose", "/admin/privacy/processing/{0}", "privacy.field.", "privacy.");

    /// <summary>Something about a request.</summary>
    public static AuditEntry Request(string action, long id, IReadOnlyList<AuditChange> changes) => new(action) { Kind = Requests.Name, Record = id, Changes = changes };

    /// <summary>Something about a customer.</summary>
    public static AuditEntry Customer(string action, long id, IReadOnlyList<AuditChange> changes) => new(action) { Kind = Customers.Name, Record = id, Changes = changes };

    /// <summary>Something about a load.</summary>
    public static AuditEntry Load(string action, long id, IReadOnlyList<AuditChange> changes) => new(action) { Kind = Loads.Name, Record = id, Changes = changes };

    /// <summary>Changed columns of a customer, as the audit names them.</summary>
    public static IReadOnlyList<AuditChange> Fields(IEnumerable<(string Field, string? Old, string? New)> changes) =>
        [.. changes.Select(change => change.Field switch
        {
            "kind" => new AuditChange("kind", KindOf(change.Old), KindOf(change.New)),
            "credit_code" => new AuditChange("creditCode", change.Old, change.New),
            _ => new AuditChange(change.Field, change.Old, change.New),
        })];

    /// <summary>A name of ours in camelCase.</summary>
    public static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string? KindOf(string? number) => number is null ? null : Name(Enum.Parse<CustomerKind>(number));
}
