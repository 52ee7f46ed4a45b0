using System.Security.Claims;
using Huike.Customers.Ledger;
using Huike.Platform.Fields;
using Microsoft.Extensions.Primitives;

namespace Huike.Customers.Imports;

/// <summary>Makes fields of the firm's own of columns that nothing holds: open texts, found by the columns' titles from then on.</summary>
internal sealed class AddColumns(Loads loads, FieldBook fields, NewFields make)
{
    /// <param name="id">The load.</param>
    /// <param name="titles">Of columns of its files.</param>
    /// <param name="user">Must be allowed to make fields.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task Run(long id, StringValues titles, ClaimsPrincipal user, CancellationToken ct)
    {
        var load = await loads.Find(id, ct);
        var plan = LoadPlan.Make(System.Text.Json.JsonSerializer.Deserialize<LoadRequest>(load.Request)!, fields);
        var there = plan.Files.SelectMany(file => file.Map.Header).ToHashSet(StringComparer.Ordinal);
        await make.Run(user, CustomerFields.Kind, [.. titles.OfType<string>().Where(there.Contains)], ct);
    }
}
