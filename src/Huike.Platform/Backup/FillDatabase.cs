using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Platform.Backup;

/// <summary>Puts a backup's tables into a database of the same schema.</summary>
internal sealed class FillDatabase(StoredTables tables, IEnumerable<IRebuilt> rebuilt)
{
    /// <exception cref="RuleException"><c>backup.damaged</c>, <c>backup.table</c>.</exception>
    public async Task Run(DbConnection connection, BackupFile file, Action<double> progress, CancellationToken ct)
    {
        var there = await tables.Read(connection, ct);
        var held = file.Manifest.Tables.ToDictionary(table => table.Name);
        if (there.Find(table => !held.TryGetValue(table.Name, out var one) || !table.Columns.Select(column => column.Name).ToHashSet().SetEquals(one.Columns)) is { } odd)
        {
            throw new RuleException("backup.table", odd.Name);
        }
        var aside = await Aside.Put(connection, there, ct);
        // What the migrations put in is in the backup too, as it was there.
        foreach (var table in Enumerable.Reverse(there)) { await connection.Run($"delete from \"{table.Name}\"", ct); }
        var (rows, all) = (0L, (double)Math.Max(1, file.Manifest.Rows()));
        foreach (var table in there) { await FillTable.Run(connection, table, file, held[table.Name], () => progress(++rows / all), ct); }
        await tables.GoOnAfter(connection, held.ToDictionary(table => table.Key, table => table.Value.LastId), ct);
        await aside.Back(connection, ct);
    }

    /// <summary>Computes what backups leave out; in the schema of this program.</summary>
    public async Task Rebuild(DbConnection connection, CancellationToken ct)
    {
        foreach (var one in rebuilt) { await one.Run(connection, ct); }
    }
}
