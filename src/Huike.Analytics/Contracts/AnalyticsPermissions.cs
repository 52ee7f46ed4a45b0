namespace Huike.Analytics.Contracts;

/// <summary>What one may be allowed to do with customer value; each is the name of an authorization policy.</summary>
public static class AnalyticsPermissions
{
    /// <summary>See the figures of the whole firm: pyramid, stages, retention, models.</summary>
    public const string Read = "value.read";

    /// <summary>See whom of one's customers to call today.</summary>
    public const string Call = "value.call";

    /// <summary>Change cost rates, cuts and thresholds, which recomputes every customer.</summary>
    public const string Settings = "value.settings";
}
