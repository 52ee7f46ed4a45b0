using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform.Audit;
using Huike.Platform.Backup;

namespace Huike.Web.Verbs;

/// <summary><c>backup [FILE]</c>: everything into one file, while the program serves or not. <c>backup verify FILE</c>: is it whole?</summary>
internal static class BackupVerb
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = CommandLine.Texts["cli.import.json"], Recursive = true };
        var target = new Argument<string?>("file") { Arity = ArgumentArity.ZeroOrOne, Description = CommandLine.Texts["cli.backup.file"] };
        var verb = new Command("backup", CommandLine.Texts["cli.backup"]) { target, json };
        verb.SetAction((parsed, ct) => CommandLine.Guarded(CommandLine.Arguments(parsed), async app =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            var services = scope.ServiceProvider;
            services.GetRequiredService<CurrentActor>().Become(Environment.UserName);
            await services.GetRequiredService<IErasures>().Prepare(ct);
            var path = Target(parsed.GetValue(target), services.GetRequiredService<TimeProvider>().GetLocalNow());
            var manifest = await services.GetRequiredService<WriteBackup>().Run(path, Progress("cli.backup.writing", parsed.GetValue(json)), ct);
            await Tell(manifest, path, "cli.backup.made", parsed.GetValue(json));
            return 0;
        }, ct));
        var file = new Argument<string>("file") { Description = CommandLine.Texts["cli.restore.file"] };
        var verify = new Command("verify", CommandLine.Texts["cli.backup.verify"]) { file };
        verify.SetAction((parsed, ct) => CommandLine.Told(async () =>
        {
            await using var backup = await BackupFile.Open(parsed.GetRequiredValue(file), ct);
            await backup.Check(Progress("cli.backup.reading", parsed.GetValue(json)), ct);
            await Tell(backup.Manifest, parsed.GetRequiredValue(file), "cli.backup.whole", parsed.GetValue(json));
            return 0;
        }));
        verb.Subcommands.Add(verify);
        return verb;
    }

    /// <summary>Shows the share that is done, where a person reads.</summary>
    public static Action<double> Progress(string text, bool isJson) => isJson ? _ => { } : CommandLine.Progress(CommandLine.Texts[text]);

    private static string Target(string? given, DateTimeOffset now)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"huike-{now:yyyy-MM-dd-HHmm}.huike");
        return given is null ? name : Directory.Exists(given) ? Path.Combine(given, name) : given;
    }

    private static async Task Tell(BackupManifest manifest, string path, string text, bool isJson)
    {
        var size = new FileInfo(path).Length;
        if (!isJson) { await Console.Error.WriteLineAsync(); }
        await Console.Out.WriteLineAsync(isJson
            ? JsonSerializer.Serialize(new { file = path, at = manifest.At, size, database = manifest.Kind, program = manifest.Program, schema = manifest.Schema, tables = manifest.Tables.Count, rows = manifest.Rows(), files = manifest.Files.Count })
            : CommandLine.Texts[text, path, manifest.Tables.Count, manifest.Rows(), manifest.Files.Count, Math.Round(size / 1_000_000m, 1), manifest.At.ToLocalTime()]);
    }
}
