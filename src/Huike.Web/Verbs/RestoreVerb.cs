using System.CommandLine;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Backup;

namespace Huike.Web.Verbs;

/// <summary><c>restore FILE</c>: a backup into a fresh database, and who was erased since is erased again.</summary>
internal static class RestoreVerb
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = CommandLine.Texts["cli.import.json"] };
        var erasures = new Option<string?>("--erasures") { Description = CommandLine.Texts["cli.restore.erasures"] };
        var file = new Argument<string>("file") { Description = CommandLine.Texts["cli.restore.file"] };
        var verb = new Command("restore", CommandLine.Texts["cli.restore"]) { file, erasures, json };
        verb.SetAction((parsed, ct) => CommandLine.Unmigrated(CommandLine.Arguments(parsed), async app =>
        {
            var list = parsed.GetValue(erasures);
            if (list is not null && !File.Exists(list)) { throw new RuleException("backup.missing", list); }
            await using var scope = app.Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentActor>().Become(Environment.UserName);
            await using var backup = await BackupFile.Open(parsed.GetRequiredValue(file), ct);
            await scope.ServiceProvider.GetRequiredService<RestoreBackup>().Run(backup, BackupVerb.Progress("cli.restore.writing", parsed.GetValue(json)), ct);
            var erased = await scope.ServiceProvider.GetRequiredService<IErasures>().Replay(list, ct);
            await Tell(backup.Manifest, erased, parsed.GetValue(json));
            return 0;
        }));
        return verb;
    }

    private static async Task Tell(BackupManifest manifest, ReplayedErasures erased, bool isJson)
    {
        if (isJson)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new { at = manifest.At, tables = manifest.Tables.Count, rows = manifest.Rows(), files = manifest.Files.Count, listed = erased.Listed, erased = erased.Done }));
            return;
        }
        await Console.Error.WriteLineAsync();
        await Console.Out.WriteLineAsync(CommandLine.Texts["cli.restore.done", manifest.Tables.Count, manifest.Rows(), manifest.Files.Count, manifest.At.ToLocalTime()]);
        await Console.Out.WriteLineAsync(CommandLine.Texts["cli.privacy.replayed", erased.Listed, erased.Done, erased.Standing, erased.Absent]);
        await Console.Out.WriteLineAsync(CommandLine.Texts["cli.restore.since", manifest.At.ToLocalTime()]);
    }
}
