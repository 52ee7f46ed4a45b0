namespace Huike.Customers.PermissionStages;

/// <summary>许可阶段规则: what the stages of permission are computed by (ADR 0030).</summary>
internal sealed record PermissionRules
{
    public const int MostDays = 3_650;
    public const int MostHours = 720;

    /// <summary>Codes of the purposes whose consent is a permission, with commas between; default marketing.</summary>
    public string Purposes { get; init; } = "marketing";

    /// <summary>An answer of the customer's counts for so many days; 1 to 3,650, default 180.</summary>
    public int AnswerDays { get; init; } = 180;

    /// <summary>An answer up to so many hours before the consent was written down counts as given with it; 0 to 720, default 24.</summary>
    public int HoursBefore { get; init; } = 24;

    public string[] Codes() => Purposes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
