using Huike.Platform.Access.Roles;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access;

/// <summary>The first run: makes the administrator, once.</summary>
public sealed class SetUpFirm(HuikeDb db, Database database, UserManager<User> users, AuditLog audit, TimeProvider clock)
{
    /// <summary>Whether there is no user yet.</summary>
    public async Task<bool> IsOpen(CancellationToken ct) => !await db.Users.AnyAsync(ct);

    /// <summary>Makes the administrator.</summary>
    /// <param name="name">Sign-in name.</param>
    /// <param name="password">Ten characters or more.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>The user.</returns>
    /// <exception cref="RuleException"><c>access.setup.done</c>: there is a user already; or the code of what is wrong with name or password.</exception>
    public async Task<User> Run(string name, string password, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // The row is the lock: of two first runs at once, one meets the other's key.
        var first = await db.Database.ExecuteSqlAsync($"""
            insert into platform_setting (name, value, changed_at, changed_by) values ('SetUp', '{"{}"}', {Stored.Parameter(database.Kind, clock.GetUtcNow())}, {name})
            on conflict (name) do nothing
            """, ct);
        if (first == 0 || !await IsOpen(ct)) { throw new RuleException("access.setup.done"); }
        var user = new User { UserName = name.Trim(), DisplayName = name.Trim() };
        Demand(await users.CreateAsync(user, password));
        await db.Database.GetDbConnection().Run("insert into platform_user_role (user_id, role) values (@user, @role)", ct, ("user", user.Id), ("role", RoleBook.Administrator));
        var changes = (AuditChange[])[AuditChange.Is("name", user.UserName), AuditChange.Is("role", RoleBook.Administrator)];
        await audit.Write(db.Database.GetDbConnection(), new("user.added") { Kind = "user", Record = user.Id, Actor = user.UserName, Changes = changes }, ct);
        await transaction.CommitAsync(ct);
        return user;
    }

    internal static async Task<IResult> Show(HttpContext http, Texts texts, SetUpFirm setUp, CancellationToken ct) =>
        await setUp.IsOpen(ct) ? Pages.ShowBare<SetUpPage>(http, texts["access.setup.title"]) : TypedResults.Redirect("/sign-in");

    internal static async Task<IResult> Post(HttpContext http, Texts texts, SetUpFirm setUp, SignInManager<User> sessions, [FromForm] string? name, [FromForm] string? password, CancellationToken ct)
    {
        try
        {
            await sessions.SignInAsync(await setUp.Run(name ?? "", password ?? "", ct), isPersistent: true);
            return TypedResults.LocalRedirect("/");
        }
        catch (RuleException refused)
        {
            return Pages.ShowBare<SetUpPage>(http, texts["access.setup.title"], new { Name = name ?? "", Error = texts[refused.Code] }, StatusCodes.Status422UnprocessableEntity);
        }
    }

    private static void Demand(IdentityResult result)
    {
        if (!result.Succeeded) { throw new RuleException(result.Errors.First().Code); }
    }
}
