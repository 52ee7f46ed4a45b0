using System.CommandLine;
using Huike.Platform;
using Huike.Platform.Data.Migrations;
using Huike.Ui;

namespace Huike.Web.Verbs;

/// <summary>The program's verbs; without one it serves.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> Data = new("--data") { Recursive = true };
    private static readonly Option<string?> Provider = new("--provider") { Recursive = true };
    private static readonly Option<string?> Connection = new("--connection") { Recursive = true };
    private static readonly Option<string?> Urls = new("--urls") { Recursive = true };

    /// <summary>The visitor's language at the terminal: Chinese where the system's is, otherwise English.</summary>
    public static Texts Texts { get; } = TextCatalog.For(System.Globalization.CultureInfo.CurrentUICulture.Name.StartsWith("zh", StringComparison.Ordinal) ? "zh-CN" : "en");

    /// <returns>0: done; 1: something went wrong; 2: the input can't be used.</returns>
    public static async Task<int> Run(string[] args)
    {
        var root = new RootCommand(Texts["cli.root"]);
        foreach (var (option, text) in new[] { (Data, "cli.data"), (Provider, "cli.provider"), (Connection, "cli.connection"), (Urls, "cli.urls") })
        {
            option.Description = Texts[text];
            root.Options.Add(option);
        }
        root.SetAction((parsed, ct) => Serve(Arguments(parsed), _ => Task.CompletedTask, ct));
        root.Subcommands.Add(DemoVerb.Create());
        root.Subcommands.Add(ImportVerb.Create());
        root.Subcommands.Add(ValueVerb.Create());
        root.Subcommands.Add(AuditVerb.Create());
        root.Subcommands.Add(PrivacyVerb.Create());
        root.Subcommands.Add(BackupVerb.Create());
        root.Subcommands.Add(RestoreVerb.Create());
        var parsed = root.Parse(args);
        return await parsed.InvokeAsync();
    }

    /// <summary>Where and how to run, as far as the command line says.</summary>
    public static HostArguments Arguments(ParseResult parsed) => new()
    {
        Data = parsed.GetValue(Data),
        Provider = parsed.GetValue(Provider),
        Connection = parsed.GetValue(Connection),
        Urls = parsed.GetValue(Urls),
    };

    /// <summary>Shows the share done, on one line where a person looks on and in steps of ten percent where not.</summary>
    public static Action<double> Progress(string text)
    {
        var last = -1;
        var step = Console.IsErrorRedirected ? 10 : 1;
        return share =>
        {
            var percent = (int)(share * 100) / step * step;
            if (percent == last) { return; }
            last = percent;
            Console.Error.Write(Console.IsErrorRedirected ? $"{text} {percent}%\n" : $"\r{text} {percent}%  ");
        };
    }

    /// <summary>Brings the database up to date, prepares, and serves until it is told to stop.</summary>
    public static async Task<int> Serve(HostArguments arguments, Func<WebApplication, Task> prepare, CancellationToken ct) => await Guarded(arguments, async app =>
    {
        await prepare(app);
        await app.StartAsync(ct);
        await Console.Out.WriteLineAsync(Texts["cli.serving", string.Join(' ', app.Urls)]);
        await app.WaitForShutdownAsync(ct);
        return 0;
    }, ct);

    /// <summary>Builds the application, migrates, and runs the work.</summary>
    public static Task<int> Guarded(HostArguments arguments, Func<WebApplication, Task<int>> work, CancellationToken ct) => Unmigrated(arguments, async app =>
    {
        await app.Services.GetRequiredService<Migrator>().Run(ct);
        return await work(app);
    });

    /// <summary>Builds the application, and leaves its database to the work.</summary>
    public static Task<int> Unmigrated(HostArguments arguments, Func<WebApplication, Task<int>> work) => Told(async () =>
    {
        await using var app = HuikeHost.Build(arguments);
        return await work(app);
    });

    /// <summary>Runs work; what a person can mend is said in a line, not as a stack.</summary>
    public static async Task<int> Told(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (RuleException refused)
        {
            await Console.Error.WriteLineAsync(Texts[refused.Code, [.. refused.Args]]);
            return 2;
        }
        catch (Huike.Platform.Imports.ImportException unusable)
        {
            await Console.Error.WriteLineAsync(Texts[unusable.Code, [.. unusable.Args]]);
            return 2;
        }
        catch (Exception failure) when (failure is System.Data.Common.DbException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }
}
