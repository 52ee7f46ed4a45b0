using System.Security.Cryptography;
using System.Text;
using Huike.Platform.Access.Limits;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Access;

/// <summary>What tries are counted against.</summary>
/// <param name="Key">Of whom or what, without the words that were typed.</param>
/// <param name="Limit">How many tries, and how many minutes after it was made a try is forgotten.</param>
internal sealed record GateSubject(string Key, Func<SignInSettings, (int Most, int Minutes)> Limit);

/// <summary>Lock-out: lets in so many tries per account and per address, and no more. A try is counted before it is judged, so that many at once gain nothing;
/// names that nobody has are counted as others are. Kept in the database, for all nodes and over a restart; no refused try is kept, so it can't be filled up.</summary>
internal sealed class SignInGate(Database database, SettingsStore settings, ILogger<SignInGate> log, TimeProvider clock)
{
    private const long LockKey = 4_242_007;
    private const int Longest = 60;

    /// <summary>Tries at one account.</summary>
    public static GateSubject Account(string name) => new("account " + Hidden(name), limits => (limits.AccountTries, limits.AccountMinutes));

    /// <summary>Tries from one address.</summary>
    public static GateSubject Address(string address) => new("address " + address, limits => (limits.AddressTries, limits.AddressMinutes));

    /// <summary>Wrong passwords of programs from one address.</summary>
    public static GateSubject Door(string address) => new("door " + address, limits => (limits.AddressTries, limits.AddressMinutes));

    /// <summary>Links for a forgotten password to one account.</summary>
    public static GateSubject ResetOf(string name) => new("reset " + Hidden(name), limits => (limits.LinksPerHour, Longest));

    /// <summary>Counts a try against each of these.</summary>
    /// <returns>False where one of them has had its tries; then none is counted.</returns>
    public async Task<bool> Enter(CancellationToken ct, params GateSubject[] subjects)
    {
        var limits = await settings.Get<SignInSettings>(ct);
        var now = clock.GetUtcNow();
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // One at a time: what is counted here is what is added to.
        if (database.Kind == DatabaseKind.Postgres) { await connection.Run($"select pg_advisory_xact_lock({LockKey})", ct); }
        await connection.Run("delete from platform_sign_in_try where at <= @old", ct, ("old", now.AddMinutes(-Longest)));
        foreach (var subject in subjects)
        {
            var (most, minutes) = subject.Limit(limits);
            var tries = await connection.Number("select count(*) from platform_sign_in_try where subject = @subject and at > @since", ct, ("subject", subject.Key), ("since", now.AddMinutes(-minutes)));
            if (tries < most) { continue; }
            log.LogWarning("Tries used up: {Subject}", subject.Key);
            return false;
        }
        foreach (var subject in subjects) { await connection.Run("insert into platform_sign_in_try (subject, at) values (@subject, @now)", ct, ("subject", subject.Key), ("now", now)); }
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Whoever came in may mistype again; the address keeps its tries, as it may hold others.</summary>
    public async Task Passed(GateSubject account, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await connection.Run("delete from platform_sign_in_try where subject = @subject", ct, ("subject", account.Key));
    }

    // People type passwords into the field of the name.
    private static string Hidden(string name) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
