using System.Security.Claims;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Users;

/// <summary>A change of one account: alone among such changes on all nodes, by the rules that hold for each, and in force at once.</summary>
internal sealed class UserChange(HuikeDb db, Database database, SessionRegister sessions, UserManager<User> users, AuditLog audit)
{
    private const long LockKey = 4_242_006;

    /// <summary>Does the work in one transaction; what it reads of other accounts stays true until the end.</summary>
    /// <param name="work">Saves its changes.</param>
    /// <param name="entry">What the audit shall say of its result.</param>
    /// <param name="ct">Ends the work.</param>
    public async Task<T> Alone<T>(Func<Task<T>> work, Func<T, AuditEntry> entry, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (database.Kind == DatabaseKind.Postgres) { await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", ct); }
        var result = await work();
        await audit.Write(db.Database.GetDbConnection(), entry(result), ct);
        await transaction.CommitAsync(ct);
        return result;
    }

    /// <summary>An entry of the audit about an account.</summary>
    public static AuditEntry Entry(string action, long userId, params AuditChange[] changes) => new("user." + action) { Kind = "user", Record = userId, Changes = changes };

    /// <summary>Changes an account that may do no more than the one who changes it.</summary>
    /// <param name="actor">Who changes it.</param>
    /// <param name="userId">Whose account.</param>
    /// <param name="action">What the audit calls it.</param>
    /// <param name="change">Takes the account and its permissions.</param>
    /// <param name="ct">Ends the change.</param>
    /// <exception cref="RuleException"><c>access.user.unknown</c>, <c>access.user.more</c>.</exception>
    public async Task Run(ClaimsPrincipal actor, long userId, string action, Func<User, IReadOnlyList<string>, Task> change, CancellationToken ct)
    {
        await Alone(async () =>
        {
            var user = await db.Users.FirstOrDefaultAsync(user => user.Id == userId, ct) ?? throw new RuleException("access.user.unknown");
            var rights = await Rights(userId, ct);
            DemandCovers(actor, rights);
            var before = Told(user, rights);
            await change(user, rights);
            Demand(await users.UpdateAsync(user));
            return before.Zip(Told(user, await Rights(userId, ct)), (old, now) => new AuditChange(old.Field, old.Value, now.Value)).Where(told => told.Old != told.New).ToArray();
        }, changes => Entry(action, userId, changes), ct);
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

    /// <summary>What of an account the audit tells.</summary>
    public static (string Field, string? Value)[] Told(User user, IEnumerable<string> rights) =>
        [("displayName", Said(user.DisplayName)), ("email", Said(user.Email)), ("permission", Said(string.Join(", ", rights.Order(StringComparer.Ordinal))))];

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <exception cref="RuleException">With the code of what is wrong.</exception>
    public static void Demand(IdentityResult result)
    {
        if (!result.Succeeded) { throw new RuleException(result.Errors.First().Code); }
    }
}
