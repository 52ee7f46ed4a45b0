using System.Net;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests;

/// <summary>What a test starts from, with only the facts that matter to it.</summary>
internal static class Given
{
    private static readonly GivenFolder Folder = new();

    /// <summary>A ledger of these rows, loaded: <c>customer, day, document, amount</c> and, where named, <c>product</c>.</summary>
    public static Task<JsonElement> Ledger(HuikeApp app, params (string Customer, string Date, string Document, decimal Amount, string Product)[] rows) =>
        Ledger(app, "customer,date,document,amount,product\n" + string.Concat(rows.Select(row => FormattableString.Invariant($"{row.Customer},{row.Date},{row.Document},{row.Amount},{row.Product}\n"))));

    /// <summary>A ledger of this text, loaded as a file of its own.</summary>
    /// <returns>The load's counts.</returns>
    public static async Task<JsonElement> Ledger(HuikeApp app, string csv, Func<FileLoad, FileLoad>? adjust = null) => await Loaded(app, [Written(csv)], adjust);

    /// <summary>Files, loaded as one ledger.</summary>
    public static Task<JsonElement> Loaded(HuikeApp app, IReadOnlyList<string> paths, Func<FileLoad, FileLoad>? adjust = null) => app.In(async services =>
    {
        var load = new FileLoad(Customers: false, paths, new Dictionary<string, string>()) { By = "test", Language = "en" };
        var json = await services.GetRequiredService<ILoads>().Run(adjust?.Invoke(load) ?? load, _ => { }, TestContext.Current.CancellationToken);
        return JsonElement.Parse(json);
    });

    /// <summary>Customers of this text, loaded as a list.</summary>
    public static Task<JsonElement> Customers(HuikeApp app, string csv) => Loaded(app, [Written(csv)], load => load with { Customers = true });

    /// <summary>A field of the firm's own.</summary>
    public static async Task Field(Visitor administrator, string kind, string chinese, string english, string name, string type, params (string, string)[] more)
    {
        using var added = await administrator.Submit("/admin/fields/new", "/admin/fields/new", [("kind", kind), ("chinese", chinese), ("english", english), ("name", name), ("type", type), .. more]);
        Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
    }

    /// <summary>Also what the application itself has begun in the background has come to its end.</summary>
    public static Task<bool> Drained(HuikeApp app) => app.In(async services =>
    {
        do { await services.GetRequiredService<JobRunner>().Drain(TestContext.Current.CancellationToken); } while (await app.Number("select count(*) from platform_job where state < 2") > 0);
        return true;
    });

    /// <summary>A file of this text.</summary>
    public static string Written(string text, System.Text.Encoding? encoding = null, string ending = "csv")
    {
        var path = Path.Combine(Folder.Path, $"{Guid.CreateVersion7():N}.{ending}");
        File.WriteAllText(path, text, encoding ?? new System.Text.UTF8Encoding(false));
        return path;
    }
}

/// <summary>One folder for all that tests write, gone when they have run.</summary>
internal sealed class GivenFolder
{
    public GivenFolder() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path, recursive: true);

    public string Path { get; } = Directory.CreateTempSubdirectory("huike-given-").FullName;
}
