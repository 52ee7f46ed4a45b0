using Huike.Analytics.Overview;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Analytics.Panels;

/// <summary>What a customer is worth (H3), as programs read it. Amounts in the firm's currency.</summary>
/// <param name="CustomerId">Whose.</param>
/// <param name="Tier">Tier of the pyramid; none before the first purchase, and before anything was computed.</param>
/// <param name="Sales">After returns.</param>
/// <param name="Returned">Came back, 0 or more.</param>
/// <param name="Margin">Sales less cost of goods.</param>
/// <param name="CostToServe">0 or more.</param>
/// <param name="Contribution">Margin less cost to serve.</param>
/// <param name="Active">Probability that the customer is still one, in [0, 1].</param>
/// <param name="Expected">Expected purchases in the next twelve months.</param>
/// <param name="Lifetime">Expected discounted contribution of the years to come; null where no model fits well enough.</param>
/// <param name="AtRisk">Expected yearly contribution that leaves with the customer.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="ComputedAt">When; null: never.</param>
/// <param name="AsOf">Last day of the ledger that it was computed from.</param>
/// <param name="Years">In order, the expected ones last.</param>
internal sealed record CustomerValue(long CustomerId, Tier Tier, decimal Sales, decimal Returned, decimal Margin, decimal CostToServe, decimal Contribution, double Active, double Expected, decimal? Lifetime, decimal AtRisk,
    string Currency, DateTimeOffset? ComputedAt, DateOnly? AsOf, IReadOnlyList<WorthYear> Years);

/// <summary>Value for programs: what the card on the customer's page shows, to those who see that card.</summary>
internal static class ValueApi
{
    public static void MapValueApi(this IEndpointRouteBuilder routes) => routes.MapApi("customers/{id:long}/value").MapGet("/", Read).RequireRecord(CustomerPermissions.Records, RecordAction.Read)
        .WithName("readCustomerValue").Produces<CustomerValue>();

    private static async Task<IResult> Read(HttpContext http, CustomerWorth worth, ValueState state, IStandings standings, long id, CancellationToken ct)
    {
        if (!CustomerPermissions.SeesInternal(http.User)) { throw new RuleException("access.record.refused"); }
        await worth.Read(id, ct);
        var of = worth.Standing ?? (await standings.Find(id, ct) is null ? throw new RuleException("customers.customer.unknown", id) : default);
        var (lifetime, ledger) = (state.Ledger is { Forecast.IsUsable: true } && of.Tier != Tier.None ? of.Lifetime : (decimal?)null, state.HasLedger ? state.Ledger : null);
        return TypedResults.Json(new CustomerValue(id, of.Tier, of.Sales, of.Returned, of.Margin, of.CostToServe, of.Contribution, of.Active, of.Expected, lifetime, of.AtRisk,
            state.Firm.Currency, state.ComputedAt, ledger?.AsOf, of.Tier == Tier.None ? [] : worth.Years), ApiAnswer.Json);
    }
}
