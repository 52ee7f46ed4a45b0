using System.Security.Cryptography;
using Huike.Platform.Access.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access;

/// <summary>What became of a try.</summary>
/// <param name="User">Who may come in; null: nobody.</param>
/// <param name="Tried">Name of the account that was tried, empty where there is none: people type passwords into the field of the name. Null where the lock-out turned the try away.</param>
internal sealed record PasswordVerdict(User? User, string? Tried);

/// <summary>Judges name and password. Every refusal costs the same work and says the same: nothing tells whether there is such an account, or whether it is locked, disabled or not yet used.</summary>
internal sealed class CheckPassword(UserManager<User> users, IPasswordHasher<User> hasher, SignInGate gate)
{
    private const int Longest = 200;
    private static readonly User Nobody = new();
    private static string? nobodysHash;

    public async Task<PasswordVerdict> Run(HttpContext http, string name, string password)
    {
        var account = SignInGate.Account(users.NormalizeName(name) ?? "");
        if (!await gate.Enter(http.RequestAborted, account, SignInGate.Address(SessionCookie.AddressOf(http)))) { return new(null, null); }
        if (password.Length > Longest) { return new(null, ""); }
        var user = await users.FindByNameAsync(name);
        if (user is { PasswordHash: not null, MaySignIn: true }) { return new(await users.CheckPasswordAsync(user, password) ? user : null, user.UserName); }
        nobodysHash ??= hasher.HashPassword(Nobody, Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
        hasher.VerifyHashedPassword(Nobody, nobodysHash, password);
        return new(null, user?.UserName ?? "");
    }

    /// <summary>The signed-in user's password once more, before something that a borrowed browser must not do.</summary>
    /// <exception cref="RuleException"><c>access.password.wrong</c>: wrong, or too many tries.</exception>
    public async Task<User> Again(HttpContext http, string password)
    {
        var user = (await Run(http, http.User.Identity!.Name!, password)).User ?? throw new RuleException("access.password.wrong");
        await Passed(user, http.RequestAborted);
        return user;
    }

    /// <summary>To be told when the user is in for good: the tries are forgotten.</summary>
    public Task Passed(User user, CancellationToken ct) => gate.Passed(SignInGate.Account(user.NormalizedUserName!), ct);
}
