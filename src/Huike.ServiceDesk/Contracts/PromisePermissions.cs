namespace Huike.ServiceDesk.Contracts;

/// <summary>What users may be allowed to do with promises; those made by hand go by the rights on their customer.</summary>
public static class PromisePermissions
{
    /// <summary>To say within what time cases are answered and solved.</summary>
    public const string Targets = "promises.targets";
}
