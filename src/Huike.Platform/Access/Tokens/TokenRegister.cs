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
/// <param name="User">Sign-in name of the user.</param>
/// <param name="UserId">The user.</param>
/// <param name="CreatedAt">Made.</param>
/// <param name="ExpiresAt">Ends by itself.</param>
/// <param name="UsedAt">Last used, to the minute or so; null: never.</param>
/// <param name="UsedFrom">Address of the last use.</param>
public sealed record Token(long Id, string Name, string User, long UserId, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt, string UsedFrom);

/// <summary>Makes, knows and ends tokens. Only their hashes are kept: 256 random bits need no salt.</summary>
internal sealed class TokenRegister(Database database, ReadAccess access, AuditLog audit, TimeProvider clock)
{
    public const string Prefix = "hk_";
    public const int MostDays = 366;
    private const int LongestName = 100;
    private const int Page = 50;
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (AccessPrincipal Principal, DateTimeOffset At)> known = new();

    /// <summary>Tokens by number after one; of one user, or of all.</summary>
    public async Task<List<Token>> List(long? userId, long after, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows($"""
            select t.id, t.name, u.user_name, u.id, t.created_at, t.expires_at, t.used_at, t.used_from from platform_token t join platform_user u on u.id = t.user_id
            where t.id > @after{(userId is null ? "" : " and t.user_id = @user")} order by t.id limit {Page + 1}
            """, row => new Token(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.At(4), row.At(5), row.AtOrNull(6), row.GetString(7)), ct, ("after", after), ("user", userId ?? 0));
    }

    /// <summary>Makes a token for a user.</summary>
    /// <returns>The token itself, to be shown once.</returns>
    /// <exception cref="RuleException"><c>access.token.name</c>, <c>access.token.days</c>.</exception>
    public async Task<string> Add(long userId, string name, int days, CancellationToken ct)
    {
        if (name.Length is 0 or > LongestName || name.Contains('\0', StringComparison.Ordinal)) { throw new RuleException("access.token.name", LongestName); }
        if (days is < 1 or > MostDays) { throw new RuleException("access.token.days", MostDays); }
        var token = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        await connection.Run("insert into platform_token (user_id, name, token_hash, created_at, expires_at) values (@user, @name, @hash, @now, @expires)", ct,
            ("user", userId), ("name", name), ("hash", Hash(token)), ("now", now), ("expires", now.AddDays(days)));
        await audit.Write(connection, UserChange.Entry("token-made", userId, AuditChange.Is("token", name), AuditChange.Is("days", days)), ct);
        await transaction.CommitAsync(ct);
        return token;
    }

    /// <summary>Ends a token.</summary>
    /// <param name="id">Which.</param>
    /// <param name="only">Whose it must be; null: whosesoever.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>access.token.unknown</c>.</exception>
    public async Task End(long id, long? only, CancellationToken ct)
    {
        using (await database.WriteTurn(ct))
        {
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var token = await connection.First("select user_id, name from platform_token where id = @id", row => (UserId: row.GetInt64(0), Name: row.GetString(1)), ct, ("id", id));
            if (token.Name is null || (only is { } user && user != token.UserId)) { throw new RuleException("access.token.unknown"); }
            await connection.Run("delete from platform_token where id = @id", ct, ("id", id));
            await audit.Write(connection, UserChange.Entry("token-ended", token.UserId, new AuditChange("token", token.Name, null)), ct);
            await transaction.CommitAsync(ct);
        }
        Forget();
    }

    /// <summary>Who comes by a token; null where it is none, is over, or its user may not come in.</summary>
    public async Task<ClaimsPrincipal?> Find(string token, string address, CancellationToken ct)
    {
        var (hash, now) = (Hash(token), clock.GetUtcNow());
        if (known.TryGetValue(hash, out var entry) && now - entry.At < Memory) { return entry.Principal; }
        await using var connection = await database.Open(ct);
        var found = await connection.First("""
            select t.id, t.name, u.id, u.user_name, u.display_name, t.used_at from platform_token t join platform_user u on u.id = t.user_id
            where t.token_hash = @hash and t.expires_at > @now and u.disabled_at is null
            """, row => (Id: row.GetInt64(0), Token: row.GetString(1), UserId: row.GetInt64(2), Name: row.GetString(3), Shown: row.GetString(4), UsedAt: row.AtOrNull(5)), ct, ("hash", hash), ("now", now));
        if (found.Id == 0) { return null; }
        if (now - (found.UsedAt ?? DateTimeOffset.MinValue) > SeenEvery)
        {
            using var turn = await database.WriteTurn(ct);
            await connection.Run("update platform_token set used_at = @now, used_from = @address where id = @id", ct, ("now", now), ("address", address), ("id", found.Id));
        }
        var principal = AccessPrincipal.Of(TokenScheme.Name, found.UserId, found.Name, found.Shown, await access.Of(connection, found.UserId, ct), new Claim(CurrentActor.TokenClaim, found.Token));
        known[hash] = (principal, now);
        return principal;
    }

    public void Forget() => known.Clear();

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
