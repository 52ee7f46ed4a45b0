namespace Huike.Customers.OneVoice;

/// <summary>联系规则: what is looked at before somebody contacts a customer (H1, one voice; H12, frequency cap and quiet hours).</summary>
internal sealed record ContactRules
{
    public const int MostDays = 90;
    public const int MostMinutes = 480;
    public const int MostContacts = 50;
    public const int LastHour = 23;

    /// <summary>Whoever wants to contact a customer whom one of us contacted in the last so many days is told; 0 to 90, default 7; 0: nobody is.</summary>
    public int DaysBetween { get; init; } = 7;

    /// <summary>So many contacts of ours in <see cref="CapDays"/> are enough, over all channels and of all of us; 0 to 50, default 5; 0: there is no limit.</summary>
    public int CapContacts { get; init; } = 5;

    /// <summary>The days in which they are counted; 1 to 90, default 30.</summary>
    public int CapDays { get; init; } = 30;

    /// <summary>Hour of the firm's day at which calls begin to rest; 0 to 23, default 21. The same as <see cref="QuietTo"/>: they never do.</summary>
    public int QuietFrom { get; init; } = 21;

    /// <summary>Hour at which calls begin again; 0 to 23, default 8.</summary>
    public int QuietTo { get; init; } = 8;

    /// <summary>Is held instead of told, by days and cap and while another is about to; default false.</summary>
    public bool Blocks { get; init; }

    /// <summary>For so many minutes a customer is kept for who is about to contact him; 1 to 480, default 30.</summary>
    public int MinutesKept { get; init; } = 30;

    /// <summary>Whether calls rest at an hour.</summary>
    public bool IsQuiet(int hour) => QuietFrom < QuietTo ? hour >= QuietFrom && hour < QuietTo : QuietFrom > QuietTo && (hour >= QuietFrom || hour < QuietTo);
}
