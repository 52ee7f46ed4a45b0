using System.Security.Claims;
using Huike.Platform.Access.Records;

namespace Huike.Customers.Contracts;

/// <summary>Permissions of this module. Those on customers hold within a scope.</summary>
public static class CustomerPermissions
{
    /// <summary>Customers, as the policy knows them.</summary>
    public static readonly RecordKind Records = new("customers", "customers_customer", "customers.list.title", "customers.customer.unknown", "customer", Enum.GetValues<RecordAction>(), SelfColumn: "id", PoolColumn: "pool_id");

    /// <summary>See customers.</summary>
    public const string Read = "customers.read";

    /// <summary>Add customers.</summary>
    public const string Create = "customers.create";

    /// <summary>Change customers, note things and plan next steps, share a customer.</summary>
    public const string Edit = "customers.edit";

    /// <summary>Give customers to another owner.</summary>
    public const string Assign = "customers.assign";

    /// <summary>Put customers who never bought into the bin, and bring them back.</summary>
    public const string Delete = "customers.delete";

    /// <summary>Remove customers in the bin for good.</summary>
    public const string Purge = "customers.purge";

    /// <summary>See what others did to many customers at once, and undo it.</summary>
    public const string Bulk = "customers.bulk";

    /// <summary>Make one file of two that are of the same customer, and undo it; both must be ones that the user may change.</summary>
    public const string Merge = "customers.merge";

    /// <summary>Take lists of customers away as files.</summary>
    public const string Export = "customers.export";

    /// <summary>Have one's own customers and their contacts as an address book on one's phone.</summary>
    public const string Cards = "customers.cards";
    /// <summary>See what everybody took away as files, and whose copy a file is.</summary>
    public const string Exports = "exports.read";

    /// <summary>Say who may take away how much, and what has to be approved.</summary>
    public const string ExportRules = "exports.rules";

    /// <summary>Say what is looked at before somebody contacts a customer.</summary>
    public const string ContactRules = "contacts.rules";

    /// <summary>Share views of lists with a unit or with everybody.</summary>
    public const string ShareViews = "views.share";

    /// <summary>Load transactions and customers, and undo loads.</summary>
    public const string Import = "customers.import";

    /// <summary>Whether a user sees figures, and what else is the firm's own, of customers whom the user may see.</summary>
    public static bool SeesInternal(ClaimsPrincipal user) => user.Access().FieldsOf(Records).Clear >= CustomerLevels.Internal;
}
