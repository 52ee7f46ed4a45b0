using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Huike.Platform.Data;

/// <summary>The one database: opens connections, and keeps the single writer's turn on SQLite.</summary>
public sealed class Database : IAsyncDisposable
{
    private const int Shared = 8;

    private readonly NpgsqlDataSource? postgres;
    private readonly NpgsqlDataSource? shared;
    private readonly SemaphoreSlim writer = new(1, 1);
    private readonly AsyncLocal<Batch?> current = new();
    private readonly AsyncLocal<SharedReads?> together = new();

    /// <summary>Nothing is opened yet; the data folder is made where missing.</summary>
    /// <exception cref="RuleException"><c>database.provider</c>: neither sqlite nor postgres; <c>database.connection</c>: postgres without a connection string.</exception>
    public Database(DatabaseOptions options)
    {
        DataFolder = Path.GetFullPath(options.DataFolder);
        Directory.CreateDirectory(DataFolder);
        Kind = options.Provider.ToUpperInvariant() switch
        {
            "SQLITE" => DatabaseKind.Sqlite,
            "POSTGRES" or "POSTGRESQL" => DatabaseKind.Postgres,
            _ => throw new RuleException("database.provider", options.Provider),
        };
        if (Kind == DatabaseKind.Sqlite)
        {
            ConnectionString = new SqliteConnectionStringBuilder(
                options.ConnectionString.Length > 0 ? options.ConnectionString : $"Data Source={Path.Combine(DataFolder, "huike.db")}")
            {
                ForeignKeys = true,
                DefaultTimeout = 30,
            }.ToString();
            return;
        }
        if (options.ConnectionString.Length == 0) { throw new RuleException("database.connection"); }
        // Connections carry no session state of ours, so resetting them on return is work for nothing (1.4 against 1.1 times the server's own cost).
        var source = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(options.ConnectionString) { NoResetOnClose = true, MaxAutoPrepare = 100 }.ToString());
        postgres = source.Build();
        ConnectionString = source.ConnectionString;
        var sharing = new NpgsqlConnectionStringBuilder(ConnectionString) { Multiplexing = true, MinPoolSize = 0, MaxPoolSize = Shared };
        // The driver shares connections of a pool only, and to one server only.
        if (sharing.Pooling && !sharing.Host!.Contains(',', StringComparison.Ordinal)) { shared = new NpgsqlDataSourceBuilder(sharing.ToString()).Build(); }
    }

    /// <summary>Which database this is.</summary>
    public DatabaseKind Kind { get; }

    /// <summary>Absolute path of the folder for files.</summary>
    public string DataFolder { get; }

    /// <summary>As given to the driver.</summary>
    public string ConnectionString { get; }

    /// <summary>The driver's own pool, PostgreSQL only; Entity Framework shares it.</summary>
    internal NpgsqlDataSource? Postgres => postgres;

    /// <summary>The batch that the present flow writes in; null outside of one.</summary>
    internal Batch? Current => current.Value is { IsOpen: true } batch ? batch : null;

    /// <summary>Puts whatever the caller writes from here on into one transaction, until the batch is committed or disposed.</summary>
    public Task<Batch> Begin(CancellationToken ct)
    {
        // Not async: the caller's flow has to see it.
        var batch = new Batch();
        current.Value = batch;
        return batch.Begin(this, ct);
    }

    /// <summary>Lets the caller's flow read over one connection, as far as it does one thing after the other, until it is disposed.</summary>
    internal SharedReads ReadTogether() => together.Value = new SharedReads();

    /// <summary>An open connection from the pool, the batch's or the request's; dispose it to give it back.</summary>
    public async Task<DbConnection> Open(CancellationToken ct)
    {
        if (Current is { } batch) { return batch.Lend(); }
        return together.Value is { } reads && await reads.Lend(() => OpenOwn(ct)) is { } lent ? lent : await OpenOwn(ct);
    }

    private async Task<DbConnection> OpenOwn(CancellationToken ct)
    {
        if (postgres is not null) { return await postgres.OpenConnectionAsync(ct); }
        var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    /// <summary>
    /// For single short statements that read little, and nothing that the caller's transaction wrote: on PostgreSQL those of several requests go to the server together, which costs it a quarter less,
    /// and whoever asks in the middle of a transaction never waits for a second connection while many hold one and wait for him.
    /// A statement that takes long would keep others waiting that travel with it.
    /// </summary>
    public async Task<DbConnection> OpenForShort(CancellationToken ct) => shared is not null && Current is null ? await shared.OpenConnectionAsync(ct) : await Open(ct);

    /// <summary>An open connection for writing very many rows, outside the pool: with room for the indexes' pages on SQLite, with a larger buffer on PostgreSQL.</summary>
    public async Task<DbConnection> OpenForBulk(CancellationToken ct)
    {
        if (postgres is not null)
        {
            var bulk = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, WriteBufferSize = 65_536 }.ToString());
            await bulk.OpenAsync(ct);
            return bulk;
        }
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString());
        await connection.OpenAsync(ct);
        // 32 MB of pages instead of 2, and the log goes into the file every 32 MB instead of every 4: random keys meet few pages twice.
        await connection.Run("PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 8000", ct);
        return connection;
    }

    /// <summary>
    /// The turn to write. SQLite has one writer: whoever waits here is served in order instead of by busy retries. PostgreSQL gives the turn at once.
    /// </summary>
    /// <returns>Dispose it when the transaction has ended.</returns>
    public async Task<IDisposable> WriteTurn(CancellationToken ct)
    {
        if (Kind == DatabaseKind.Postgres || Current is not null) { return NoTurn.Instance; }
        await writer.WaitAsync(ct);
        return new Turn(writer);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        writer.Dispose();
        if (shared is not null) { await shared.DisposeAsync(); }
        if (postgres is not null) { await postgres.DisposeAsync(); }
    }

    private sealed class Turn(SemaphoreSlim writer) : IDisposable
    {
        private SemaphoreSlim? held = writer;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Release();
    }

    private sealed class NoTurn : IDisposable
    {
        public static readonly NoTurn Instance = new();

        public void Dispose()
        {
        }
    }
}
