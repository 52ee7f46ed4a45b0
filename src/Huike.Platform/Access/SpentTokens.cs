using System.Security.Cryptography;
using System.Text;
using Huike.Platform.Data;

namespace Huike.Platform.Access;

/// <summary>What opens once: challenges and states of sign-ins that were answered. Only those that were used are kept, as hashes, until they would be too old anyway: asking for one writes nothing.</summary>
internal sealed class SpentTokens(Database database, TimeProvider clock)
{
    /// <summary>Uses a token up.</summary>
    /// <param name="token">The very bytes that were made, not as a visitor sent them: those could be written in several ways.</param>
    /// <param name="until">From when on the token is refused for its age.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>False where it was used before; of two at once, one wins.</returns>
    public async Task<bool> Use(string token, DateTimeOffset until, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await connection.Run("delete from platform_sign_in_spent where until_at <= @now", ct, ("now", clock.GetUtcNow()));
        return await connection.Run("insert into platform_sign_in_spent (token_hash, until_at) values (@hash, @until) on conflict (token_hash) do nothing", ct,
            ("hash", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)))), ("until", until)) == 1;
    }
}
