namespace Huike.Customers.OneVoice;

/// <summary>联系规则: what is looked at before somebody contacts a customer (H1, one voice).</summary>
internal sealed record ContactRules
{
    public const int MostDays = 90;
    public const int MostMinutes = 480;

    /// <summary>Whoever wants to contact a customer whom one of us contacted in the last so many days is told; 0 to 90, default 7; 0: nobody is.</summary>
    public int DaysBetween { get; init; } = 7;

    /// <summary>Is held instead of told; default false.</summary>
    public bool Blocks { get; init; }

    /// <summary>For so many minutes a customer is kept for who is about to contact him; 1 to 480, default 30.</summary>
    public int MinutesKept { get; init; } = 30;
}
