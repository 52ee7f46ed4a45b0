using System.Diagnostics;
using System.Globalization;
using Huike.Platform.Backup;
using Huike.Platform.Data;
using Huike.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Backup;

/// <summary>Makes backups, restores them, and reads whole databases to compare.</summary>
internal static class Backups
{
    /// <summary>Not the same after a restore, by decision: the program's own lease and sessions, the schema's own book, what is computed anew, and what one engine alone counts.</summary>
    private static readonly string[] Apart = ["schema_version", "platform_node", "platform_session", "customers_search", "customers_note_search", "customers_id_floor", "platform_audit_head"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The kinds of database that there are here.</summary>
    public static IEnumerable<DatabaseKind> Kinds => TestDatabase.Server is null ? [DatabaseKind.Sqlite] : [DatabaseKind.Sqlite, DatabaseKind.Postgres];

    /// <summary>A path of a file that isn't there yet, in a folder that goes with the test's.</summary>
    public static string Fresh(TestDatabase database) => Path.Combine(database.Folder, Guid.CreateVersion7().ToString("N") + ".huike");

    /// <summary>Makes a backup as the verb does, without a running program.</summary>
    public static async Task<string> Make(TestDatabase database)
    {
        await using var app = HuikeHost.Build(database.Arguments, HuikeApp.Quiet);
        var path = Fresh(database);
        await app.Services.GetRequiredService<WriteBackup>().Run(path, _ => { }, Ct);
        return path;
    }

    /// <summary>Restores as the verb does.</summary>
    public static async Task Restore(TestDatabase target, string path)
    {
        await using var app = HuikeHost.Build(target.Arguments, HuikeApp.Quiet);
        await using var scope = app.Services.CreateAsyncScope();
        await using var file = await BackupFile.Open(path, Ct);
        await scope.ServiceProvider.GetRequiredService<RestoreBackup>().Run(file, _ => { }, Ct);
    }

    /// <summary>Every row of every table that the catalogue has, as one line a row, the same on both databases; but for what a restore leaves apart.</summary>
    public static async Task<SortedDictionary<string, List<string>>> Everything(TestDatabase database)
    {
        await using var program = HuikeHost.Build(database.Arguments, HuikeApp.Quiet);
        await using var connection = await program.Services.GetRequiredService<Database>().Open(Ct);
        var names = await connection.Rows(database.Kind == DatabaseKind.Sqlite
            ? "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite%'"
            : "select table_name::text from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'", row => row.GetString(0), Ct);
        var all = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var name in names.Except(Apart)) { all[name] = [.. (await connection.Rows($"select * from {name}", Line, Ct)).Order(StringComparer.Ordinal)]; }
        return all;
    }

    /// <summary>Runs the program with these words.</summary>
    public static async Task<(int Code, string Output)> Verb(TestDatabase database, params string[] words)
    {
        using var program = new Process { StartInfo = new("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true } };
        foreach (var word in (string[])[Path.Combine(AppContext.BaseDirectory, "Huike.Web.dll"), .. words, .. database.Words]) { program.StartInfo.ArgumentList.Add(word); }
        Assert.True(program.Start());
        var errors = program.StandardError.ReadToEndAsync(Ct);
        var output = await program.StandardOutput.ReadToEndAsync(Ct);
        await program.WaitForExitAsync(Ct);
        return (program.ExitCode, output + await errors);
    }

    private static string Line(System.Data.Common.DbDataReader row) => string.Join('|', Enumerable.Range(0, row.FieldCount)
        // Number of a transaction of the server's own.
        .Where(i => row.GetName(i) != "writer")
        .Select(i => (Name: row.GetName(i), Value: row.GetValue(i))).OrderBy(cell => cell.Name, StringComparer.Ordinal)
        .Select(cell => cell.Name + "=" + cell.Value switch
        {
            DBNull => "∅",
            bool flag => flag ? "1" : "0",
            DateTime at => new DateTimeOffset(at, TimeSpan.Zero).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            byte[] bytes => Convert.ToHexString(bytes),
            var other => Convert.ToString(other, CultureInfo.InvariantCulture),
        }));
}
