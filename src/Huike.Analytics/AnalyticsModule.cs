using Huike.Analytics.CallToday;
using Huike.Analytics.Contracts;
using Huike.Analytics.Facts;
using Huike.Analytics.LifetimeModels;
using Huike.Analytics.Overview;
using Huike.Analytics.Panels;
using Huike.Analytics.Pyramid;
using Huike.Analytics.Recomputation;
using Huike.Analytics.Retention;
using Huike.Analytics.Rfm;
using Huike.Analytics.Settings;
using Huike.Analytics.Stages;
using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Conditions;
using Huike.Platform.Events;
using Huike.Platform.Jobs;
using Huike.Platform.Rules;
using Huike.Platform.Settings;
using Huike.Platform.Webhooks;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Analytics;

/// <summary>客户价值: pyramid, stages, retention, lifetime value (H2, H3, H17).</summary>
public static class AnalyticsModule
{
    /// <summary>Adds the module.</summary>
    public static IServiceCollection AddAnalytics(this IServiceCollection services)
    {
        services.AddFigures(AnalyticsPermissions.Read, CustomerPermissions.Records).AddPermissions(AnalyticsPermissions.Call, AnalyticsPermissions.Settings);
        foreach (var role in (string[])["marketer", "executive"]) { services.AddToRole(role, (AnalyticsPermissions.Read, RecordScope.All)); }
        foreach (var role in (string[])["salesperson", "sales-manager", "executive"]) { services.AddToRole(role, (AnalyticsPermissions.Call, RecordScope.All)); }
        services.AddSettings<ValueSettings>(AnalyticsPermissions.Settings, ValueField.Told).AddSingleton(new AuditedKind(nameof(ValueSettings), "audit.kind.valueSettings", "/value/settings", "value.settings."));
        services.AddSingleton(new Place("call", "value.call.title", "/value/call-today", "phone-call", AnalyticsPermissions.Call, Order: 105, Shortcut: 'k'));
        services.AddSingleton(new Place("value", "value.overview.title", "/value", "pyramid", AnalyticsPermissions.Read, Order: 110, Shortcut: 'v'));
        services.AddSingleton<PictureStore>().AddSingleton<ReadLedger>().AddSingleton<ChangeLog>().AddSingleton<TouchedLedger>();
        services.AddSingleton<ILedgerListener>(provider => provider.GetRequiredService<ChangeLog>());
        services.AddSingleton<IMargins, GoodsMargins>().AddEventHandler<ProductsChanged, RecomputeAfterCosts>(RecomputeAfterCosts.Name).AddEventHandler<CustomersMerged, RecomputeAfterMerge>(RecomputeAfterMerge.Merged).AddEventHandler<CustomersParted, RecomputeAfterMerge>(RecomputeAfterMerge.Parted).AddWebhookEvent<ValueRecomputed>(_ => null);
        services.AddScoped<RecomputeAll>().AddScoped<RecomputeChanged>().AddScoped<IJobWorker, RecomputationJob>();
        services.AddScoped<ValueState>().AddScoped<SaveValueSettings>().AddScoped<CustomerWorth>().AddSingleton<KnownWorths>();
        services.AddSingleton(new CustomerPanel(typeof(ValuePanel), 100, Wide: true));
        services.AddSingleton(new CustomerPanel(typeof(RhythmPanel), 110, Wide: true));
        services.AddSingleton(new CustomerPanel(typeof(BasketPanel), 120, Wide: false));
        services.AddHostedService<NightlyRecomputation>();
        services.AddFacts(CustomerPermissions.Records.Name, Figure("active", FactKept.Number, "active"), Figure("lifetime", FactKept.Amount, "lifetime"), Figure("atRisk", FactKept.Amount, "risk", "at_risk"),
            Figure("recency", FactKept.Number, "recency"), Figure("frequency", FactKept.Number, "frequency"), Figure("monetary", FactKept.Number, "monetary"));
        return services;
    }

    /// <summary>What rules and lists of customers may look at too, of the standing <c>s</c>: internal, as all figures are.</summary>
    private static Fact Figure(string name, FactKept kept, string word, string? column = null) =>
        new(name, kept, "s." + (column ?? name), texts => texts[(name is "recency" or "frequency" or "monetary" ? "value.fact." : "customers.field.") + word]) { Level = 2, Alias = "s" };

    /// <summary>Maps the module's pages.</summary>
    public static void MapAnalytics(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/value").RequireAuthorization(AnalyticsPermissions.Read);
        read.MapGet("/", (HttpContext http, Texts texts, string? period) => Pages.Show<OverviewPage>(http, texts["value.overview.title"], new { Period = period }));
        read.MapGet("/ranking", (HttpContext http, Texts texts, string? period, string? by, string? of, int? from) =>
            Pages.Show<RankingPage>(http, texts["value.ranking.title"], new { Period = period, By = by, Of = of, From = from ?? 0 })).RequireAuthorization(CustomerPermissions.Read);
        read.MapGet("/rfm", (HttpContext http, Texts texts) => Pages.Show<RfmPage>(http, texts["value.rfm.title"]));
        read.MapGet("/stages", (HttpContext http, Texts texts) => Pages.Show<StagesPage>(http, texts["value.stages.title"]));
        read.MapGet("/retention", (HttpContext http, Texts texts) => Pages.Show<RetentionPage>(http, texts["value.retention.title"]));
        read.MapGet("/models", (HttpContext http, Texts texts) => Pages.Show<ModelsPage>(http, texts["value.models.title"]));
        routes.MapGet("/value/call-today", (HttpContext http, Texts texts, int? from) => Pages.Show<CallTodayPage>(http, texts["value.call.title"], new { From = from ?? 0 })).RequireAuthorization(AnalyticsPermissions.Call, CustomerPermissions.Read);
        read.MapGet("/computing/{job:long}", (HttpContext http, long job) => Pages.Fragment<ComputingProgress>(http, new { Job = job }));
        var change = routes.MapGroup("/value").RequireAuthorization(AnalyticsPermissions.Settings);
        change.MapGet("/settings", (HttpContext http, Texts texts) => Pages.Show<ValueSettingsPage>(http, texts["value.settings.title"]));
        change.MapPost("/settings", Save);
        routes.MapValueApi();
    }

    // Taking the form as an argument is what makes the antiforgery check apply.
    private static async Task<IResult> Save(HttpContext http, Texts texts, SaveValueSettings save, IFormCollection form, CancellationToken ct)
    {
        var errors = await save.Run(form, http.User.Identity?.Name ?? "", ct);
        return errors.Count == 0
            ? TypedResults.LocalRedirect("/value/settings")
            : Pages.Show<ValueSettingsPage>(http, texts["value.settings.title"], new { Errors = errors, Form = form }, StatusCodes.Status422UnprocessableEntity);
    }
}
