namespace Huike.Customers.Contracts;

/// <summary>What one may be allowed to do with products; each is the name of an authorization policy.</summary>
public static class ProductPermissions
{
    /// <summary>See products and what they cost: the firm's own business, not a partner's.</summary>
    public const string Read = "products.read";

    /// <summary>Say what products cost and which category they belong to, which recomputes every customer.</summary>
    public const string Edit = "products.edit";
}
