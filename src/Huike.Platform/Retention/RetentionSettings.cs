namespace Huike.Platform.Retention;

/// <summary>How long the kinds of record are kept where an administrator said so.</summary>
internal sealed record RetentionSettings
{
    /// <summary>Period by kind; what is not here is kept as usual.</summary>
    public IReadOnlyDictionary<string, RetentionPeriod> Periods { get; init; } = new Dictionary<string, RetentionPeriod>();

    /// <summary>Hour of the firm's day at which what is too old goes; 0 to 23, default 3.</summary>
    public int NightlyHour { get; init; } = 3;

    /// <summary>The period in force.</summary>
    public RetentionPeriod Of(IRetention kind) => Periods.TryGetValue(kind.Kind, out var own) ? own : kind.Usual;
}
