using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Security.Claims;
using Huike.Platform.Access.Limits;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access.Sessions;

/// <summary>Keeps the sessions, and says at each request whether one still holds and what its user may do now.</summary>
internal sealed class SessionRegister(Database database, ReadAccess access, SettingsStore settings, TimeProvider clock)
{
    public const string Claim = "session";

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);
    private const int MostKnown = 10_000;

    private readonly ConcurrentDictionary<long, (Owner Owner, DateTimeOffset At)> known = new();

    private sealed record Owner(long UserId, string Name, string DisplayName, DateTimeOffset SeenAt, UserAccess Access);

    /// <summary>Begins a session; those that ended by themselves are forgotten.</summary>
    /// <returns>Its number, for the cookie.</returns>
    public async Task<long> Begin(long userId, string address, string browser, CancellationToken ct)
    {
        var limits = await settings.Get<SignInSettings>(ct);
        var now = clock.GetUtcNow();
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await connection.Run("delete from platform_session where seen_at <= @idle or created_at <= @oldest", ct, ("idle", now - limits.Idle), ("oldest", now - limits.Longest));
        return await connection.Number("insert into platform_session (user_id, created_at, seen_at, address, browser) values (@user, @now, @now, @address, @browser) returning id", ct,
            ("user", userId), ("now", now), ("address", address), ("browser", browser));
    }

    /// <summary>Who the session's user is and what that user may do, or null where it has ended. A change on another node is seen within five seconds.</summary>
    public async Task<ClaimsPrincipal?> Find(long id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (!known.TryGetValue(id, out var entry) || now - entry.At >= Memory)
        {
            if (await Read(id, now, ct) is not { } owner) { return null; }
            if (now - owner.SeenAt >= SeenEvery) { await Touch(id, now, ct); }
            if (known.Count > MostKnown) { known.Clear(); }
            known[id] = entry = (owner, now);
        }
        return Principal(id, entry.Owner);
    }

    /// <summary>What the session's user may do now, or null where it has ended; looking on is no use of it.</summary>
    public async Task<UserAccess?> Look(long id, CancellationToken ct) => (await Read(id, clock.GetUtcNow(), ct))?.Access;

    /// <summary>A user's sessions, the last used first.</summary>
    public async Task<List<Session>> Of(long userId, CancellationToken ct)
    {
        var limits = await settings.Get<SignInSettings>(ct);
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(ct);
        return await connection.Rows("select id, address, browser, created_at, seen_at from platform_session where user_id = @user and seen_at > @idle and created_at > @oldest order by seen_at desc, id desc limit 200",
            row => new Session(row.GetInt64(0), row.GetString(1), row.GetString(2), row.At(3), row.At(4)), ct, ("user", userId), ("idle", now - limits.Idle), ("oldest", now - limits.Longest));
    }

    /// <summary>Ends one session of the user's.</summary>
    public Task End(long userId, long id, CancellationToken ct) => Delete("user_id = @user and id = @id", userId, id, ct);

    /// <summary>Ends all sessions of the user's, but for one where it is named.</summary>
    public Task EndAll(long userId, long? except, CancellationToken ct) => Delete("user_id = @user and id <> @id", userId, except ?? 0, ct);

    /// <summary>What was known of the user's sessions is read anew at their next request.</summary>
    public void Forget(long userId)
    {
        foreach (var (id, _) in known.Where(entry => entry.Value.Owner.UserId == userId)) { known.TryRemove(id, out _); }
    }

    /// <summary>What was known of all sessions is read anew: roles or units were changed.</summary>
    public void Forget() => known.Clear();

    private async Task Delete(string where, long userId, long id, CancellationToken ct)
    {
        using (await database.WriteTurn(ct))
        {
            await using var connection = await database.Open(ct);
            await connection.Run($"delete from platform_session where {where}", ct, ("user", userId), ("id", id));
        }
        Forget(userId);
    }

    private async Task<Owner?> Read(long id, DateTimeOffset now, CancellationToken ct)
    {
        var limits = await settings.Get<SignInSettings>(ct);
        await using var connection = await database.Open(ct);
        var owner = await connection.First("""
            select u.id, u.user_name, u.display_name, s.seen_at from platform_session s join platform_user u on u.id = s.user_id
            where s.id = @id and u.disabled_at is null and u.kind <> @service and s.seen_at > @idle and s.created_at > @oldest
            """, row => new Owner(row.GetInt64(0), row.GetString(1), row.GetString(2), row.At(3), UserAccess.None), ct, ("id", id), ("service", UserKind.Service), ("idle", now - limits.Idle), ("oldest", now - limits.Longest));
        return owner is null ? null : owner with { Access = await access.Of(connection, owner.UserId, ct) };
    }

    /// <summary>A comfort, not worth waiting for: while a load writes, the next request tries again.</summary>
    private async Task Touch(long id, DateTimeOffset now, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromMilliseconds(50));
        try
        {
            using var turn = await database.WriteTurn(patience.Token);
            await using var connection = await database.Open(ct);
            await using var command = connection.Command("update platform_session set seen_at = @now where id = @id", ("now", now), ("id", id));
            command.CommandTimeout = 1;
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (Exception late) when (late is OperationCanceledException or DbException && !ct.IsCancellationRequested)
        {
            // Another writes; nothing is lost but minutes on a page.
        }
    }

    private static AccessPrincipal Principal(long id, Owner owner) =>
        AccessPrincipal.Of(IdentityConstants.ApplicationScheme, owner.UserId, owner.Name, owner.DisplayName, owner.Access, new Claim(Claim, id.ToString(CultureInfo.InvariantCulture)));
}
