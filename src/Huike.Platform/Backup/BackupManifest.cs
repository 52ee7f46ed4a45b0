using System.Text.Encodings.Web;
using System.Text.Json;

namespace Huike.Platform.Backup;

/// <summary>What a backup holds; the file's last entry but one, so that what was cut off has none.</summary>
/// <param name="Format">Of the file; this program reads and writes <see cref="Written"/>.</param>
/// <param name="Program">Version of the program that made it.</param>
/// <param name="Kind">The database that it was made of: <c>sqlite</c> or <c>postgres</c>. It can be restored into either.</param>
/// <param name="Schema">Number of the newest migration that was applied there.</param>
/// <param name="At">The moment that it shows.</param>
/// <param name="Tables">Every table but those that are left out or computed anew.</param>
/// <param name="Files">What lies beside the database.</param>
public sealed record BackupManifest(int Format, string Program, string Kind, int Schema, DateTimeOffset At, IReadOnlyList<BackedUpTable> Tables, IReadOnlyList<BackedUpFile> Files)
{
    /// <summary>The format that this program writes.</summary>
    public const int Written = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Rows over all tables.</summary>
    public long Rows() => Tables.Sum(table => table.Rows);

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="JsonException">No manifest.</exception>
    internal static BackupManifest Read(byte[] json) => JsonSerializer.Deserialize<BackupManifest>(json, Json) ?? throw new JsonException();
}

/// <summary>A table in a backup: a text of one row a line, each a JSON array.</summary>
/// <param name="Name">Of the table.</param>
/// <param name="Columns">In the rows' order.</param>
/// <param name="Rows">How many.</param>
/// <param name="Hash">SHA-256 of the text, hexadecimal.</param>
/// <param name="LastId">The highest number that was ever given to a row, as far as the database remembers; 0: it doesn't.</param>
public sealed record BackedUpTable(string Name, IReadOnlyList<string> Columns, long Rows, string Hash, long LastId);

/// <summary>A file in a backup.</summary>
/// <param name="Path">Within the data folder, with slashes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Hash">SHA-256, hexadecimal.</param>
public sealed record BackedUpFile(string Path, long Size, string Hash);
