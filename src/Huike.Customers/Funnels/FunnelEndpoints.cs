using Huike.Customers.Contracts;
using Huike.Customers.Stages;
using Huike.Platform;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers.Funnels;

/// <summary>What the funnel's page shows.</summary>
/// <param name="Machine">Which of the two state machines.</param>
/// <param name="Query">The segment.</param>
/// <param name="Period">Within which stages were entered.</param>
/// <param name="Rows">Its stages, in their order.</param>
/// <param name="Tags">Tags to choose from.</param>
/// <param name="Categories">Categories to choose from.</param>
internal sealed record FunnelView(StageMachine Machine, CustomerQuery Query, FunnelPeriod Period, IReadOnlyList<FunnelRow> Rows, IReadOnlyList<string> Tags, IReadOnlyList<string> Categories);

/// <summary>The funnel of both state machines.</summary>
internal static class FunnelEndpoints
{
    public const string Path = "/customers/funnel";

    public static void AddFunnel(this IServiceCollection services) => services.AddScoped<ReadFunnel>().AddSingleton(new Place("funnel", "customers.funnel.title", Path, "pyramid", CustomerPermissions.Read, 207));

    public static void MapFunnel(this IEndpointRouteBuilder routes) => routes.MapGet(Path, async (HttpContext http, Texts texts, ReadFunnel read, CustomerList list, Shown<FunnelView> shown, CancellationToken ct) =>
    {
        var query = CustomerQuery.Read(http.Request.Query, Viewer.Of(http));
        if (!query.Viewer.SeesInternal) { throw new RuleException("customers.filter.hidden"); }
        var asked = http.Request.Query;
        var machine = asked["machine"].ToString() is { Length: > 0 } name ? StageMachine.Find(name) ?? throw new RuleException("customers.filter.wrong", "machine", name[..Math.Min(name.Length, 20)]) : StageMachine.Buying;
        var period = FunnelPeriod.Read(asked["from"], asked["to"]) ?? throw new RuleException("customers.filter.wrong", "from – to", $"{asked["from"]} – {asked["to"]}"[..Math.Min(30, $"{asked["from"]} – {asked["to"]}".Length)]);
        shown.Value = new(machine, query, period, await read.Run(machine, query, period, ct), await list.Tags(ct), await list.Choices("category", ct));
        return Pages.Show<FunnelPage>(http, texts["customers.funnel.title"]);
    }).RequireAuthorization(CustomerPermissions.Read);
}
