namespace Huike.Platform.Health;

/// <summary>How something stands.</summary>
public enum HealthState
{
    /// <summary>All is well.</summary>
    Good,

    /// <summary>It isn't set up, and nobody needs it to be.</summary>
    Off,

    /// <summary>Somebody should look at it.</summary>
    Warn,

    /// <summary>Something doesn't work.</summary>
    Bad,
}

/// <summary>What a look at one thing found.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Figure">Text key of what was seen.</param>
/// <param name="Args">Values for its placeholders; instants are shown as moments in the firm's time zone.</param>
public sealed record Finding(HealthState State, string Figure, params IReadOnlyList<object> Args)
{
    /// <summary>Text key of what to do; null: nothing.</summary>
    public string? Do { get; init; }

    /// <summary>The page where it is done or seen; null: there is none.</summary>
    public string? Href { get; init; }

    /// <summary>What the page asks for, where it is more than to see the system's health; the link is shown to those who have it.</summary>
    public string? Needs { get; init; }
}

/// <summary>Looks at one thing that has to be well. Offered by modules; scoped.</summary>
public interface IHealthCheck
{
    /// <summary>Text key of what is looked at.</summary>
    string Title { get; }

    /// <summary>Looks, in a second or two at most.</summary>
    Task<Finding> Run(CancellationToken ct);
}
