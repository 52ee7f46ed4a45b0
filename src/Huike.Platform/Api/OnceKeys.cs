using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Platform.Api;

/// <summary>Keys under which something is done once: what is sent again under one is not done again.</summary>
public static class OnceKeys
{
    /// <summary>Takes a key within the transaction that does it; of two at once the other waits until the first has ended.</summary>
    /// <param name="connection">Holds the transaction.</param>
    /// <param name="userId">Whose key.</param>
    /// <param name="key">The key.</param>
    /// <param name="fingerprint">Of what is done under it.</param>
    /// <param name="now">The present instant.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Whether it was not taken before.</returns>
    public static async Task<bool> Take(DbConnection connection, long userId, string key, string fingerprint, DateTimeOffset now, CancellationToken ct) =>
        await connection.Run("insert into platform_api_key (user_id, key, fingerprint, created_at) values (@user, @key, @fingerprint, @now) on conflict do nothing", ct, ("user", userId), ("key", key), ("fingerprint", fingerprint), ("now", now)) > 0;
}
