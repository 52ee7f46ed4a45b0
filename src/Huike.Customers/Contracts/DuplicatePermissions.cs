namespace Huike.Customers.Contracts;

/// <summary>Permissions on customers who may be the same.</summary>
public static class DuplicatePermissions
{
    /// <summary>Look through pairs of customers who may be the same, within the scope on customers, and say of a pair that it is not.</summary>
    public const string Review = "duplicates.review";

    /// <summary>Say what happens where a customer is entered who may be there already, and compare all.</summary>
    public const string Rules = "duplicates.rules";
}
