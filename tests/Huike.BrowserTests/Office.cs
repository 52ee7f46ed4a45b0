using System.Text.RegularExpressions;
using Huike.BrowserTests;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Seed;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Office))]
// One firm for all: a page must not be looked at while another test's load is worked into it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Huike.BrowserTests;

/// <summary>A small firm with two years of ledger, served for all tests of the run, and the browser on its desks.</summary>
public sealed partial class Office : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("huike-office-").FullName;
    private IPlaywright? playwright;
    private IBrowser? browser;
    private HuikeApp? app;
    private System.Net.CookieCollection? session;

    internal HuikeApp App => app ?? throw new InvalidOperationException("No browser: the test should have been skipped.");

    public async ValueTask InitializeAsync()
    {
        if (Chromium is not { } chromium) { return; }
        // A machine that builds something else meanwhile is slow, not wrong.
        Assertions.SetDefaultExpectTimeout(20_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Switches() });
        app = await HuikeApp.Start(DatabaseKind.Sqlite);
        var files = new LedgerFiles(folder, isChinese: true);
        files.Write(new Firm(7, new FirmSize(IsPhotographed ? 20_000 : 300, IsPhotographed ? 3 : 2), new DateOnly(2026, 10, 31)));
        await Given.Loaded(app, [files.Customers], load => load with { Customers = true });
        await Given.Loaded(app, [files.Transactions]);
        await app.Services.GetRequiredService<JobRunner>().Drain(TestContext.Current.CancellationToken);
        using var administrator = await app.Administrator();
        session = administrator.Cookies.GetCookies(app.Address);
    }

    /// <summary>A tab of a browser that has never been here.</summary>
    /// <param name="desk">Language, theme, width.</param>
    /// <param name="signedIn">As the administrator.</param>
    internal async Task<Tab> Open(Desk desk, bool signedIn = true)
    {
        Assert.SkipWhen(browser is null, "no Chromium: HUIKE_CHROMIUM is not set (./test sets it)");
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = App.Address.ToString(),
            Locale = desk.Language,
            ColorScheme = desk.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new() { Width = desk.Width, Height = desk.Width < 600 ? 844 : 900 },
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(20_000);
        if (signedIn) { await context.AddCookiesAsync(session!.Where(cookie => cookie.Name == "huike").Select(cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Url = App.Address.ToString() })); }
        return new(context, await context.NewPageAsync(), desk);
    }

    /// <summary>Every page that can be opened by its address, with the first customer, load and so on where the address has a number.</summary>
    internal async Task<IReadOnlyList<string>> Pages()
    {
        using var administrator = await App.Administrator();
        var pages = new List<string>();
        var routes = App.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") == true && route.Metadata.GetMetadata<IAllowAnonymous>() is null);
        foreach (var path in routes.Select(route => Number().Replace("/" + route.RoutePattern.RawText!.Trim('/'), "1")).Where(path => !path.Contains('{', StringComparison.Ordinal)))
        {
            using var answer = await administrator.Get(path);
            var html = answer is { IsSuccessStatusCode: true, Content.Headers.ContentType.MediaType: "text/html" } ? await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) : "";
            // Fragments are seen on the pages that ask for them.
            if (html.StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase)) { pages.Add(path); }
        }
        return pages;
    }

    /// <summary>Waits until what followed from a load is worked in.</summary>
    internal async Task Settled()
    {
        while (await App.Number("select (select count(*) from platform_delivery where state = 0) + (select count(*) from platform_job where state < 2)") > 0) { await Task.Delay(100, TestContext.Current.CancellationToken); }
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) { await browser.DisposeAsync(); }
        playwright?.Dispose();
        if (app is not null) { await app.DisposeAsync(); }
        Directory.Delete(folder, recursive: true);
    }

    private static string? Chromium => Environment.GetEnvironmentVariable("HUIKE_CHROMIUM") is { Length: > 0 } path && File.Exists(path) ? path : null;

    /// <summary>For pictures the firm is as large as the demo's.</summary>
    private static bool IsPhotographed => Environment.GetEnvironmentVariable("HUIKE_PICTURES") is { Length: > 0 };

    private static string[] Switches() =>
        ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", .. Environment.UserName == "root" ? (string[])["--no-sandbox"] : []];

    [GeneratedRegex(@"\{(id|number|load|customer)(:[a-z]+)?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Number();
}

/// <summary>Where someone sits.</summary>
/// <param name="Language"><c>en</c> or <c>zh-CN</c>.</param>
/// <param name="Dark">The system is set to dark.</param>
/// <param name="Width">Of the window, in CSS pixels.</param>
public sealed record Desk(string Language = "en", bool Dark = false, int Width = 1440);

/// <summary>An open tab, which remembers what went wrong in it.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];

    public Tab(IBrowserContext context, IPage page, Desk desk)
    {
        (this.context, Page, Texts) = (context, page, Huike.Ui.TextCatalog.For(desk.Language));
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") { complaints.Add($"{page.Url}: {message.Text}"); }
        };
        page.PageError += (_, error) => complaints.Add($"{page.Url}: {error}");
    }

    public IPage Page { get; }

    /// <summary>The texts that this tab's visitor reads.</summary>
    public Huike.Ui.Texts Texts { get; }

    /// <summary>Errors and warnings of scripts and of the content policy.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    public async ValueTask DisposeAsync() => await context.CloseAsync();
}
