using System.Data.Common;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Platform.Jobs;

namespace Huike.Platform.Backup;

/// <summary>恢复: fills a fresh database from a backup, whichever of the two databases it was made of, in one transaction: all of it or nothing (ADR 0022).</summary>
public sealed class RestoreBackup
{
    private readonly Database database;
    private readonly Migrator migrator;
    private readonly FillDatabase fill;
    private readonly RestoreFiles files;
    private readonly AuditLog audit;
    private readonly TimeProvider clock;

    internal RestoreBackup(Database database, Migrator migrator, FillDatabase fill, RestoreFiles files, AuditLog audit, TimeProvider clock) =>
        (this.database, this.migrator, this.fill, this.files, this.audit, this.clock) = (database, migrator, fill, files, audit, clock);

    /// <summary>Makes the schema that the backup has, fills it, and brings it up to this program's.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="progress">Told the share of rows that were read, in [0, 1].</param>
    /// <param name="ct">Ends the work; nothing stays.</param>
    /// <exception cref="RuleException">
    /// <c>backup.damaged</c>; <c>backup.newer</c>: made by a newer program; <c>backup.notEmpty</c>: the database has a firm of its own; <c>backup.ahead</c>: it has a newer schema than
    /// the backup; <c>backup.running</c>: a program runs on it; <c>backup.table</c>: a table or column that one of them lacks; <c>backup.fileDiffers</c>: another file lies in its place.
    /// </exception>
    public async Task Run(BackupFile file, Action<double> progress, CancellationToken ct)
    {
        var backup = file.Manifest;
        if (migrator.Newest < backup.Schema) { throw new RuleException("backup.newer", backup.Schema, migrator.Newest); }
        files.Check(backup);
        await using var connection = await database.OpenForBulk(ct);
        if (database.Kind == DatabaseKind.Sqlite) { await connection.Run("PRAGMA journal_mode = WAL", ct); }
        using (await database.WriteTurn(ct))
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var schema = await migrator.Apply(connection, backup.Schema, ct);
            if (schema > backup.Schema) { throw new RuleException("backup.ahead", schema, backup.Schema); }
            await DemandFresh(connection, ct);
            await fill.Run(connection, file, progress, ct);
            await migrator.Apply(connection, int.MaxValue, ct);
            await fill.Rebuild(connection, ct);
            await files.Run(file, ct);
            await audit.Write(connection, new("backup.restored") { Kind = BackupModule.Audited.Name, Changes = [AuditChange.Is("at", backup.At.ToString("O")), AuditChange.Is("rows", backup.Rows())] }, ct);
            await transaction.CommitAsync(ct);
        }
        // Without it PostgreSQL knows nothing of the new rows until its own cleaner comes by.
        if (database.Kind == DatabaseKind.Postgres) { await connection.Run("analyze", ct); }
    }

    private async Task DemandFresh(DbConnection connection, CancellationToken ct)
    {
        // Whatever is done leaves an entry.
        if (await connection.Number("select (select max(id) from platform_audit_head) + (select count(*) from platform_user)", ct) > 0) { throw new RuleException("backup.notEmpty"); }
        if (await connection.Number("select count(*) from platform_node where seen_at > @since", ct, ("since", clock.GetUtcNow() - NodeRegister.Lease)) > 0) { throw new RuleException("backup.running"); }
    }
}
