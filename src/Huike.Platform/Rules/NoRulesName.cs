using Huike.Platform.Access;
using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Rules;

/// <summary>Nobody is called as rules are: the audit tells them from people by their names, and so does the loop guard.</summary>
internal sealed class NoRulesName : IUserValidator<User>
{
    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user) => Task.FromResult(user.UserName?.StartsWith(RuleTrail.Begin, StringComparison.OrdinalIgnoreCase) == true
        ? IdentityResult.Failed(new IdentityError { Code = "access.name.rule", Description = "access.name.rule" }) : IdentityResult.Success);
}
