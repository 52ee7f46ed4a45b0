namespace Huike.Customers.Contracts;

/// <summary>What one may be allowed to do with customers; each is the name of an authorization policy.</summary>
public static class CustomerPermissions
{
    /// <summary>See customers, their files and transactions.</summary>
    public const string Read = "customers.read";

    /// <summary>Change a customer, add notes and next steps, pin a stage.</summary>
    public const string Edit = "customers.edit";

    /// <summary>Take lists away as files.</summary>
    public const string Export = "customers.export";

    /// <summary>Load ledgers and customers, and undo loads.</summary>
    public const string Import = "customers.import";
}
