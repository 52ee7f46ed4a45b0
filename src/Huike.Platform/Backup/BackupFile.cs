using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Huike.Platform.Backup;

/// <summary>A backup that is read: whatever is taken from it is compared with its sum, and its manifest with its own.</summary>
public sealed class BackupFile : IAsyncDisposable
{
    internal const string ManifestEntry = "manifest.json";
    internal const string SumEntry = "manifest.sha256";

    private const int LargestManifest = 64 << 20;
    private const int LongestLine = 1 << 30;
    private const int Piece = 1 << 17;

    private readonly ZipArchive zip;
    private readonly string path;

    private BackupFile(ZipArchive zip, BackupManifest manifest, string path) => (this.zip, Manifest, this.path) = (zip, manifest, path);

    /// <summary>What it holds.</summary>
    public BackupManifest Manifest { get; }

    /// <summary>Opens a backup and reads its manifest.</summary>
    /// <exception cref="RuleException"><c>backup.missing</c>: no such file; <c>backup.damaged</c>: cut off, changed or no backup; <c>backup.format</c>: made by a newer program.</exception>
    public static async Task<BackupFile> Open(string path, CancellationToken ct)
    {
        if (!File.Exists(path)) { throw new RuleException("backup.missing", path); }
        return await Guarded(path, async () =>
        {
            var archive = await ZipArchive.CreateAsync(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), ZipArchiveMode.Read, leaveOpen: false, entryNameEncoding: null, ct);
            try
            {
                var json = await Small(archive, ManifestEntry, ct);
                if (Convert.ToHexStringLower(SHA256.HashData(json)) != Encoding.ASCII.GetString(await Small(archive, SumEntry, ct))) { throw new InvalidDataException(); }
                if (JsonElement.Parse(json).GetProperty("format").GetInt32() > BackupManifest.Written) { throw new RuleException("backup.format", path); }
                return new BackupFile(archive, BackupManifest.Read(json), path);
            }
            catch
            {
                await archive.DisposeAsync();
                throw;
            }
        });
    }

    /// <summary>Reads all of it and compares every sum.</summary>
    /// <param name="progress">Told the share of rows that were read, in [0, 1].</param>
    /// <param name="ct">Ends the reading.</param>
    /// <exception cref="RuleException"><c>backup.damaged</c>.</exception>
    public async Task Check(Action<double> progress, CancellationToken ct)
    {
        var (rows, all) = (0L, (double)Math.Max(1, Manifest.Rows()));
        foreach (var table in Manifest.Tables)
        {
            await Rows(table, (_, _) => Task.CompletedTask, () => progress(++rows / all), ct);
        }
        foreach (var file in Manifest.Files) { await CopyTo(file, Stream.Null, ct); }
    }

    /// <summary>Reads a table's rows; what was done with them counts only when this has returned.</summary>
    /// <param name="table">Which.</param>
    /// <param name="take">Gets each line.</param>
    /// <param name="counted">Called after each line.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <exception cref="RuleException"><c>backup.damaged</c>.</exception>
    internal Task Rows(BackedUpTable table, Func<ReadOnlyMemory<byte>, CancellationToken, Task> take, Action counted, CancellationToken ct) => Guarded(path, async () =>
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var text = await Entry(zip, TableEntry(table.Name)).OpenAsync(ct);
        var rows = 0L;
        await foreach (var line in Lines(text, sum, ct))
        {
            if (++rows > table.Rows) { break; }
            await take(line, ct);
            counted();
        }
        if (rows != table.Rows || Hex(sum) != table.Hash) { throw new InvalidDataException(); }
        return rows;
    });

    /// <summary>Copies a file out.</summary>
    /// <exception cref="RuleException"><c>backup.damaged</c>.</exception>
    internal Task CopyTo(BackedUpFile file, Stream target, CancellationToken ct) => Guarded(path, async () =>
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var content = await Entry(zip, FileEntry(file.Path)).OpenAsync(ct);
        var size = await Copy(content, target, sum, ct);
        if (size != file.Size || Hex(sum) != file.Hash) { throw new InvalidDataException(); }
        return size;
    });

    /// <summary>Copies in pieces, and sums what passes.</summary>
    /// <returns>Bytes.</returns>
    internal static async Task<long> Copy(Stream from, Stream to, IncrementalHash sum, CancellationToken ct)
    {
        var piece = new byte[Piece];
        var size = 0L;
        int read;
        while ((read = await from.ReadAsync(piece, ct)) > 0)
        {
            sum.AppendData(piece.AsSpan(0, read));
            await to.WriteAsync(piece.AsMemory(0, read), ct);
            size += read;
        }
        return size;
    }

    internal static string TableEntry(string table) => $"tables/{table}.jsonl";

    internal static string FileEntry(string file) => $"files/{file}";

    internal static string Hex(IncrementalHash sum) => Convert.ToHexStringLower(sum.GetHashAndReset());

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => zip.DisposeAsync();

    private static ZipArchiveEntry Entry(ZipArchive archive, string name) => archive.GetEntry(name) ?? throw new InvalidDataException();

    private static async Task<byte[]> Small(ZipArchive archive, string name, CancellationToken ct)
    {
        await using var content = await Entry(archive, name).OpenAsync(ct);
        using var whole = new MemoryStream();
        var piece = new byte[Piece];
        int read;
        while ((read = await content.ReadAsync(piece, ct)) > 0)
        {
            if (whole.Length + read > LargestManifest) { throw new InvalidDataException(); }
            whole.Write(piece, 0, read);
        }
        return whole.ToArray();
    }

    /// <summary>Lines without their ends, each good until the next is asked for.</summary>
    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Lines(Stream text, IncrementalHash sum, [EnumeratorCancellation] CancellationToken ct)
    {
        var held = new byte[Piece];
        var (from, seen, until) = (0, 0, 0);
        while (true)
        {
            var end = held.AsSpan(seen, until - seen).IndexOf((byte)'\n');
            if (end >= 0)
            {
                yield return held.AsMemory(from, seen + end - from);
                from = seen += end + 1;
                continue;
            }
            held.AsSpan(from, until - from).CopyTo(held);
            (from, seen, until) = (0, until - from, until - from);
            if (until == held.Length)
            {
                if (held.Length >= LongestLine) { throw new InvalidDataException(); }
                Array.Resize(ref held, held.Length * 2);
            }
            var read = await text.ReadAsync(held.AsMemory(until), ct);
            if (read == 0) { break; }
            sum.AppendData(held.AsSpan(until, read));
            until += read;
        }
        if (until > 0) { throw new InvalidDataException(); }
    }

    /// <summary>Whatever a file that isn't whole makes the readers throw, said in one way.</summary>
    private static async Task<T> Guarded<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception broken) when (broken is InvalidDataException or JsonException or FormatException or InvalidOperationException or EndOfStreamException
            or ArgumentException or OverflowException or NotSupportedException or KeyNotFoundException)
        {
            throw new RuleException("backup.damaged", path);
        }
    }
}
