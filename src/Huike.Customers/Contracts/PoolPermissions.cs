namespace Huike.Customers.Contracts;

/// <summary>Permissions on pools of customers.</summary>
public static class PoolPermissions
{
    /// <summary>Claim from the pools of which one is a member, and give back into them.</summary>
    public const string Use = "pools.use";

    /// <summary>Make pools, say who belongs to them and by what rules customers return, and see all of them.</summary>
    public const string Manage = "pools.manage";
}
