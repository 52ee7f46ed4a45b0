namespace Huike.Customers.Contracts;

/// <summary>Permissions on relationships.</summary>
public static class RelationshipPermissions
{
    /// <summary>Say which type is suggested when, and change the contact plan.</summary>
    public const string Rules = "relationship.rules";
}
