using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;

namespace Huike.Platform.Health;

/// <summary>Does the database answer, how quickly, and how large is it?</summary>
internal sealed class DatabaseAnswers(Database database, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(200);

    public string Title => "health.database";

    public async Task<Finding> Run(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var began = clock.GetTimestamp();
        await connection.Number("select max(id) from platform_audit_head", ct);
        var took = clock.GetElapsedTime(began);
        var isPostgres = database.Kind == DatabaseKind.Postgres;
        var version = await connection.First(isPostgres ? "select current_setting('server_version')" : "select sqlite_version()", row => row.GetString(0), ct);
        var size = await connection.Number(isPostgres ? "select pg_database_size(current_database())" : "select page_count * page_size from pragma_page_count(), pragma_page_size()", ct);
        return new(took > Slow ? HealthState.Warn : HealthState.Good, "health.database.figure", isPostgres ? "PostgreSQL" : "SQLite", version!.Split(' ')[0], Units.Megabytes(size), Math.Round((decimal)took.TotalMilliseconds, 1))
        {
            Do = took > Slow ? "health.database.do" : null,
        };
    }
}

/// <summary>Is the schema this program's?</summary>
internal sealed class SchemaIsCurrent(Database database, Migrator migrator) : IHealthCheck
{
    public string Title => "health.schema";

    public async Task<Finding> Run(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var applied = await connection.Number("select max(number) from schema_version", ct);
        return applied == migrator.Newest ? new(HealthState.Good, "health.schema.figure", applied) : new(HealthState.Bad, "health.schema.other", applied, migrator.Newest) { Do = "health.schema.do" };
    }
}

/// <summary>Is there room where the data folder lies?</summary>
internal sealed class DiskHasRoom(Database database) : IHealthCheck
{
    private const long Little = 2L << 30;
    private const long Least = 512L << 20;

    public string Title => "health.disk";

    public Task<Finding> Run(CancellationToken ct)
    {
        var drive = new DriveInfo(database.DataFolder);
        var state = StateOf(drive.AvailableFreeSpace, drive.TotalSize);
        return Task.FromResult(new Finding(state, "health.disk.figure", Units.Gigabytes(drive.AvailableFreeSpace), Units.Gigabytes(drive.TotalSize)) { Do = state == HealthState.Good ? null : "health.disk.do" });
    }

    internal static HealthState StateOf(long free, long total) => free < Least ? HealthState.Bad : free < Little || free < total / 20 ? HealthState.Warn : HealthState.Good;
}

/// <summary>Bytes as people say them.</summary>
internal static class Units
{
    public static decimal Megabytes(long bytes) => Math.Round(bytes / 1_000_000m, 1);

    public static decimal Gigabytes(long bytes) => Math.Round(bytes / 1_000_000_000m, 1);
}
