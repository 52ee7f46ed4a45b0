using System.CommandLine;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Huike.Seed;

namespace Huike.Web.Verbs;

/// <summary><c>demo</c>: serves a believable firm, which comes in by the same door as a real firm's ledger.</summary>
internal static class DemoVerb
{
    private const string Name = "admin";
    private const string Password = "huike-demo";

    /// <summary>How the audit names the state of the firm's making.</summary>
    public static readonly AuditedKind Audited = new(nameof(DemoSettings), "cli.demo.settings", null, "cli.demo.field.");

    public static Command Create()
    {
        var seed = new Option<int>("--seed") { Description = CommandLine.Texts["cli.demo.seed"], DefaultValueFactory = _ => 1 };
        var customers = new Option<int>("--customers") { Description = CommandLine.Texts["cli.demo.customers"], DefaultValueFactory = _ => 20_000 };
        var verb = new Command("demo", CommandLine.Texts["cli.demo"]) { seed, customers };
        verb.SetAction((parsed, ct) => CommandLine.Serve(CommandLine.Arguments(parsed), app => Prepare(app, parsed.GetValue(seed), parsed.GetValue(customers), ct), ct));
        return verb;
    }

    /// <summary>Kept in the database, so that the firm is made once, and made whole if its making was cut off.</summary>
    internal sealed record DemoSettings
    {
        /// <summary>0: none; 1: being made; 2: there.</summary>
        public int Stage { get; init; }
    }

    private static async Task Prepare(WebApplication app, int seed, int customers, CancellationToken ct)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        services.GetRequiredService<CurrentActor>().Become(Name);
        var settings = services.GetRequiredService<SettingsStore>();
        var stage = (await settings.Get<DemoSettings>(ct)).Stage;
        if (stage < 2)
        {
            if (stage == 0) { await Claim(services, settings, ct); }
            await Load(services, new Firm(seed, new FirmSize(customers, 3), Yesterday(services)), ct);
            await Console.Out.WriteLineAsync(CommandLine.Texts["cli.demo.staff"]);
            await DemoStaff.Hire(services, Password, ct);
            await DemoRelationships.Keep(services, ct);
            await DemoConsents.Give(services, Name, ct);
            await DemoTimeline.Tell(services, ct);
            await DemoFiles.Fill(services, Name, ct);
            await DemoBulk.Do(services, Name, ct);
            await DemoPools.Open(services, ct);
            await DemoViews.Keep(services, ct);
            await settings.Save(new DemoSettings { Stage = 2 }, Name, ct);
        }
        await Console.Out.WriteLineAsync(CommandLine.Texts["cli.demo.signIn", Name, Password]);
        await Console.Out.WriteLineAsync(CommandLine.Texts["cli.demo.others"]);
    }

    private static async Task Claim(IServiceProvider services, SettingsStore settings, CancellationToken ct)
    {
        try
        {
            await services.GetRequiredService<SetUpFirm>().Run(Name, Password, ct);
        }
        catch (RuleException taken) when (taken.Code == "access.setup.done")
        {
            throw new RuleException("cli.demo.occupied");
        }
        await settings.Save(new DemoSettings { Stage = 1 }, Name, ct);
    }

    private static async Task Load(IServiceProvider services, Firm firm, CancellationToken ct)
    {
        var files = new LedgerFiles(Path.Combine(services.GetRequiredService<Database>().DataFolder, "demo"), isChinese: CommandLine.Texts.Language != "en");
        await Console.Out.WriteLineAsync(CommandLine.Texts["cli.demo.make", files.Write(firm)]);
        var loads = services.GetRequiredService<ILoads>();
        foreach (var (isCustomers, path, text) in new[] { (true, files.Customers, "cli.demo.loadCustomers"), (false, files.Transactions, "cli.demo.load") })
        {
            var load = new FileLoad(isCustomers, [path], new Dictionary<string, string>()) { Source = "demo", By = Name, Language = CommandLine.Texts.Language };
            await loads.Run(load, CommandLine.Progress(CommandLine.Texts[text]), ct);
            await Console.Out.WriteLineAsync();
        }
        await Console.Out.WriteLineAsync(CommandLine.Texts["cli.demo.compute"]);
        await services.GetRequiredService<JobRunner>().Drain(ct);
    }

    private static DateOnly Yesterday(IServiceProvider services) => DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime).AddDays(-1);
}
