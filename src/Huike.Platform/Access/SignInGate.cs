using System.Security.Cryptography;
using System.Text;
using Huike.Platform.Data;

namespace Huike.Platform.Access;

/// <summary>What tries are counted against.</summary>
/// <param name="Key">Of whom or what, without the words that were typed.</param>
/// <param name="Most">Tries in the window.</param>
/// <param name="Window">Slides: each try is forgotten so long after it was made.</param>
internal sealed record GateSubject(string Key, int Most, TimeSpan Window);

/// <summary>Lock-out: lets in so many tries per account and per address, and no more. A try is counted before it is judged, so that many at once gain nothing;
/// names that nobody has are counted as others are. Kept in the database, for all nodes and over a restart; no refused try is kept, so it can't be filled up.</summary>
internal sealed class SignInGate(Database database, TimeProvider clock)
{
    private const long LockKey = 4_242_007;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Eight tries in five minutes at one account.</summary>
    public static GateSubject Account(string name) => new("account " + Hidden(name), 8, TimeSpan.FromMinutes(5));

    /// <summary>Sixty tries in fifteen minutes from one address: an office behind one line signs in on Monday morning.</summary>
    public static GateSubject Address(string address) => new("address " + address, 60, TimeSpan.FromMinutes(15));

    /// <summary>Three links in an hour to one account.</summary>
    public static GateSubject ResetOf(string name) => new("reset " + Hidden(name), 3, Longest);

    /// <summary>Counts a try against each of these.</summary>
    /// <returns>False where one of them has had its tries; then none is counted.</returns>
    public async Task<bool> Enter(CancellationToken ct, params GateSubject[] subjects)
    {
        var now = clock.GetUtcNow();
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // One at a time: what is counted here is what is added to.
        if (database.Kind == DatabaseKind.Postgres) { await connection.Run($"select pg_advisory_xact_lock({LockKey})", ct); }
        await connection.Run("delete from platform_sign_in_try where at <= @old", ct, ("old", now - Longest));
        foreach (var subject in subjects)
        {
            var tries = await connection.Number("select count(*) from platform_sign_in_try where subject = @subject and at > @since", ct, ("subject", subject.Key), ("since", now - subject.Window));
            if (tries >= subject.Most) { return false; }
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
