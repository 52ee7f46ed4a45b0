using System.Security.Claims;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Users;

/// <summary>A change of one account: alone among such changes on all nodes, by the rules that hold for each, and in force at once.</summary>
internal sealed class UserChange(HuikeDb db, Database database, SessionRegister sessions, UserManager<User> users)
{
    private const long LockKey = 4_242_006;

    /// <summary>Does the work in one transaction; what it reads of other accounts stays true until the end.</summary>
    public async Task<T> Alone<T>(Func<Task<T>> work, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (database.Kind == DatabaseKind.Postgres) { await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", ct); }
        var result = await work();
        await transaction.CommitAsync(ct);
        return result;
    }

    /// <summary>Changes an account that may do no more than the one who changes it.</summary>
    /// <exception cref="RuleException"><c>access.user.unknown</c>, <c>access.user.more</c>.</exception>
    public async Task Run(ClaimsPrincipal actor, long userId, Func<User, IReadOnlyList<string>, Task> change, CancellationToken ct)
    {
        await Alone(async () =>
        {
            var user = await db.Users.FirstOrDefaultAsync(user => user.Id == userId, ct) ?? throw new RuleException("access.user.unknown");
            var rights = await Rights(userId, ct);
            DemandCovers(actor, rights);
            await change(user, rights);
            Demand(await users.UpdateAsync(user));
            return userId;
        }, ct);
        sessions.Forget(userId);
    }

    /// <summary>The permissions that an account holds.</summary>
    public Task<List<string>> Rights(long userId, CancellationToken ct) =>
        db.UserClaims.Where(claim => claim.UserId == userId && claim.ClaimType == Permissions.Claim).Select(claim => claim.ClaimValue!).ToListAsync(ct);

    /// <summary>Nobody gives or touches what he doesn't hold himself; else whoever keeps the accounts could make himself administrator.</summary>
    /// <exception cref="RuleException"><c>access.user.more</c>.</exception>
    public static void DemandCovers(ClaimsPrincipal actor, IEnumerable<string> rights)
    {
        if (!rights.All(actor.Holds)) { throw new RuleException("access.user.more"); }
    }

    /// <summary>Another administrator must be able to come in.</summary>
    /// <exception cref="RuleException"><c>access.user.last</c>.</exception>
    public async Task DemandAnotherAdministrator(long userId, CancellationToken ct)
    {
        var others = db.UserClaims.Where(claim => claim.UserId != userId && claim.ClaimType == Permissions.Claim && claim.ClaimValue == Permissions.All).Select(claim => claim.UserId);
        if (!await db.Users.AnyAsync(user => others.Contains(user.Id) && user.DisabledAt == null && user.PasswordHash != null, ct)) { throw new RuleException("access.user.last"); }
    }

    /// <exception cref="RuleException">With the code of what is wrong.</exception>
    public static void Demand(IdentityResult result)
    {
        if (!result.Succeeded) { throw new RuleException(result.Errors.First().Code); }
    }
}
