using System.CommandLine;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform.Audit;
using Huike.Platform.Imports;

namespace Huike.Web.Verbs;

/// <summary><c>import transactions|customers files…</c>: loads files of this machine as one load.</summary>
internal static class ImportVerb
{
    private static readonly Option<bool> DryRun = new("--dry-run");
    private static readonly Option<string?> Map = new("--map");
    private static readonly Option<bool> Json = new("--json");
    private static readonly Option<string> Source = new("--source") { DefaultValueFactory = _ => "ledger" };
    private static readonly Option<bool> Drop = new("--drop-duplicates");
    private static readonly Option<string> Known = new("--known") { DefaultValueFactory = _ => "update" };
    private static readonly Option<string> Key = new("--key") { DefaultValueFactory = _ => "number" };
    private static readonly Option<string?> Cancelled = new("--cancelled-prefix");

    public static Command Create()
    {
        var verb = new Command("import", CommandLine.Texts["cli.import"]);
        verb.Subcommands.Add(Kind("transactions", customers: false));
        verb.Subcommands.Add(Kind("customers", customers: true));
        return verb;
    }

    private static Command Kind(string name, bool customers)
    {
        var files = new Argument<string[]>("files") { Arity = ArgumentArity.OneOrMore, Description = CommandLine.Texts["cli.import.files"] };
        var verb = new Command(name, CommandLine.Texts[$"cli.import.{name}"]) { files };
        foreach (var (option, text) in new (Option, string)[]
        {
            (DryRun, "cli.import.dryRun"), (Map, "cli.import.map"), (Json, "cli.import.json"), (Source, "cli.import.source"), (Drop, "cli.import.drop"), (Cancelled, "cli.import.cancelled"), (Known, "cli.import.known"), (Key, "cli.import.key"),
        })
        {
            option.Description = CommandLine.Texts[text];
            verb.Options.Add(option);
        }
        verb.SetAction((parsed, ct) => CommandLine.Guarded(CommandLine.Arguments(parsed), async app =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentActor>().Become(Environment.UserName);
            var json = await scope.ServiceProvider.GetRequiredService<ILoads>().Run(Load(parsed, files, customers), parsed.GetValue(Json) ? _ => { } : CommandLine.Progress(""), ct);
            await Print(json, parsed.GetValue(Json));
            return 0;
        }, ct));
        return verb;
    }

    private static FileLoad Load(ParseResult parsed, Argument<string[]> files, bool customers) =>
        new(customers, parsed.GetRequiredValue(files), parsed.GetValue(Map) is { } map ? ColumnMap.Parse(map).ToDictionary(part => part.Field, part => part.Column) : new Dictionary<string, string>())
        {
            Source = parsed.GetRequiredValue(Source),
            DryRun = parsed.GetValue(DryRun),
            DropDuplicates = parsed.GetValue(Drop),
            CancelledPrefix = parsed.GetValue(Cancelled),
            Known = parsed.GetRequiredValue(Known),
            Key = parsed.GetRequiredValue(Key),
            By = Environment.UserName,
            Language = CommandLine.Texts.Language,
        };

    private static async Task Print(string json, bool asJson)
    {
        if (asJson)
        {
            await Console.Out.WriteLineAsync(json);
            return;
        }
        foreach (var count in JsonDocument.Parse(json).RootElement.EnumerateObject().Where(count => !count.Name.EndsWith("Sample", StringComparison.Ordinal)))
        {
            var value = count.Value.ValueKind == JsonValueKind.Array ? string.Join(", ", count.Value.EnumerateArray()) : count.Value.ToString();
            await Console.Out.WriteLineAsync($"{CommandLine.Texts[$"cli.import.outcome.{count.Name}"],-28} {value}");
        }
    }
}
