using System.Net.Mail;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Access.Users;

/// <summary>What an administrator writes about a user.</summary>
/// <param name="Name">Sign-in name; kept as it was made.</param>
/// <param name="DisplayName">Shown to colleagues; may be empty.</param>
/// <param name="Email">Mail address; may be empty.</param>
/// <param name="Rights">Names of permissions, or the one that stands for all.</param>
public sealed record UserInput(string Name, string DisplayName, string Email, IReadOnlyList<string> Rights)
{
    private const int LongestName = 100;
    private const int LongestEmail = 254;

    /// <summary>What a form holds; the administrator's right stands for all others.</summary>
    internal static UserInput Read(IFormCollection form)
    {
        var rights = form["permission"].OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return new(form["name"].ToString().Trim(), form["displayName"].ToString().Trim(), form["email"].ToString().Trim(), rights.Contains(Permissions.All) ? [Permissions.All] : rights);
    }

    /// <exception cref="RuleException"><c>access.name.long</c>, <c>access.user.emailWrong</c>, <c>access.user.rightUnknown</c>.</exception>
    internal void Demand(IEnumerable<Permission> known)
    {
        if (Name.Length > LongestName || DisplayName.Length > LongestName) { throw new RuleException("access.name.long", LongestName); }
        // "Anna <anna@example.com>" is an address too, for a parser; here it must be the bare one.
        if (Email.Length > 0 && (Email.Length > LongestEmail || !MailAddress.TryCreate(Email, out var address) || address.Address != Email)) { throw new RuleException("access.user.emailWrong"); }
        if (Rights.Except(known.Select(permission => permission.Name)).Except([Permissions.All]).Any()) { throw new RuleException("access.user.rightUnknown"); }
    }
}
