using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers;
using Huike.Customers.Consents;
using Huike.Customers.Contracts;
using Huike.Customers.Merges;
using Huike.Customers.Notes;
using Huike.Customers.OneVoice;
using Huike.Customers.Parts;
using Huike.Customers.PermissionStages;
using Huike.Customers.Relations;
using Huike.Customers.Stages;
using Huike.IntegrationTests.Platform.Audit;
using Huike.IntegrationTests.Privacy;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

/// <summary>许可阶段: how far customers let the firm in, by facts and by hand.</summary>
public sealed class PermissionStageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_customer_is_let_further_in_by_each_fact_and_falls_back_at_once_when_the_consent_goes(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name\nA,Ann\nB,Ben\n");
        Assert.Equal("none", await Stage(visitor));
        await Sent(visitor, "notes", ("body", "rang her up"), ("kind", "call"), ("side", "us"));
        Assert.Equal("attention", await Stage(visitor));
        await Sent(visitor, "consents", ("purpose", "survey"), ("channel", "all"), ("way", "call"));
        Assert.Equal("attention", await Stage(visitor));
        await Sent(visitor, "consents", ("purpose", "marketing"), ("channel", "sms"), ("way", "call"));
        Assert.Equal("permission", await Stage(visitor));
        await Sent(visitor, "notes", ("body", "asks for a price"), ("kind", "call"), ("side", "customer"));
        Assert.Equal("participation", await Stage(visitor));
        using (var related = await visitor.Json("POST", "/api/customers/2/relations", """{"relation":"referrer","other":1}""")) { Assert.Equal(HttpStatusCode.Created, related.StatusCode); }
        Assert.Equal("loyalty", await Stage(visitor));
        // Of another channel nothing was said: this one goes on.
        await Sent(visitor, "consents", ("purpose", "marketing"), ("channel", "phone"), ("given", "false"), ("way", "call"));
        Assert.Equal("loyalty", await Stage(visitor));
        app.Clock.Advance(TimeSpan.FromHours(1));
        await Sent(visitor, "consents", ("purpose", "marketing"), ("channel", "all"), ("given", "false"), ("way", "call"));
        Assert.Equal("attention", await Stage(visitor));
        var page = await visitor.Page("/customers/1");
        Assert.Equal(["Attention", "Loyalty"], page.QuerySelectorAll("[data-live-part=permission] .pill").Select(pill => pill.TextContent.Trim()).Take(2));
        Assert.Contains("The consent to marketing was withdrawn on", page.QuerySelector("#permission")!.TextContent, StringComparison.Ordinal);
        Assert.Equal([1L], await Listed(visitor, "attention"));
        Assert.Equal([2L], await Listed(visitor, "none"));
        Assert.Contains("Attention", await visitor.Text("/customers/export?format=csv&purpose=sales&columns=permission"), StringComparison.Ordinal);
        Assert.Equal(0, await All(app));
        // A purchase is reaching the firm as well; it is told with the standings.
        await Given.Ledger(app, ("B", "2024-01-05", "1", 10, "p"));
        await Given.Drained(app);
        Assert.Equal("attention", await Stage(visitor, id: 2));
    }

    [Theory, OnBothDatabases]
    public async Task Participation_passes_with_time_and_the_rules_are_settings(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name\nA,Ann\n");
        await Sent(visitor, "notes", ("body", "yes, write to me"), ("kind", "call"), ("side", "customer"));
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await Sent(visitor, "consents", ("purpose", "marketing"), ("channel", "email"), ("way", "call"));
        Assert.Equal("participation", await Stage(visitor));
        app.Clock.Advance(TimeSpan.FromDays(181));
        Assert.Equal(1, await All(app));
        await visitor.SignIn("admin");
        Assert.Equal("permission", await Stage(visitor));
        foreach (var (days, hours, purpose) in new[] { ("0", "1", "marketing"), ("3651", "1", "marketing"), ("9", "721", "marketing"), ("9", "x", "marketing"), ("9", "1", "sales"), ("9", "1", "' or 1") })
        {
            using var refused = await visitor.Submit(PermissionEndpoints.Path, PermissionEndpoints.Path, ("answerDays", days), ("hoursBefore", hours), ("purposes", purpose));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        using var saved = await visitor.Submit(PermissionEndpoints.Path, PermissionEndpoints.Path, ("answerDays", "400"), ("hoursBefore", "0"), ("purposes", "marketing"), ("purposes", "survey"));
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        await Given.Drained(app);
        // The answer came before the consent, and hours before it no longer count.
        Assert.Equal("permission", await Stage(visitor));
        using var again = await visitor.Submit(PermissionEndpoints.Path, PermissionEndpoints.Path, ("answerDays", "400"), ("hoursBefore", "1"), ("purposes", "marketing"));
        await Given.Drained(app);
        Assert.Equal("participation", await Stage(visitor));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_pin_holds_until_its_day_whatever_the_facts_say_and_is_not_the_buying_stages(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator();
        var before = (await Stage(visitor), await Stage(visitor, "stage"));
        await Sent(visitor, "permission-pin", ("stage", "loyalty"), ("reason", "brings cake"), ("until", "2030-12-31"));
        Assert.Equal(("loyalty", before.Item2), (await Stage(visitor), await Stage(visitor, "stage")));
        await Sent(visitor, "stage-pin", ("stage", "advocate"), ("reason", "sends friends"), ("until", "2030-12-31"));
        await Sent(visitor, "permission-pin/removal", ("confirm", "true"));
        Assert.Equal((before.Item1, "advocate"), (await Stage(visitor), await Stage(visitor, "stage")));
        Assert.Contains("brings cake", (await visitor.Page("/customers/1?kind=changes")).Body!.TextContent, StringComparison.Ordinal);
        await Sent(visitor, "permission-pin", ("stage", "none"), ("reason", "by mistake"), ("until", "2030-12-31"));
        Assert.Equal("none", await Stage(visitor));
        app.Clock.Advance(TimeSpan.FromDays(3_000));
        await All(app);
        await visitor.SignIn("admin");
        Assert.Equal(before.Item1, await Stage(visitor));
        foreach (var (stage, reason, until) in new[] { ("repeat-buyer", "r", "2099-01-01"), ("loyalty", " ", "2099-01-01"), ("loyalty", "r", "2001-01-01") })
        {
            using var refused = await Persons.Form(visitor, "/customers/1", "/customers/1/permission-pin", ("stage", stage), ("reason", reason), ("until", until));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        using var reader = await app.UserWith(CustomerPermissions.Read);
        using var stranger = await reader.Json("PUT", "/api/customers/1/permission-pin", """{"stage":"loyalty","reason":"r","until":"2099-01-01"}""", ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.Forbidden, stranger.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Who_does_not_see_what_is_internal_is_told_no_stage_of_permission(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var admin = await app.Administrator();
        await app.AddUserWith("eve", 1, new(new Dictionary<string, Huike.Platform.Access.Records.RecordScope> { [CustomerPermissions.Read] = Huike.Platform.Access.Records.RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(1, 1) }));
        using var eve = await app.As("eve");
        Assert.DoesNotContain("permission\"", await eve.Text("/api/customers/1"), StringComparison.Ordinal);
        using var filtered = await eve.Get("/api/customers?permission=attention");
        Assert.False(filtered.IsSuccessStatusCode);
        Assert.DoesNotContain("Permission stage", (await eve.Page("/customers?columns=permission")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Whatever_the_order_of_facts_what_each_wrote_is_what_the_whole_history_says(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        // Nobody bought: no recomputation mends in the background what a fact left behind.
        await Given.Customers(app, "number,name\nA,Ann\nB,Ben\nC,Cay\nD,Dan\n");
        var facts = new RandomFacts(app, new Random(20_261_123));
        for (var round = 0; round < 12; round++)
        {
            for (var i = 0; i < 12; i++) { await app.In(facts.One); }
            var kept = await facts.Rows();
            Assert.Equal(0, await All(app));
            Assert.Equal(kept, await facts.Rows());
            await facts.Prove();
            app.Clock.Advance(TimeSpan.FromDays(facts.Chance.Next(1, 200)));
            await All(app);
        }
        Assert.Superset(new HashSet<int>([1, 2, 3, 4]), facts.Met);
        await app.Number("delete from customers_permission_step where customer_id in (select min(id) from customers_customer)");
        await app.Number("delete from customers_permission");
        var before = await facts.Rows();
        Assert.NotEqual(0, await All(app));
        Assert.NotEqual(before, await facts.Rows());
        await facts.Prove();
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task An_erasure_takes_the_stage_and_what_the_person_proved_for_others(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, "consents", 2, ("purpose", "marketing"), ("channel", "all"), ("way", "form"));
        await Sent(visitor, "notes", 2, ("body", "hello"), ("kind", "call"), ("side", "customer"));
        using (var related = await visitor.Json("POST", "/api/customers/1/relations", """{"relation":"referrer","other":2}""")) { Assert.Equal(HttpStatusCode.Created, related.StatusCode); }
        Assert.Equal("loyalty", await Stage(visitor, id: 2));
        await Persons.Erase(visitor);
        Assert.Equal(("none", "participation"), (await Stage(visitor), await Stage(visitor, id: 2)));
        Assert.Equal(0, await app.Number("select count(*) from customers_permission_step where customer_id = 1"));
        Assert.Equal(0, await All(app));
    }

    private static Task<int> All(HuikeApp app) => app.Services.GetRequiredService<FollowPermission>().All(_ => { }, Ct);

    private static async Task<string> Stage(Visitor visitor, string machine = "permission", long id = 1) => (string)JsonNode.Parse(await visitor.Text($"/api/customers/{id}"))![machine]!;

    private static async Task<IEnumerable<long>> Listed(Visitor visitor, string stage) => JsonNode.Parse(await visitor.Text("/api/customers?permission=" + stage))!["rows"]!.AsArray().Select(row => (long)row!["id"]!);

    private static Task Sent(Visitor visitor, string action, params (string, string)[] fields) => Sent(visitor, action, 1, fields);

    private static async Task Sent(Visitor visitor, string action, long id, params (string, string)[] fields)
    {
        using var sent = await Persons.Form(visitor, $"/customers/{id}", $"/customers/{id}/{action}", fields);
        Assert.True(sent.StatusCode == HttpStatusCode.Redirect, $"{action} answered {(int)sent.StatusCode} {await sent.Content.ReadAsStringAsync(Ct)}");
    }

    /// <summary>Facts at random, each by the feature that people use, and what the definition says of them.</summary>
    private sealed class RandomFacts(HuikeApp app, Random chance)
    {
        private static readonly Viewer Everyone = new([], FieldAccess.Full);

        public Random Chance => chance;

        /// <summary>Stages that came about.</summary>
        public HashSet<int> Met { get; } = [];

        public async Task<bool> One(IServiceProvider services)
        {
            var ids = await Ids();
            var (id, other) = (ids[chance.Next(ids.Count)], ids[chance.Next(ids.Count)]);
            var (now, key) = (app.Clock.GetUtcNow(), new FormKey(FormKey.New()));
            var past = now.AddMinutes(-chance.Next(0, 400_000));
            var turn = chance.Next(12);
            if (turn < 4)
            {
                var (channel, given) = ((ContactChannel)chance.Next(0, 4), chance.Next(3) > 0);
                await services.GetRequiredService<RecordConsent>().Run(id, new(chance.Next(4) > 0 ? "marketing" : "survey", channel, given, ConsentWay.Call, chance.Next(2) == 0 ? now : past, ""), "x", key, Ct);
            }
            else if (turn < 7) { await services.GetRequiredService<AddNote>().Run(id, new("b", (InteractionKind)chance.Next(0, 3), (InteractionSide)chance.Next(1, 3), chance.Next(2) == 0 ? null : past), "x", key, Ct); }
            else if (turn < 8 && id != other && await app.Number($"select count(*) from customers_relation where customer_id = {id} and other_id = {other}") == 0)
            {
                await services.GetRequiredService<ChangeRelations>().Add(new(id, Everyone, "x"), "referrer", other, new(null, null, ""), key, Ct);
            }
            else if (turn < 9 && await app.Number("select max(id) from customers_relation") is > 0 and var relation)
            {
                await services.GetRequiredService<ChangeRelations>().Remove(new(await app.Number($"select customer_id from customers_relation where id = {relation}"), Everyone, "x"), relation, Ct);
            }
            else if (turn < 10) { await services.GetRequiredService<PinStage>().Run(id, StageMachine.Buying, (chance.Next(2) == 0 ? "loyal-buyer" : "dormant", "r", now.AddDays(chance.Next(2, 90)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), "x", Ct); }
            else if (turn < 11 && id != other && ids.Count > 3) { await services.GetRequiredService<MergeCustomers>().Run(new(id, other, null), "x", Ct); }
            else if (await Merged() is ( > 0, var survivor) merge) { await services.GetRequiredService<UndoMerge>().Run(survivor, merge.Id, [], "x", Ct); }
            return true;
        }

        /// <summary>All that is kept, as text.</summary>
        public async Task<List<string>> Rows()
        {
            await using var connection = await app.Database.Open(Ct);
            return await connection.Rows("select customer_id, since_at, stage, 1 from customers_permission_step union all select customer_id, since_at, stage, 2 from customers_permission order by 1, 2, 4",
                row => $"{row.GetInt64(0)} {row.At(1):O} {row.GetInt32(2)} {row.GetInt32(3)}", Ct);
        }

        /// <summary>At every moment at which something happened, and just before and after it, the history says what the definition says, worked out here by itself.</summary>
        public async Task Prove()
        {
            await using var connection = await app.Database.Open(Ct);
            var now = app.Clock.GetUtcNow();
            foreach (var id in await Ids())
            {
                var consents = await connection.Rows($"select c.channel, c.given, c.at from customers_consent c join customers_purpose p on p.id = c.purpose_id where p.code = 'marketing' and c.customer_id = {id} order by c.at, c.id", row => (Channel: (int)row.GetInt16(0), Given: row.GetBoolean(1), At: row.At(2)), Ct);
                var notes = await connection.Rows($"select at, direction from customers_note where kind > 0 and customer_id = {id}", row => (At: row.At(0), row.GetInt16(1)), Ct);
                var bought = await connection.Rows($"select first_at from customers_standing where documents > 0 and customer_id = {id}", row => row.At(0), Ct);
                var pin = await connection.Rows($"select created_at, until_at, stage from customers_stage_pin where customer_id = {id}", row => (From: row.At(0), To: row.At(1), Stage: row.GetInt16(2)), Ct);
                var brought = await connection.Rows($"select created_at from customers_relation where kind = 3 and other_id = {id}", row => row.At(0), Ct);
                var steps = await connection.Rows($"select since_at, stage from customers_permission_step where customer_id = {id} order by since_at", row => (At: row.At(0), Stage: (int)row.GetInt16(1)), Ct);
                Met.UnionWith(steps.Select(step => step.Stage));
                var moments = consents.Select(one => one.At).Concat(notes.SelectMany(one => new[] { one.At, one.At.AddDays(180) })).Concat(bought).Concat(pin.SelectMany(one => new[] { one.From, one.To })).Concat(brought).Append(now);
                foreach (var at in moments.SelectMany(moment => new[] { moment.AddSeconds(-1), moment, moment.AddSeconds(1) }).Where(at => at <= now))
                {
                    var said = steps.Where(step => step.At <= at).Select(step => step.Stage).LastOrDefault();
                    Assert.Equal((id, at, Expected(at)), (id, at, said));
                }

                int Expected(DateTimeOffset at)
                {
                    if (!Agreed(at)) { return bought.Concat(notes.Select(one => one.At)).Concat(consents.Select(one => one.At)).Any(one => one <= at) ? 1 : 0; }
                    // The consent holds since the earliest moment from which on it was never gone.
                    var since = consents.Select(one => one.At).Where(moment => moment <= at && consents.Where(one => one.At >= moment && one.At <= at).All(one => Agreed(one.At))).Min();
                    if (!notes.Any(one => one.Item2 == 1 && one.At <= at && one.At >= since.AddHours(-24) && one.At.AddDays(180) > at)) { return 2; }
                    return brought.Any(one => one <= at) || pin.Any(one => one.From <= at && one.To > at && one.Stage == 5) ? 4 : 3;
                }

                bool Agreed(DateTimeOffset at) => Enumerable.Range(1, 5).Any(channel => consents.LastOrDefault(one => one.At <= at && (one.Channel == channel || one.Channel == 0)) is { Given: true });
            }
        }

        private async Task<List<long>> Ids()
        {
            await using var connection = await app.Database.Open(Ct);
            return await connection.Rows("select id from customers_customer order by id", row => row.GetInt64(0), Ct);
        }

        private async Task<(long Id, long Survivor)> Merged()
        {
            await using var connection = await app.Database.Open(Ct);
            return await connection.First("select id, customer_id from customers_merge where undone_at is null order by id desc", row => (row.GetInt64(0), row.GetInt64(1)), Ct);
        }
    }
}
