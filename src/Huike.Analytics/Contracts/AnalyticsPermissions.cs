namespace Huike.Analytics.Contracts;

/// <summary>What one may be allowed to do with customer value; each is the name of an authorization policy.</summary>
public static class AnalyticsPermissions
{
    /// <summary>See the pyramid, stages, retention, models and whom to call.</summary>
    public const string Read = "value.read";

    /// <summary>Change cost rates, cuts and thresholds, which recomputes every customer.</summary>
    public const string Settings = "value.settings";
}
