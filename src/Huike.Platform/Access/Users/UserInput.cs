using System.Globalization;
using System.Net.Mail;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Access.Users;

/// <summary>What an administrator writes about a user.</summary>
/// <param name="Name">Sign-in name; kept as it was made.</param>
/// <param name="DisplayName">Shown to colleagues; may be empty.</param>
/// <param name="Email">Mail address; may be empty.</param>
/// <param name="Roles">Names of roles.</param>
/// <param name="Kind">Staff, partner or customer.</param>
/// <param name="CustomerNumber">Of a customer's account: id of the customer; null for others.</param>
public sealed record UserInput(string Name, string DisplayName, string Email, IReadOnlyList<string> Roles, UserKind Kind = UserKind.Staff, long? CustomerNumber = null)
{
    private const int LongestName = 100;
    private const int LongestEmail = 254;

    /// <summary>What a form holds.</summary>
    internal static UserInput Read(IFormCollection form) => new(form["name"].ToString().Trim(), form["displayName"].ToString().Trim(), form["email"].ToString().Trim(),
        [.. form["role"].OfType<string>().Where(role => role.Length > 0).Distinct(StringComparer.Ordinal)],
        Enum.TryParse<UserKind>(form["kind"], out var kind) && Enum.IsDefined(kind) && kind != UserKind.Service ? kind : UserKind.Staff,
        long.TryParse(form["customer"], NumberStyles.None, CultureInfo.InvariantCulture, out var customer) && customer > 0 ? customer : null);

    /// <exception cref="RuleException"><c>access.name.long</c>, <c>access.user.emailWrong</c>, <c>access.user.customerMissing</c>.</exception>
    internal void Demand()
    {
        if (Name.Length > LongestName || DisplayName.Length > LongestName) { throw new RuleException("access.name.long", LongestName); }
        // "Anna <anna@example.com>" is an address too, for a parser; here it must be the bare one.
        if (Email.Length > 0 && (Email.Length > LongestEmail || !MailAddress.TryCreate(Email, out var address) || address.Address != Email)) { throw new RuleException("access.user.emailWrong"); }
        if (Kind == UserKind.Customer != CustomerNumber is not null) { throw new RuleException("access.user.customerMissing"); }
    }
}
