using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Users;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Platform.Access.Tokens;

/// <summary>令牌: lets a program in as its user, for a time.</summary>
/// <param name="Id">Number.</param>
/// <param name="Name">What it is for, in its user's words.</param>
/// <param name="Scope">What it may at most.</param>
/// <param name="User">Sign-in name of the user.</param>
/// <param name="UserId">The user.</param>
/// <param name="CreatedAt">Made.</param>
/// <param name="ExpiresAt">Ends by itself.</param>
/// <param name="UsedAt">Last used, to the minute or so; null: never.</param>
/// <param name="UsedFrom">Address of the last use.</param>
/// <param name="IsService">Whether the user is a service account.</param>
public sealed record Token(long Id, string Name, TokenScope Scope, string User, long UserId, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt, string UsedFrom, bool IsService)
{
    /// <summary>Whether it ends within two weeks: time to make another.</summary>
    internal bool EndsSoon(DateTimeOffset now) => ExpiresAt > now && ExpiresAt <= now + TokenRegister.Warned;
}

/// <summary>Makes, knows and ends tokens. Only their hashes are kept: 256 random bits need no salt.</summary>
internal sealed class TokenRegister(Database database, ReadAccess access, AuditLog audit, IEnumerable<Permission> permissions, TimeProvider clock)
{
    public const string Prefix = "hk_";
    private const int Page = 50;
    internal static readonly TimeSpan Warned = TimeSpan.FromDays(14);
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (AccessPrincipal Principal, DateTimeOffset At)> known = new();
    private readonly List<Permission> all = [.. permissions];

    /// <summary>Names of the permissions that somebody may give a token.</summary>
    public IReadOnlyList<string> Offered(UserAccess user) => [.. all.Select(permission => permission.Name).Where(name => user.Widest(name) > RecordScope.None)];

    /// <summary>Tokens by number after one; of one user, or of all.</summary>
    public async Task<List<Token>> List(long? userId, long after, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows($"""
            select t.id, t.name, t.scope, u.user_name, u.id, t.created_at, t.expires_at, t.used_at, t.used_from, u.kind from platform_token t join platform_user u on u.id = t.user_id
            where t.id > @after{(userId is null ? "" : " and t.user_id = @user")} order by t.id limit {Page + 1}
            """, row => new Token(row.GetInt64(0), row.GetString(1), new(row.GetString(2)), row.GetString(3), row.GetInt64(4), row.At(5), row.At(6), row.AtOrNull(7), row.GetString(8), row.GetInt16(9) == (int)UserKind.Service), ct, ("after", after), ("user", userId ?? 0));
    }

    /// <summary>How many tokens end within two weeks: of a user, or of all service accounts, which nobody else warns.</summary>
    public async Task<int> EndSoon(long? userId, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var now = clock.GetUtcNow();
        return (int)await connection.Number($"select count(*) from platform_token t join platform_user u on u.id = t.user_id where t.expires_at > @now and t.expires_at <= @until and u.disabled_at is null and {(userId is null ? "u.kind = @service" : "t.user_id = @user")}",
            ct, ("now", now), ("until", now + Warned), ("service", UserKind.Service), ("user", userId ?? 0));
    }

    /// <summary>Makes a token for a user; what is wished was looked at before.</summary>
    /// <returns>The token itself, to be shown once.</returns>
    /// <exception cref="RuleException"><c>access.token.twice</c>: the form made one before, which can't be shown again.</exception>
    public async Task<string> Add(long userId, TokenWish wish, CancellationToken ct)
    {
        var token = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await audit.Change(async connection =>
        {
            var now = clock.GetUtcNow();
            if (await connection.Run("insert into platform_token (user_id, name, scope, token_hash, created_at, expires_at, form_key) values (@user, @name, @scope, @hash, @now, @expires, @key) on conflict (form_key) do nothing", ct,
                ("user", userId), ("name", wish.Name), ("scope", wish.Scope.Text), ("hash", Hash(token)), ("now", now), ("expires", now.AddDays(wish.Days)), ("key", wish.FormKey)) == 0)
            {
                throw new RuleException("access.token.twice");
            }
            return UserChange.Entry("token-made", userId, AuditChange.Is("token", wish.Name), AuditChange.Is("scope", wish.Scope.Text), AuditChange.Is("days", wish.Days));
        }, ct);
        return token;
    }

    /// <summary>Refuses a form that made a token before; for what is made together with one.</summary>
    /// <exception cref="RuleException"><c>access.token.twice</c>.</exception>
    public async Task DemandFirst(TokenWish wish, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        if (await connection.Number("select count(*) from platform_token where form_key = @key", ct, ("key", wish.FormKey)) > 0) { throw new RuleException("access.token.twice"); }
    }

    /// <summary>Ends a token.</summary>
    /// <param name="id">Which.</param>
    /// <param name="only">Whose it must be; null: whosesoever.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>access.token.unknown</c>.</exception>
    public async Task End(long id, long? only, CancellationToken ct)
    {
        await audit.Change(async connection =>
        {
            var token = await connection.First("select user_id, name from platform_token where id = @id", row => (UserId: row.GetInt64(0), Name: row.GetString(1)), ct, ("id", id));
            if (token.Name is null || (only is { } user && user != token.UserId)) { throw new RuleException("access.token.unknown"); }
            await connection.Run("delete from platform_token where id = @id", ct, ("id", id));
            return UserChange.Entry("token-ended", token.UserId, new AuditChange("token", token.Name, null));
        }, ct);
        Forget();
    }

    /// <summary>Who comes by a token; null where it is none, is over, or its user may not come in.</summary>
    /// <param name="token">The token.</param>
    /// <param name="address">From where.</param>
    /// <param name="ct">Ends the read.</param>
    /// <param name="door">Through which; null: through that of programs.</param>
    public async Task<ClaimsPrincipal?> Find(string token, string address, CancellationToken ct, TokenDoor? door = null)
    {
        var (hash, now) = (Hash(token), clock.GetUtcNow());
        var key = door is null ? hash : hash + door.Path;
        if (known.TryGetValue(key, out var entry) && now - entry.At < Memory) { return entry.Principal; }
        await using var connection = await database.Open(ct);
        var found = await connection.First("""
            select t.id, t.name, t.scope, u.id, u.user_name, u.display_name, t.used_at from platform_token t join platform_user u on u.id = t.user_id
            where t.token_hash = @hash and t.expires_at > @now and u.disabled_at is null
            """, row => (Id: row.GetInt64(0), Token: row.GetString(1), Scope: row.GetString(2), UserId: row.GetInt64(3), Name: row.GetString(4), Shown: row.GetString(5), UsedAt: row.AtOrNull(6)), ct, ("hash", hash), ("now", now));
        if (found.Id == 0) { return null; }
        if (now - (found.UsedAt ?? DateTimeOffset.MinValue) > SeenEvery)
        {
            using var turn = await database.WriteTurn(ct);
            await connection.Run("update platform_token set used_at = @now, used_from = @address where id = @id", ct, ("now", now), ("address", address), ("id", found.Id));
        }
        var may = new TokenScope(found.Scope).Of(await access.Of(connection, found.UserId, ct), all, door);
        var principal = AccessPrincipal.Of(door is null ? TokenScheme.Name : DoorScheme.Name, found.UserId, found.Name, found.Shown, may, new Claim(CurrentActor.TokenClaim, found.Token));
        known[key] = (principal, now);
        return principal;
    }

    public void Forget() => known.Clear();

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
