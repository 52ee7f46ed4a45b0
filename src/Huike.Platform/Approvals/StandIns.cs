using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Platform.Approvals;

/// <summary>Who decides for whom while he is away.</summary>
internal static class StandIns
{
    /// <summary>The user, and those whom he stands in for now.</summary>
    public static async Task<IReadOnlyList<long>> For(DbConnection connection, long user, DateTimeOffset now, CancellationToken ct) =>
        [user, .. await connection.Rows("select distinct user_id from platform_deputy where deputy_id = @user and from_at <= @now and until_at > @now limit 200", row => row.GetInt64(0), ct, ("user", user), ("now", now))];

    /// <summary>A user's deputies now.</summary>
    public static Task<List<long>> Of(DbConnection connection, long user, DateTimeOffset now, CancellationToken ct) =>
        connection.Rows("select distinct deputy_id from platform_deputy where user_id = @user and from_at <= @now and until_at > @now limit 20", row => row.GetInt64(0), ct, ("user", user), ("now", now));
}
