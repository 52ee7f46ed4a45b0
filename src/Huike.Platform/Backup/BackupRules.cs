using System.Data.Common;

namespace Huike.Platform.Backup;

/// <summary>A table that backups leave out, offered as a singleton: its rows tell of the running program alone, or are computed anew.</summary>
/// <param name="Table">Its name.</param>
public sealed record LeftOut(string Table);

/// <summary>Where SQLite keeps the highest number that rows of a table ever had; PostgreSQL's sequences know it. Offered as a singleton.</summary>
/// <param name="Table">Whose rows.</param>
/// <param name="Floor">Table of one row with the column <c>id</c>.</param>
public sealed record IdFloor(string Table, string Floor);

/// <summary>A file or folder of the data folder that belongs to a backup, offered as a singleton.</summary>
/// <param name="Path">Within the data folder.</param>
/// <param name="IsList">Lines that are only ever added: a restore adds those that are missing, and never takes one away.</param>
public sealed record KeptOnDisk(string Path, bool IsList = false)
{
    /// <summary>Adds those lines that a list doesn't have yet; makes it where it isn't there.</summary>
    public static async Task AddLines(string list, IEnumerable<string> lines, CancellationToken ct)
    {
        var text = File.Exists(list) ? await File.ReadAllTextAsync(list, ct) : "";
        var there = text.Split('\n').ToHashSet();
        var lacking = lines.Where(line => line.Length > 0 && there.Add(line)).ToList();
        // A last line without an end was cut off: the next one begins anew.
        if (lacking.Count > 0) { await File.AppendAllTextAsync(list, (text.Length == 0 || text.EndsWith('\n') ? "" : "\n") + string.Concat(lacking.Select(line => line + "\n")), ct); }
    }
}

/// <summary>Computes anew what backups leave out.</summary>
public interface IRebuilt
{
    /// <summary>Fills its table from the others, in the restore's own transaction.</summary>
    Task Run(DbConnection connection, CancellationToken ct);
}
