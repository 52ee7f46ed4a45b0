using Huike.Platform.Access.SecondFactors;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access;

/// <summary>The ways in other than the password, by the same rules: tries are counted before they are judged, a locked account is locked for each way, and the audit is told.</summary>
internal sealed class Entrance(SignInGate gate, SignInManager<User> door, AuditLog audit)
{
    /// <summary>Counts a try against the address, and against the account where one is named.</summary>
    /// <returns>False where one of them is locked.</returns>
    public Task<bool> Try(HttpContext http, User? account)
    {
        var address = SignInGate.Address(SessionCookie.AddressOf(http));
        return account is null ? gate.Enter(http.RequestAborted, address) : gate.Enter(http.RequestAborted, SignInGate.Account(account.NormalizedUserName!), address);
    }

    /// <summary>Counts a try against an account that turned out to be meant, where the address was counted before.</summary>
    public Task<bool> TryAccount(HttpContext http, User account) => gate.Enter(http.RequestAborted, SignInGate.Account(account.NormalizedUserName!));

    /// <summary>Tells the audit of a refusal.</summary>
    public Task Refuse(User? account) => audit.Write(new AuditEntry("sign-in.refused") { Actor = account?.UserName ?? "" }, CancellationToken.None);

    /// <summary>Lets in for good.</summary>
    /// <param name="http">The visitor's request.</param>
    /// <param name="user">Who it is.</param>
    /// <param name="by">By what.</param>
    public async Task Open(HttpContext http, User user, AuditChange by)
    {
        await gate.Passed(SignInGate.Account(user.NormalizedUserName!), http.RequestAborted);
        await door.SignInAsync(user, isPersistent: true);
        await audit.Write(new AuditEntry("sign-in.done") { Actor = user.UserName, Changes = [by] }, CancellationToken.None);
    }

    /// <summary>Lets in, or first asks for the second factor where the user has one.</summary>
    /// <returns>Where to lead the visitor.</returns>
    public async Task<string> OpenOrAsk(HttpContext http, User user, string returnUrl, AuditChange by)
    {
        if (user.TwoFactorEnabled)
        {
            await SecondStep.Begin(http, user);
            return "/sign-in/code" + QueryString.Create("returnUrl", returnUrl);
        }
        await Open(http, user, by);
        return returnUrl;
    }
}
