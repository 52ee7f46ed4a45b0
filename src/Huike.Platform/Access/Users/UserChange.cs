using System.Security.Claims;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Users;

/// <summary>A change of one account: alone among such changes on all nodes, by the rules that hold for each, and in force at once.</summary>
internal sealed class UserChange(HuikeDb db, Database database, UserManager<User> users, RoleCover cover, AccessMemory memory, AuditLog audit)
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
    /// <param name="change">Takes the account and the names of its roles.</param>
    /// <param name="ct">Ends the change.</param>
    /// <exception cref="RuleException"><c>access.user.unknown</c>, <c>access.user.more</c>.</exception>
    public async Task Run(ClaimsPrincipal actor, long userId, string action, Func<User, IReadOnlyList<string>, Task> change, CancellationToken ct)
    {
        await Alone(async () =>
        {
            var user = await db.Users.FirstOrDefaultAsync(user => user.Id == userId, ct) ?? throw new RuleException("access.user.unknown");
            var roles = await Roles(userId, ct);
            await DemandCovers(actor.Access(), roles, ct);
            var before = Told(user, roles);
            await change(user, roles);
            Demand(await users.UpdateAsync(user));
            return before.Zip(Told(user, await Roles(userId, ct)), (old, now) => new AuditChange(old.Field, old.Value, now.Value)).Where(told => told.Old != told.New).ToArray();
        }, changes => Entry(action, userId, changes), ct);
        memory.Forget();
    }

    /// <summary>Names of the roles that an account has.</summary>
    public async Task<IReadOnlyList<string>> Roles(long userId, CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        return await db.Database.GetDbConnection().Rows("select role from platform_user_role where user_id = @user order by role", row => row.GetString(0), ct, ("user", userId));
    }

    /// <summary>Gives an account these roles and no others, in the transaction of the change.</summary>
    public async Task SetRoles(long userId, IReadOnlyList<string> roles, CancellationToken ct)
    {
        var connection = db.Database.GetDbConnection();
        await connection.Run("delete from platform_user_role where user_id = @user", ct, ("user", userId));
        foreach (var role in roles) { await connection.Run("insert into platform_user_role (user_id, role) values (@user, @role)", ct, ("user", userId), ("role", role)); }
    }

    /// <summary>Nobody gives or touches what he doesn't hold himself; else whoever keeps the accounts could make himself administrator.</summary>
    /// <exception cref="RuleException"><c>access.user.more</c>; <c>access.user.roleUnknown</c>.</exception>
    public Task DemandCovers(UserAccess actor, IReadOnlyList<string> roles, CancellationToken ct) => cover.Demand(actor, roles, ct);

    /// <summary>Another administrator must be able to come in.</summary>
    /// <exception cref="RuleException"><c>access.user.last</c>.</exception>
    public async Task DemandAnotherAdministrator(long userId, CancellationToken ct)
    {
        var others = await db.Database.GetDbConnection().Number("select count(*) from platform_user_role r join platform_user u on u.id = r.user_id where r.role = @role and u.id <> @user and u.disabled_at is null and u.password_hash is not null",
            ct, ("role", RoleBook.Administrator), ("user", userId));
        if (others == 0) { throw new RuleException("access.user.last"); }
    }

    /// <summary>What of an account the audit tells.</summary>
    public static (string Field, string? Value)[] Told(User user, IEnumerable<string> roles) =>
        [("displayName", Said(user.DisplayName)), ("email", Said(user.Email)), ("role", Said(string.Join(", ", roles.Order(StringComparer.Ordinal)))), ("account", user.Kind == UserKind.Service ? "service" : null)];

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <exception cref="RuleException">With the code of what is wrong.</exception>
    public static void Demand(IdentityResult result)
    {
        if (!result.Succeeded) { throw new RuleException(result.Errors.First().Code); }
    }
}
