using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;
using Huike.Seed;

namespace Huike.Web.Verbs;

/// <summary>The demo firm's people: head office, seven branches by region with their salespeople, a service station and a partner's outlet; each province's customers have an owner.</summary>
internal static class DemoStaff
{
    private static readonly string[] AtHeadOffice = ["agent", "service-desk", "dispatcher", "marketer", "team-leader", "executive"];

    /// <summary>Brings them in, and gives out the customers.</summary>
    public static async Task Hire(IServiceProvider services, string password, CancellationToken ct)
    {
        var texts = CommandLine.Texts;
        (string, UnitKind) Unit(string key, UnitKind kind) => (texts["cli.demo.unit." + key], kind);
        var people = AtHeadOffice.Select(role => new NewPerson(role, texts["access.role.name." + role], [], [role])).ToList();
        foreach (var (region, _) in Regions.All)
        {
            var branch = Unit(region, UnitKind.Branch);
            people.Add(new(region, texts["cli.demo.person.manager", branch.Item1], [branch], ["sales-manager"]) { IsLeader = true });
            foreach (var number in (int[])[1, 2]) { people.Add(new($"{region}{number}", texts["cli.demo.person.sales", branch.Item1, number], [branch, Unit("sales", UnitKind.Team)], ["salesperson"])); }
        }
        var station = (IReadOnlyList<(string, UnitKind)>)[Unit("east", UnitKind.Branch), Unit("station", UnitKind.ServiceStation)];
        people.Add(new("engineer", texts["access.role.name.engineer"], station, ["engineer"]));
        people.Add(new("partner", texts["access.role.name.partner"], [.. station, Unit("outlet", UnitKind.Outlet)], ["partner"]) { Kind = UserKind.Partner });
        await services.GetRequiredService<LoadPeople>().Run(people, password, ct);
        var territories = services.GetRequiredService<ITerritories>();
        var turn = 0;
        foreach (var (place, _) in await territories.Open(ct))
        {
            if (Regions.All.FirstOrDefault(region => region.Provinces.Any(province => place.StartsWith(province, StringComparison.Ordinal))).Name is { } region)
            {
                await territories.Give(place, $"{region}{turn++ % 2 + 1}", ct);
            }
        }
    }
}
