using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Platform.Backup;

/// <summary>
/// Keeps a backup and who puts a whole table in another's place from crossing each other, on PostgreSQL: a view that began before sees the new table empty, and locks taken one by one
/// end in a deadlock. SQLite has one writer and needs nothing.
/// </summary>
public static class TablesStay
{
    private const string Key = "4242010";

    /// <summary>In the transaction of whoever replaces tables, as its first statement: waits for backups, which wait for its commit.</summary>
    /// <param name="connection">Holds the transaction.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task Hold(DbConnection connection, CancellationToken ct)
    {
        if (connection.Kind() == DatabaseKind.Postgres) { await connection.Run($"select pg_advisory_xact_lock({Key})", ct); }
    }

    /// <summary>For a backup, before its transaction; dispose it after.</summary>
    internal static async Task<IAsyncDisposable> Share(DbConnection connection, CancellationToken ct)
    {
        if (connection.Kind() != DatabaseKind.Postgres) { return new Shared(null); }
        await connection.Run($"select pg_advisory_lock_shared({Key})", ct);
        return new Shared(connection);
    }

    private sealed class Shared(DbConnection? connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // The connection goes back to a pool, and what a session holds would stay with it.
            if (connection is { State: System.Data.ConnectionState.Open }) { await connection.Run($"select pg_advisory_unlock_shared({Key})", CancellationToken.None); }
        }
    }
}
