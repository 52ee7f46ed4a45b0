using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>漏斗: counts, conversion and median time per stage.</summary>
public sealed class FunnelTests
{
    private const string Path = "/customers/funnel";

    private static readonly DateTimeOffset Begin = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Each_number_is_what_a_plain_count_over_the_histories_says_and_leads_to_as_many_customers(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name,category\n" + string.Concat(Enumerable.Range(1, 80).Select(i => $"N{i},n{i},{(i % 2 == 0 ? "even" : "odd")}\n")));
        foreach (var (machine, table, stages, top) in new[] { ("buying", "customers_stage", 9, 6), ("permission", "customers_permission_step", 5, 4) })
        {
            var histories = await Filled(app, table, stages, new Random(7 + stages));
            foreach (var (query, from, to, even) in new[] { ("", 0, 9_000, false), ("&from=2024-03-01&to=2024-06-30", 60, 181, false), ("&category=even&from=2024-02-01", 31, 9_000, true) })
            {
                var page = await visitor.Page($"{Path}?machine={machine}{query}");
                var rows = page.QuerySelectorAll("tbody tr");
                Assert.Equal(stages, rows.Length);
                for (var stage = 0; stage < stages; stage++)
                {
                    var cells = rows[stage].QuerySelectorAll("td.num").Select(cell => cell.TextContent.Trim()).ToArray();
                    var (entered, onward, left, median) = Plain(histories.Where(one => !even || one.Key % 2 == 0).Select(one => one.Value), stage, top, from, to);
                    Assert.Equal((stage, $"{entered}", $"{onward}", $"{left}", $"{entered - left}"), (stage, cells[1], cells[2], cells[5], cells[6]));
                    Assert.Equal(median is { } days ? Math.Round(days, 1).ToString(CultureInfo.InvariantCulture) + " days" : "–", cells[4]);
                    foreach (var link in rows[stage].QuerySelectorAll("td.num a").Skip(1))
                    {
                        var list = JsonNode.Parse(await visitor.Text("/api" + link.GetAttribute("href")))!;
                        Assert.Equal(link.TextContent, $"{(long)list["total"]!}");
                    }
                }
            }
        }
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task It_counts_within_the_scope_of_who_looks_and_refuses_what_cannot_be_meant(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var admin = await app.Administrator();
        await Given.Customers(app, "number,name\nA,Ann\nB,Ben\n");
        await app.Number($"insert into customers_permission_step (customer_id, since_at, stage) select id, created_at, 2 from customers_customer");
        await app.Number("insert into customers_permission (customer_id, since_at, stage) select id, created_at, 2 from customers_customer");
        await app.AddUserWith("eve", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        await app.AddUserWith("kim", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(1, 1) }));
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'eve') where number = 'A'");
        using var eve = await app.As("eve");
        Assert.Equal(["1", "1"], (await eve.Page(Path + "?machine=permission")).QuerySelectorAll("tbody tr")[2].QuerySelectorAll("td.num").Take(2).Select(cell => cell.TextContent.Trim()));
        Assert.Equal(["2", "2"], (await admin.Page(Path + "?machine=permission")).QuerySelectorAll("tbody tr")[2].QuerySelectorAll("td.num").Take(2).Select(cell => cell.TextContent.Trim()));
        using var kim = await app.As("kim");
        foreach (var (visitor, query) in new[] { (kim, ""), (admin, "?machine=x"), (admin, "?from=soon"), (admin, "?from=2024-02-01&to=2024-01-01"), (admin, "?step=permission.x...entered"), (admin, "?step=buying.lost.2024-01-01.2023-01-01.left") })
        {
            using var refused = await visitor.Get(Path + query);
            Assert.True(refused.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.Forbidden, $"{query} answered {(int)refused.StatusCode}");
        }
    }

    /// <summary>By the definition, customer by customer.</summary>
    private static (int Entered, int Onward, int Left, double? Median) Plain(IEnumerable<List<(int Day, int Stage)>> histories, int stage, int top, int from, int to)
    {
        var (entered, onward, days) = (0, 0, new List<double>());
        foreach (var steps in histories)
        {
            var at = steps.FindIndex(step => step.Stage == stage && step.Day >= from && step.Day <= to);
            if (at < 0) { continue; }
            entered++;
            if (at + 1 < steps.Count) { days.Add(steps[at + 1].Day - steps[at].Day); }
            if (steps.Skip(at + 1).Any(step => step.Stage <= top && step.Stage > (stage <= top ? stage : 0))) { onward++; }
        }
        days.Sort();
        return (entered, onward, days.Count, days.Count == 0 ? null : days.Count % 2 == 1 ? days[days.Count / 2] : (days[days.Count / 2 - 1] + days[days.Count / 2]) / 2);
    }

    private static async Task<Dictionary<long, List<(int Day, int Stage)>>> Filled(HuikeApp app, string table, int stages, Random chance)
    {
        var histories = new Dictionary<long, List<(int, int)>>();
        await using var connection = await app.Database.Open(Ct);
        await connection.Run($"delete from {table}", Ct);
        foreach (var id in await connection.Rows("select id from customers_customer", row => row.GetInt64(0), Ct))
        {
            var steps = histories[id] = [];
            for (var (day, last) = (chance.Next(0, 90), -1); day < 300 && chance.Next(6) > 0; day += chance.Next(1, 90))
            {
                var stage = chance.Next(1, stages);
                if (stage == last) { continue; }
                steps.Add((day, last = stage));
                // Noon in the firm's zone, far from the ends of days.
                await connection.Run($"insert into {table} (customer_id, since_at, stage) values (@id, @at, @stage)", Ct, ("id", id), ("at", Begin.AddDays(day).AddHours(4)), ("stage", stage));
            }
        }
        return histories;
    }
}
