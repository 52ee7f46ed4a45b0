namespace Huike.Customers.Contracts;

/// <summary>What one may be allowed to do with products; each is the name of an authorization policy. Who may see customers may see products.</summary>
public static class ProductPermissions
{
    /// <summary>Say what products cost and which category they belong to, which recomputes every customer.</summary>
    public const string Edit = "products.edit";
}
