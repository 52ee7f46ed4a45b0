using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;

namespace Huike.Web.Verbs;

/// <summary>The demo firm's people: head office, seven branches by region with their salespeople, a service station and a partner's outlet; each province's customers have an owner.</summary>
internal static class DemoStaff
{
    private static readonly (string Region, string[] Provinces)[] Regions =
    [
        ("north", ["北京", "天津", "河北", "山西", "内蒙古"]), ("northeast", ["辽宁", "吉林", "黑龙江"]), ("east", ["上海", "江苏", "浙江", "安徽"]), ("southeast", ["福建", "江西", "山东"]),
        ("south", ["广东", "广西", "海南", "河南", "湖北", "湖南"]), ("southwest", ["重庆", "四川", "贵州", "云南", "西藏"]), ("northwest", ["陕西", "甘肃", "青海", "宁夏", "新疆"]),
    ];

    private static readonly string[] AtHeadOffice = ["agent", "service-desk", "dispatcher", "marketer", "team-leader", "executive"];

    /// <summary>Brings them in, and gives out the customers.</summary>
    public static async Task Hire(IServiceProvider services, string password, CancellationToken ct)
    {
        var texts = CommandLine.Texts;
        (string, UnitKind) Unit(string key, UnitKind kind) => (texts["cli.demo.unit." + key], kind);
        var people = AtHeadOffice.Select(role => new NewPerson(role, texts["access.role.name." + role], [], [role])).ToList();
        foreach (var (region, _) in Regions)
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
            if (Regions.FirstOrDefault(region => region.Provinces.Any(province => place.StartsWith(province, StringComparison.Ordinal))).Region is { } region)
            {
                await territories.Give(place, $"{region}{turn++ % 2 + 1}", ct);
            }
        }
    }
}
