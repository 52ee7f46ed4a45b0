using System.Data.Common;
using System.Globalization;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Platform.Files;

/// <summary>附件: a file that hangs on a record.</summary>
/// <param name="Id">Number.</param>
/// <param name="Name">As it was called where it came from.</param>
/// <param name="Type">Media type, found from its content.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Hash">SHA-256 of its bytes, hexadecimal.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="CreatedBy">Who added it.</param>
public sealed record StoredFile(long Id, string Name, string Type, long Size, string Hash, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary>A file that came in and isn't kept yet.</summary>
/// <param name="Name">As it is called.</param>
/// <param name="Type">Media type, found from its content.</param>
/// <param name="Hash">SHA-256 of its bytes, hexadecimal.</param>
/// <param name="Content">Seekable.</param>
internal sealed record ReceivedFile(string Name, string Type, string Hash, Stream Content) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>Keeps files of records in the database, in parts (ADR 0019).</summary>
public sealed class FileStore(AuditLog audit, EventLog events, TimeProvider clock)
{
    /// <summary>Files of a page of the list.</summary>
    public const int Page = 50;

    private const int Part = 1 << 18;
    private const string Columns = "id, name, type, size, hash, created_at, created_by";

    /// <summary>Files of a record, newest first.</summary>
    /// <param name="connection">Reads.</param>
    /// <param name="kind">Kind of record.</param>
    /// <param name="record">Its number.</param>
    /// <param name="before">Only files with a smaller number; 0: from the newest on.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="ct">Ends the read.</param>
    public static Task<List<StoredFile>> List(DbConnection connection, RecordKind kind, long record, long before, int most, CancellationToken ct) =>
        connection.Rows($"select {Columns} from platform_file where record_kind = @kind and record_id = @record and id < @before order by id desc limit {most.ToString(CultureInfo.InvariantCulture)}",
            Map, ct, ("kind", kind.Name), ("record", record), ("before", before > 0 ? before : long.MaxValue));

    /// <summary>One file of a record.</summary>
    /// <exception cref="RuleException"><c>files.unknown</c>.</exception>
    public static async Task<StoredFile> Find(DbConnection connection, RecordKind kind, long record, long id, CancellationToken ct) =>
        await connection.First($"select {Columns} from platform_file where id = @id and record_kind = @kind and record_id = @record", Map, ct, ("id", id), ("kind", kind.Name), ("record", record))
        ?? throw new RuleException("files.unknown");

    /// <summary>Writes a file's bytes, a part at a time.</summary>
    public static async Task Copy(DbConnection connection, long id, Stream to, CancellationToken ct)
    {
        await using var command = connection.Command("select bytes from platform_file_part where file_id = @id order by place", ("id", id));
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) { await to.WriteAsync((byte[])reader.GetValue(0), ct); }
    }

    /// <summary>Keeps files, all or none. Sent twice under one key they are kept once.</summary>
    internal async Task Add(FileOwner owner, long record, IReadOnlyList<ReceivedFile> files, string key, string by, CancellationToken ct) => await audit.Change(async connection =>
    {
        if (await connection.Number("select count(*) from platform_file where form_key = @key", ct, ("key", key)) > 0) { return null; }
        await owner.Demand(connection, record, ct);
        for (var i = 0; i < files.Count; i++)
        {
            var file = files[i];
            var id = await connection.Number("""
                insert into platform_file (record_kind, record_id, name, type, size, hash, form_key, place, created_at, created_by)
                values (@kind, @record, @name, @type, @size, @hash, @key, @place, @now, @by) returning id
                """, ct, ("kind", owner.Kind.Name), ("record", record), ("name", file.Name), ("type", file.Type), ("size", file.Content.Length), ("hash", file.Hash), ("key", key), ("place", i), ("now", clock.GetUtcNow()), ("by", by));
            await Write(connection, id, file.Content, ct);
        }
        await owner.Tell(events, connection, record, ct);
        return new("record.file-added") { Kind = owner.Kind.Audited, Record = record, Changes = [.. files.Select(file => AuditChange.Is("file", file.Name))] };
    }, ct);

    /// <summary>Removes a file for good.</summary>
    /// <exception cref="RuleException"><c>files.unknown</c>.</exception>
    internal async Task Remove(FileOwner owner, long record, long id, CancellationToken ct) => await audit.Change(async connection =>
    {
        var file = await Find(connection, owner.Kind, record, id, ct);
        await connection.Run("delete from platform_file where id = @id", ct, ("id", id));
        await owner.Tell(events, connection, record, ct);
        return new("record.file-removed") { Kind = owner.Kind.Audited, Record = record, Changes = [new("file", file.Name, null)] };
    }, ct);

    private static async Task Write(DbConnection connection, long id, Stream content, CancellationToken ct)
    {
        content.Position = 0;
        var buffer = new byte[Part];
        for (var place = 0; await content.ReadAtLeastAsync(buffer, Part, throwOnEndOfStream: false, ct) is > 0 and var read; place++)
        {
            await connection.Run("insert into platform_file_part (file_id, place, bytes) values (@id, @place, @bytes)", ct, ("id", id), ("place", place), ("bytes", read == Part ? buffer : buffer[..read]));
        }
    }

    private static StoredFile Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.At(5), row.GetString(6));
}
