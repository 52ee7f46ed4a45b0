using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Huike.Platform.Backup;
using Huike.Platform.Data;

namespace Huike.Customers.Erasures;

/// <summary>An erasure as the list keeps it: no name, no number.</summary>
/// <param name="Customer">The customer's id.</param>
/// <param name="Number">Keyed hash of the number that the customer had.</param>
/// <param name="At">When.</param>
internal sealed record ErasureNote(long Customer, string Number, DateTimeOffset At);

/// <summary>
/// Erasures beside the database, <c>erasures.jsonl</c> in the data folder: after a backup was restored they are done again. Only ever added to, a line each, before the
/// erasure's own commit: better one too many than one forgotten. The key of the hashes lies with the other keys, so the list alone doesn't tell a phone number.
/// </summary>
internal sealed class ErasureList(Database database, TimeProvider clock) : IDisposable
{
    /// <summary>The list's name in the data folder.</summary>
    public const string FileName = "erasures.jsonl";

    private readonly SemaphoreSlim turn = new(1, 1);
    private byte[]? key;

    /// <summary>The list.</summary>
    public string Path => System.IO.Path.Combine(database.DataFolder, FileName);

    private string KeyPath => System.IO.Path.Combine(database.DataFolder, "keys", "erasures.key");

    /// <summary>Reads the key, or makes it the first time.</summary>
    public async Task Prepare(CancellationToken ct)
    {
        if (key is not null) { return; }
        await turn.WaitAsync(ct);
        try
        {
            if (!File.Exists(KeyPath)) { await MakeKey(ct); }
            key = Convert.FromHexString(await File.ReadAllTextAsync(KeyPath, ct));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>By what a number is known again; after <see cref="Prepare"/>.</summary>
    public string Hash(string number) => Convert.ToHexStringLower(HMACSHA256.HashData(key!, Encoding.UTF8.GetBytes(number)));

    /// <summary>Notes an erasure, on the disk when this returns.</summary>
    public async Task<ErasureNote> Add(long customerId, string number, CancellationToken ct)
    {
        await Prepare(ct);
        var note = new ErasureNote(customerId, Hash(number), clock.GetUtcNow());
        await turn.WaitAsync(ct);
        try
        {
            await using var file = new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            await file.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(note) + "\n"), ct);
            file.Flush(flushToDisk: true);
        }
        finally
        {
            turn.Release();
        }
        return note;
    }

    /// <summary>Adds what a list from elsewhere has and this one lacks: where the data folder was lost, or a backup's list is older.</summary>
    public async Task Take(string list, CancellationToken ct) => await KeptOnDisk.AddLines(Path, await File.ReadAllLinesAsync(list, ct), ct);

    /// <summary>All that were noted, oldest first; a line that was cut off by a crash is passed over.</summary>
    public async Task<List<ErasureNote>> Read(CancellationToken ct)
    {
        var notes = new List<ErasureNote>();
        if (!File.Exists(Path)) { return notes; }
        await Prepare(ct);
        foreach (var line in await File.ReadAllLinesAsync(Path, ct))
        {
            try
            {
                if (JsonSerializer.Deserialize<ErasureNote>(line) is { } note) { notes.Add(note); }
            }
            catch (JsonException)
            {
                // Its erasure was never committed: the line is written first.
            }
        }
        return notes;
    }

    public void Dispose() => turn.Dispose();

    private async Task MakeKey(CancellationToken ct)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(KeyPath)!);
        var fresh = KeyPath + Guid.CreateVersion7().ToString("N");
        await File.WriteAllTextAsync(fresh, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), ct);
        if (!OperatingSystem.IsWindows()) { File.SetUnixFileMode(fresh, UnixFileMode.UserRead | UnixFileMode.UserWrite); }
        try
        {
            File.Move(fresh, KeyPath);
        }
        // Another node was first; its key is everyone's.
        catch (IOException) when (File.Exists(KeyPath))
        {
            File.Delete(fresh);
        }
    }
}
