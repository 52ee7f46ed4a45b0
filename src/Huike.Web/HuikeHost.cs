using System.IO.Compression;
using System.Reflection;
using Huike.Analytics;
using Huike.Customers;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Approvals;
using Huike.Platform.Audit;
using Huike.Platform.Calendar;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Health;
using Huike.Platform.Jobs;
using Huike.Platform.Live;
using Huike.Platform.Mail;
using Huike.Platform.Notifications;
using Huike.Platform.Numbering;
using Huike.Platform.Retention;
using Huike.Platform.Rules;
using Huike.Platform.Settings;
using Huike.Platform.Webhooks;
using Huike.Ui;
using Huike.Web.Mcp;
using Huike.Web.OpenApi;
using Huike.Web.Verbs;
using Microsoft.AspNetCore.ResponseCompression;

namespace Huike.Web;

/// <summary>What the command line said of where and how to run; what it left out comes from environment and settings file.</summary>
internal sealed record HostArguments
{
    public string? Data { get; init; }

    public string? Provider { get; init; }

    public string? Connection { get; init; }

    public string? Urls { get; init; }
}

/// <summary>Puts the program together: the same for serving, for verbs of the command line and for tests.</summary>
internal static class HuikeHost
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    private static readonly Modules Modules = new([typeof(PlatformModule).Assembly, typeof(CustomersModule).Assembly, typeof(AnalyticsModule).Assembly]);

    /// <summary>The application, not started, its database not opened.</summary>
    /// <param name="arguments">What the command line said.</param>
    /// <param name="adjust">Changes services before they are built; for tests: clock, log.</param>
    public static WebApplication Build(HostArguments arguments, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "Huike.Web" });
        Configure(builder, arguments);
        var options = builder.Configuration.GetSection("Database").Get<DatabaseOptions>() ?? new();
        builder.Services.AddPlatform(new Database(options), Modules, builder.Configuration.GetSection("Mail").Get<MailOptions>() ?? new());
        builder.Services.AddProxies(builder.Configuration["Proxies"]);
        builder.Services.AddHuikeUi();
        builder.Services.AddCustomers();
        builder.Services.AddAnalytics();
        builder.Services.AddSingleton(DemoVerb.Audited);
        builder.Services.AddHealth();
        builder.Services.AddApiDocuments();
        builder.Services.AddAgents();
        builder.Services.AddHostedService(services => services.GetRequiredService<JobRunner>());
        builder.Services.AddResponseCompression(compression => compression.EnableForHttps = true);
        // The fastest level packs each small write by itself, and pages are made of many: they would be twice as large.
        builder.Services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Optimal);
        adjust?.Invoke(builder);
        var app = builder.Build();
        Map(app);
        return app;
    }

    /// <summary>Name and number of the program.</summary>
    public static string Version => typeof(HuikeHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static void Configure(WebApplicationBuilder builder, HostArguments arguments)
    {
        var configuration = builder.Configuration;
        configuration.Sources.Clear();
        configuration.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: false)
            .AddJsonFile(Path.Combine(Directory.GetCurrentDirectory(), "huike.json"), optional: true)
            .AddEnvironmentVariables("HUIKE_")
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Database:DataFolder"] = arguments.Data,
                ["Database:Provider"] = arguments.Provider,
                ["Database:ConnectionString"] = arguments.Connection,
                ["Urls"] = arguments.Urls,
            }.Where(entry => entry.Value is not null));
        builder.Logging.ClearProviders().AddConfiguration(configuration.GetSection("Logging"));
        // One JSON object a line where a machine reads; plain words where a person sits at the terminal.
        if (Console.IsOutputRedirected) { builder.Logging.AddJsonConsole(options => options.UseUtcTimestamp = true); }
        else { builder.Logging.AddSimpleConsole(options => options.SingleLine = true); }
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseUrls((configuration["Urls"] ?? DefaultUrl).Split(';'));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
    }

    private static void Map(WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseRefusalLog();
        app.UseExceptionPages();
        app.UseSecurityHeaders();
        app.UseResponseCompression();
        app.UseRouting();
        app.UseSameOriginWrites();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseSharedReads();
        app.MapHealth();
        app.MapUiAssets();
        app.MapUiPreferences();
        app.MapAccess();
        app.MapAudit();
        app.MapRetention();
        app.MapApiDocuments();
        app.MapAgents();
        app.MapCalendar();
        app.MapJobs();
        app.MapSystemHealth();
        app.MapSettings();
        app.MapWebhooks();
        app.MapFields();
        app.MapNumbering();
        app.MapRules();
        app.MapNotifications();
        app.MapApprovals();
        app.MapLive();
        app.MapCustomers();
        app.MapAnalytics();
        if (app.Environment.IsDevelopment()) { app.MapGallery(Permissions.Operate); }
        app.MapGet("/", (HttpContext http, CancellationToken _) => Pages.Home(http, "value", "/account")).RequireAuthorization();
    }
}
