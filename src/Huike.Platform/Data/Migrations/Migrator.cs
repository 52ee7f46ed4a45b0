using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Data.Migrations;

/// <summary>Brings the database to this program's schema: numbered SQL files of all modules, each once, in order, under a lock.</summary>
public sealed class Migrator(Database database, Modules modules, TimeProvider clock, ILogger<Migrator> log)
{
    private const long LockKey = 4_242_001;

    /// <summary>Applies what is missing. Two programs that start at once wait for each other.</summary>
    /// <exception cref="RuleException"><c>database.newer</c>: made by a newer program; <c>database.changed</c>: an applied file was altered since.</exception>
    public async Task Run(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        if (database.Kind == DatabaseKind.Sqlite) { await connection.Run("PRAGMA journal_mode = WAL", ct); }
        using var turn = await database.WriteTurn(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Apply(connection, int.MaxValue, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Number of the newest file.</summary>
    internal int Newest => Files()[^1].Number;

    /// <summary>Applies what is missing up to a number, in the caller's transaction.</summary>
    /// <returns>Number of the newest that is applied now.</returns>
    /// <exception cref="RuleException">As of <see cref="Run"/>.</exception>
    internal async Task<int> Apply(DbConnection connection, int last, CancellationToken ct)
    {
        if (database.Kind == DatabaseKind.Postgres) { await connection.Run($"select pg_advisory_xact_lock({LockKey})", ct); }
        await connection.Run("create table if not exists schema_version (number int primary key, name text not null, checksum text not null, applied_at text not null)", ct);
        var applied = await connection.Rows("select number, checksum from schema_version order by number", row => (Number: row.GetInt32(0), Checksum: row.GetString(1)), ct);
        var known = Files();
        Verify(applied, known);
        var newest = applied.Count == 0 ? 0 : applied[^1].Number;
        foreach (var file in known.Where(file => file.Number <= last && !applied.Exists(done => done.Number == file.Number)))
        {
            await connection.Run(file.Sql, ct);
            await connection.Run("insert into schema_version (number, name, checksum, applied_at) values (@number, @name, @checksum, @at)", ct,
                ("number", file.Number), ("name", file.Name), ("checksum", file.Checksum), ("at", clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)));
            log.LogInformation("Schema {Number} {Name} applied", file.Number, file.Name);
            newest = Math.Max(newest, file.Number);
        }
        return newest;
    }

    private static void Verify(List<(int Number, string Checksum)> applied, List<MigrationFile> known)
    {
        foreach (var (number, checksum) in applied)
        {
            var file = known.Find(file => file.Number == number)
                ?? throw new RuleException("database.newer", number, known[^1].Number);
            if (file.Checksum != checksum) { throw new RuleException("database.changed", number, file.Name); }
        }
    }

    /// <summary>The files of this provider over all modules, by number.</summary>
    internal List<MigrationFile> Files()
    {
        var folder = database.Kind == DatabaseKind.Sqlite ? ".Migrations.sqlite." : ".Migrations.postgres.";
        return [.. modules.Assemblies
            .SelectMany(assembly => assembly.GetManifestResourceNames()
                .Where(name => name.Contains(folder, StringComparison.Ordinal))
                .Select(name => MigrationFile.Read(assembly.GetManifestResourceStream(name)!, name[(name.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..])))
            .OrderBy(file => file.Number)];
    }
}

/// <summary>One numbered SQL file, <c>NNNN_name.sql</c>.</summary>
internal sealed record MigrationFile(int Number, string Name, string Sql, string Checksum)
{
    public static MigrationFile Read(Stream stream, string name)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
        return new(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, sql, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
    }
}
