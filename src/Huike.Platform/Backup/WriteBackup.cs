using System.Buffers;
using System.Data;
using System.Data.Common;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.Data.Sqlite;

namespace Huike.Platform.Backup;

/// <summary>备份: writes the database as it is at one moment, and what lies beside it, into one file, while the program serves or not (ADR 0022).</summary>
public sealed class WriteBackup
{
    private const int Piece = 1 << 17;

    private readonly Database database;
    private readonly StoredTables tables;
    private readonly IEnumerable<KeptOnDisk> kept;
    private readonly AuditLog audit;
    private readonly TimeProvider clock;

    internal WriteBackup(Database database, StoredTables tables, IEnumerable<KeptOnDisk> kept, AuditLog audit, TimeProvider clock) =>
        (this.database, this.tables, this.kept, this.audit, this.clock) = (database, tables, kept, audit, clock);

    /// <summary>Writes it in little memory, under another name until it is whole.</summary>
    /// <param name="path">A file that isn't there yet.</param>
    /// <param name="progress">Told the share of rows that were written, in [0, 1].</param>
    /// <param name="ct">Ends the writing; nothing stays.</param>
    /// <exception cref="RuleException"><c>backup.exists</c>: the file is there already.</exception>
    public async Task<BackupManifest> Run(string path, Action<double> progress, CancellationToken ct)
    {
        if (File.Exists(path)) { throw new RuleException("backup.exists", path); }
        var part = path + ".part";
        try
        {
            BackupManifest manifest;
            await using (var file = new FileStream(part, Secret()))
            {
                // It counts its own bytes into its directory at the end: what was cut off has none.
                await using (var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct)) { manifest = await Fill(zip, progress, ct); }
                file.Flush(flushToDisk: true);
            }
            File.Move(part, path);
            await audit.Write(new("backup.made")
            {
                Kind = BackupModule.Audited.Name,
                Changes = [AuditChange.Is("file", Path.GetFileName(path)), AuditChange.Is("size", new FileInfo(path).Length), AuditChange.Is("rows", manifest.Rows())],
            }, ct);
            return manifest;
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private async Task<BackupManifest> Fill(ZipArchive zip, Action<double> progress, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        // Before the view begins: of a table that took another's place since, it would see nothing.
        await using var still = await TablesStay.Share(connection, ct);
        // One view of everything, whoever writes meanwhile; on SQLite a deferred transaction holds up no writer.
        await using DbTransaction view = connection is SqliteConnection sqlite ? sqlite.BeginTransaction(deferred: true) : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var at = clock.GetUtcNow();
        var schema = (int)await connection.Number("select max(number) from schema_version", ct);
        var there = await tables.Read(connection, ct);
        var last = await tables.LastIds(connection, ct);
        var (rows, all) = (0L, 0L);
        foreach (var table in there) { all += await connection.Number($"select count(*) from \"{table.Name}\"", ct); }
        var written = new List<BackedUpTable>();
        foreach (var table in there)
        {
            var (count, hash) = await Rows(zip, connection, table, () => progress(++rows / (double)Math.Max(1, all)), ct);
            written.Add(new(table.Name, [.. table.Columns.Select(column => column.Name)], count, hash, last.GetValueOrDefault(table.Name)));
        }
        var manifest = new BackupManifest(BackupManifest.Written, Version, database.Kind == DatabaseKind.Sqlite ? "sqlite" : "postgres", schema, at, written, await Files(zip, ct));
        var json = manifest.Write();
        await Small(zip, BackupFile.ManifestEntry, json, ct);
        await Small(zip, BackupFile.SumEntry, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json))), ct);
        return manifest;
    }

    private static async Task<(long Rows, string Hash)> Rows(ZipArchive zip, DbConnection connection, StoredTable table, Action counted, CancellationToken ct)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var text = await zip.CreateEntry(BackupFile.TableEntry(table.Name), CompressionLevel.Fastest).OpenAsync(ct);
        var held = new ArrayBufferWriter<byte>(Piece);
        await using var line = new Utf8JsonWriter(held, BackupRow.Options);
        await using var command = connection.Command($"select {table.List} from \"{table.Name}\"");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = 0L;
        while (await reader.ReadAsync(ct))
        {
            BackupRow.Write(line, reader);
            line.Flush();
            line.Reset();
            held.Write("\n"u8);
            rows++;
            counted();
            if (held.WrittenCount >= Piece) { await Pass(); }
        }
        await Pass();
        return (rows, BackupFile.Hex(sum));

        async Task Pass()
        {
            sum.AppendData(held.WrittenSpan);
            await text.WriteAsync(held.WrittenMemory, ct);
            held.ResetWrittenCount();
        }
    }

    /// <summary>After the rows: a file that a row names is there by now.</summary>
    private async Task<List<BackedUpFile>> Files(ZipArchive zip, CancellationToken ct)
    {
        var files = new List<BackedUpFile>();
        foreach (var one in kept)
        {
            var path = Path.Combine(database.DataFolder, one.Path);
            var found = Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : Enumerable.Repeat(path, File.Exists(path) ? 1 : 0);
            foreach (var file in found)
            {
                if (await Add(zip, file, ct) is { } added) { files.Add(added); }
            }
        }
        return files;
    }

    private async Task<BackedUpFile?> Add(ZipArchive zip, string file, CancellationToken ct)
    {
        try
        {
            await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var name = Path.GetRelativePath(database.DataFolder, file).Replace('\\', '/');
            await using var entry = await zip.CreateEntry(BackupFile.FileEntry(name), CompressionLevel.Fastest).OpenAsync(ct);
            var size = await BackupFile.Copy(content, entry, sum, ct);
            return new(name, size, BackupFile.Hex(sum));
        }
        // What was done with, or for the time between only.
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static async Task Small(ZipArchive zip, string name, byte[] content, CancellationToken ct)
    {
        await using var entry = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(ct);
        await entry.WriteAsync(content, ct);
    }

    /// <summary>It holds keys, hashes of passwords and every customer: for its owner's eyes.</summary>
    private static FileStreamOptions Secret()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) { options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; }
        return options;
    }

    private static string Version => typeof(WriteBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
