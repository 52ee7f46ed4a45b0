using Huike.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Users;

/// <summary>A user as the list shows it.</summary>
/// <param name="Id">Number of the user.</param>
/// <param name="Name">Sign-in name.</param>
/// <param name="DisplayName">Shown to colleagues; may be empty.</param>
/// <param name="Email">Mail address, or null.</param>
/// <param name="Invited">No password was chosen yet.</param>
/// <param name="Disabled">May not come in.</param>
/// <param name="Roles">Names of roles.</param>
/// <param name="Kind">Whose account it is.</param>
public sealed record ListedUser(long Id, string Name, string DisplayName, string? Email, bool Invited, bool Disabled, IReadOnlyList<string> Roles, UserKind Kind);

/// <summary>A page of users.</summary>
/// <param name="Rows">In order of sign-in names.</param>
/// <param name="Count">How many there are on all pages.</param>
/// <param name="Next">Key of the page after this one; null on the last.</param>
public sealed record UsersFound(IReadOnlyList<ListedUser> Rows, int Count, string? Next);

/// <summary>The users by name, paged by key.</summary>
internal sealed class UserList(HuikeDb db)
{
    private const int Size = 50;

    /// <param name="q">Part of a name or of an address; null or empty for all.</param>
    /// <param name="after">Key of the last row before the page; null for the first page.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<UsersFound> Run(string? q, string? after, CancellationToken ct)
    {
        var found = db.Users.AsNoTracking();
        // No name holds a NUL, and PostgreSQL takes none.
        (q, after) = (q?.Replace("\0", "", StringComparison.Ordinal), after?.Replace("\0", "", StringComparison.Ordinal));
        if (q?.Trim() is { Length: > 0 } part)
        {
            var normal = part.ToUpperInvariant();
            found = found.Where(user => user.NormalizedUserName!.Contains(normal) || user.NormalizedEmail!.Contains(normal) || user.DisplayName.Contains(part));
        }
        var count = await found.CountAsync(ct);
        // The database compares, in the order that it sorts by.
#pragma warning disable CA1309
        if (after is { Length: > 0 }) { found = found.Where(user => string.Compare(user.NormalizedUserName, after) > 0); }
#pragma warning restore CA1309
        var users = await found.OrderBy(user => user.NormalizedUserName).Take(Size + 1).ToListAsync(ct);
        var page = users.Take(Size).ToList();
        var ids = page.ConvertAll(user => user.Id);
        await db.Database.OpenConnectionAsync(ct);
        var roles = ids.Count == 0 ? [] : await db.Database.GetDbConnection().Rows($"select user_id, role from platform_user_role where user_id in ({string.Join(',', ids)}) order by role", row => (UserId: row.GetInt64(0), Name: row.GetString(1)), ct);
        return new([.. page.Select(user => new ListedUser(user.Id, user.UserName!, user.DisplayName, user.Email, user.PasswordHash is null, user.DisabledAt is not null,
            [.. roles.Where(role => role.UserId == user.Id).Select(role => role.Name)], user.Kind))], count, users.Count > Size ? page[^1].NormalizedUserName : null);
    }
}
