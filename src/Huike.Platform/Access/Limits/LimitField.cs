using System.Globalization;

namespace Huike.Platform.Access.Limits;

/// <summary>One number of the limits: its text, range, and where it is kept.</summary>
/// <param name="Name">Of the form's field.</param>
/// <param name="Group">Heading it stands under: a text key.</param>
/// <param name="Label">Text key; tells the unit.</param>
/// <param name="Low">Least value.</param>
/// <param name="High">Greatest.</param>
/// <param name="Get">Reads it.</param>
/// <param name="With">The settings with another value.</param>
internal sealed record LimitField(string Name, string Group, string Label, int Low, int High, Func<SignInSettings, int> Get, Func<SignInSettings, int, SignInSettings> With)
{
    /// <summary>Every number, in the order of the form.</summary>
    public static IReadOnlyList<LimitField> All { get; } =
    [
        new("accountTries", "access.limit.tries", "access.limit.accountTries", 3, 50, s => s.AccountTries, (s, v) => s with { AccountTries = v }),
        new("accountMinutes", "access.limit.tries", "access.limit.accountMinutes", 1, 60, s => s.AccountMinutes, (s, v) => s with { AccountMinutes = v }),
        new("addressTries", "access.limit.tries", "access.limit.addressTries", 5, 10_000, s => s.AddressTries, (s, v) => s with { AddressTries = v }),
        new("addressMinutes", "access.limit.tries", "access.limit.addressMinutes", 1, 60, s => s.AddressMinutes, (s, v) => s with { AddressMinutes = v }),
        new("linksPerHour", "access.limit.links", "access.limit.linksPerHour", 1, 20, s => s.LinksPerHour, (s, v) => s with { LinksPerHour = v }),
        new("invitationDays", "access.limit.links", "access.limit.invitationDays", 1, 30, s => s.InvitationDays, (s, v) => s with { InvitationDays = v }),
        new("resetHours", "access.limit.links", "access.limit.resetHours", 1, 24, s => s.ResetHours, (s, v) => s with { ResetHours = v }),
        new("idleHours", "access.limit.sessions", "access.limit.idleHours", 1, 168, s => s.IdleHours, (s, v) => s with { IdleHours = v }),
        new("sessionDays", "access.limit.sessions", "access.limit.sessionDays", 1, 90, s => s.SessionDays, (s, v) => s with { SessionDays = v }),
        new("tokenRequests", "access.limit.programs", "access.limit.tokenRequests", 1, 100_000, s => s.TokenRequests, (s, v) => s with { TokenRequests = v }),
    ];

    /// <summary>A number as it stands in the form.</summary>
    public static string Write(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads what was typed.</summary>
    /// <returns>Null where it is no whole number within the range.</returns>
    public int? Read(string? typed) => int.TryParse(typed, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) && value >= Low && value <= High ? value : null;
}
