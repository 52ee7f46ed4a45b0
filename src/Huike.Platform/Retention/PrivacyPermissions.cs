namespace Huike.Platform.Retention;

/// <summary>What one may be allowed to do about personal information; each is the name of an authorization policy.</summary>
public static class PrivacyPermissions
{
    /// <summary>Handle what people ask about their own data: copies, corrections, erasures.</summary>
    public const string Requests = "privacy.requests";

    /// <summary>Say what is processed and why, by which consent texts, and how long things are kept.</summary>
    public const string Settings = "privacy.settings";
}
