using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Web;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Huike.IntegrationTests;

/// <summary>A database of one test's own, with a data folder beside it; gone when disposed. Made by copying one that was migrated once per run.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<TestDatabase>> SqliteTemplate = new(() => Template(DatabaseKind.Sqlite));
    private static readonly Lazy<Task<TestDatabase>> PostgresTemplate = new(() => Template(DatabaseKind.Postgres));

    private readonly string name;

    private TestDatabase(DatabaseKind kind)
    {
        Kind = kind;
        name = $"huike_{Guid.CreateVersion7():N}";
        Folder = Directory.CreateTempSubdirectory("huike-test-").FullName;
    }

    /// <summary>Connection string of the PostgreSQL server for tests, or null where none was named.</summary>
    public static string? Server { get; } = Environment.GetEnvironmentVariable("HUIKE_TEST_POSTGRES") is { Length: > 0 } given ? given : null;

    public DatabaseKind Kind { get; }

    /// <summary>The data folder; on SQLite the database lies in it.</summary>
    public string Folder { get; }

    /// <summary>What starts a program on this database.</summary>
    public HostArguments Arguments => new()
    {
        Data = Folder,
        Urls = "http://127.0.0.1:0",
        Provider = Kind == DatabaseKind.Sqlite ? "sqlite" : "postgres",
        Connection = Kind == DatabaseKind.Sqlite ? null : new NpgsqlConnectionStringBuilder(Server) { Database = name, MaxPoolSize = 20, Timeout = 120 }.ToString(),
    };

    /// <summary>The same, as words of a command line.</summary>
    public IEnumerable<string> Words =>
        ["--data", Folder, "--provider", Arguments.Provider!, .. Arguments.Connection is { } connection ? (string[])["--connection", connection] : []];

    /// <summary>A database with the schema and nothing in it.</summary>
    public static async Task<TestDatabase> Migrated(DatabaseKind kind)
    {
        var template = await (kind == DatabaseKind.Sqlite ? SqliteTemplate : PostgresTemplate).Value;
        var copy = new TestDatabase(kind);
        if (kind == DatabaseKind.Sqlite) { File.Copy(Path.Combine(template.Folder, "huike.db"), Path.Combine(copy.Folder, "huike.db")); }
        else { await OnServer($"create database {copy.name} template {template.name}"); }
        return copy;
    }

    /// <summary>A database without anything, not even the schema.</summary>
    public static async Task<TestDatabase> Empty(DatabaseKind kind)
    {
        var database = new TestDatabase(kind);
        if (kind == DatabaseKind.Postgres) { await OnServer($"create database {database.name}"); }
        return database;
    }

    /// <summary>Deletes a PostgreSQL database under a running program.</summary>
    public static Task TakeAway(Database database) => OnServer($"drop database {new NpgsqlConnectionStringBuilder(database.ConnectionString).Database} with (force)");

    public async ValueTask DisposeAsync()
    {
        if (Kind == DatabaseKind.Postgres) { await OnServer($"drop database if exists {name} with (force)"); }
        else { Forget(); }
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<TestDatabase> Template(DatabaseKind kind)
    {
        var template = await Empty(kind);
        await using (var app = HuikeHost.Build(template.Arguments, HuikeApp.Quiet)) { await app.Services.GetRequiredService<Migrator>().Run(CancellationToken.None); }
        if (kind == DatabaseKind.Sqlite) { template.Forget(); }
        AppDomain.CurrentDomain.ProcessExit += (_, _) => template.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return template;
    }

    private static async Task OnServer(string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ToString());
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Closes pooled connections; with the last one SQLite puts its log into the file.</summary>
    private void Forget()
    {
        using var database = new SqliteConnection(new Database(new DatabaseOptions { DataFolder = Folder }).ConnectionString);
        SqliteConnection.ClearPool(database);
    }
}
