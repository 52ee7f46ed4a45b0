using System.Text.Json.Serialization;

namespace Huike.Platform.Access.Limits;

/// <summary>How often one may try to sign in, and how long links and sessions hold.</summary>
public sealed record SignInSettings
{
    /// <summary>Tries at one account in its window; 3 to 50, default 8.</summary>
    public int AccountTries { get; init; } = 8;

    /// <summary>Minutes after which a try at an account is forgotten; 1 to 60, default 5.</summary>
    public int AccountMinutes { get; init; } = 5;

    /// <summary>Tries from one address in its window; 5 to 10,000, default 60: an office behind one line signs in on Monday morning.</summary>
    public int AddressTries { get; init; } = 60;

    /// <summary>Minutes after which a try from an address is forgotten; 1 to 60, default 15.</summary>
    public int AddressMinutes { get; init; } = 15;

    /// <summary>Links for a forgotten password that an account may ask for in an hour; 1 to 20, default 3.</summary>
    public int LinksPerHour { get; init; } = 3;

    /// <summary>Days that an invitation holds, as it waits for people on leave; 1 to 30, default 7.</summary>
    public int InvitationDays { get; init; } = 7;

    /// <summary>Hours that a link for a forgotten password holds, asked for by someone who sits there; 1 to 24, default 2.</summary>
    public int ResetHours { get; init; } = 2;

    /// <summary>Hours after the last request at which a session ends; 1 to 168, default 12.</summary>
    public int IdleHours { get; init; } = 12;

    /// <summary>Days after which a session ends in any case; 1 to 90, default 30.</summary>
    public int SessionDays { get; init; } = 30;

    /// <summary>Requests a minute that one token may send to one node, of which as many may come at once; 1 to 100,000, default 600.</summary>
    public int TokenRequests { get; init; } = 600;

    /// <summary>How long a session holds without a request.</summary>
    [JsonIgnore]
    public TimeSpan Idle => TimeSpan.FromHours(IdleHours);

    /// <summary>How long a session holds at most.</summary>
    [JsonIgnore]
    public TimeSpan Longest => TimeSpan.FromDays(SessionDays);
}
