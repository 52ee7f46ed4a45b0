using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>Conflicts of claims: who had the customer first, and who says so.</summary>
public sealed class ClaimTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Whoever_enters_anothers_customer_claims_it_without_learning_which_and_the_leader_gives_it_to_him(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        using var bert = await app.As("bert");
        using var lead = await app.As("lead");
        var page = await Met(bert);
        var href = page.QuerySelector("#twins a[target=_blank]")!.GetAttribute("href")!;
        Assert.Null(page.QuerySelector("#twins a[href^='/customers/']"));
        var token = (await bert.Page(href)).QuerySelector("input[name=claim]")!.GetAttribute("value")!;
        var key = Key();
        foreach (var _ in new[] { 1, 2 })
        {
            using var raised = await bert.Submit(href, "/claims", ("claim", token), ("named", "Zhang of the fair"), ("evidence", "Met at the fair on 3 January"), ("formKey", key));
            Assert.Equal("/claims/1", raised.Headers.Location!.ToString());
        }
        // The claimant reads what he wrote, and nothing of the customer.
        var his = await bert.Text("/claims/1") + await bert.Text("/claims") + await bert.Text("/api/claims");
        Assert.Contains("Zhang of the fair", his, StringComparison.Ordinal);
        foreach (var secret in new[] { "张三丰", "/customers/1", "13900139000" }) { Assert.DoesNotContain(secret, his, StringComparison.Ordinal); }
        Assert.Equal(2, await app.Number("select count(*) from platform_notice where kind = 'customers.claim'"));
        // The owner can't decide in her own favour, and the claimant not at all.
        foreach (var (visitor, outcome, status) in new[] { (anna, "moved", HttpStatusCode.Forbidden), (bert, "moved", HttpStatusCode.Forbidden), (lead, "nothing", HttpStatusCode.UnprocessableEntity) })
        {
            using var refused = await visitor.Submit("/account", "/claims/1", ("outcome", outcome), ("reason", "because"));
            Assert.Equal(status, refused.StatusCode);
        }
        var shown = await lead.Page("/claims/1");
        foreach (var told in new[] { "张三丰", "Met at the fair", "Anna", "Bert" }) { Assert.Contains(told, shown.QuerySelector("main")!.TextContent, StringComparison.Ordinal); }
        Assert.Equal("Anna", shown.QuerySelector("tbody th")!.FirstChild!.TextContent.Trim());
        using var reasonless = await lead.Submit("/account", "/claims/1", ("outcome", "moved"), ("reason", " "));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, reasonless.StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from customers_claim where outcome > 0"));
        using var decided = await lead.Submit("/account", "/claims/1", ("outcome", "moved"), ("reason", "He met them first"));
        Assert.Equal(HttpStatusCode.Redirect, decided.StatusCode);
        Assert.Equal((await app.Number("select id from platform_user where user_name = 'bert'"), 2), (await app.Number("select owner_id from customers_customer where id = 1"), await app.Number("select count(*) from platform_notice where kind = 'customers.claim-decided'")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await lead.Submit("/account", "/claims/1", ("outcome", "kept"), ("reason", "no"))).StatusCode);
        Assert.Contains("张三丰", await bert.Text("/claims/1"), StringComparison.Ordinal);
        Assert.Equal((1, 1, 1), ((await app.Entries("customer.claimed")).Count, (await app.Entries("customer.claim-decided")).Count, (await app.Entries("record.assigned")).Count));
        Assert.Equal(HttpStatusCode.OK, (await bert.Get("/customers/1")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Both_may_work_on_it_it_may_stay_and_a_claim_is_taken_back(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var bert = await app.As("bert");
        using var lead = await app.As("lead");
        foreach (var (claim, outcome, mine) in new[] { (1, "kept", 0), (2, "shared", 1) })
        {
            await Raise(bert);
            using var decided = await lead.Json("POST", $"/api/claims/{claim}/decision", $$"""{"outcome":"{{outcome}}","reason":"so"}""");
            Assert.Equal((HttpStatusCode.OK, outcome), (decided.StatusCode, (string?)JsonNode.Parse(await decided.Content.ReadAsStringAsync(Ct))!["outcome"]));
            Assert.Equal(mine == 1 ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await bert.Get("/customers/1")).StatusCode);
        }
        Assert.Equal(await app.Number("select id from platform_user where user_name = 'anna'"), await app.Number("select owner_id from customers_customer where id = 1"));
        // Who sees the customer by now claims it on its file.
        using var again = await bert.Json("POST", "/api/customers/1/claims", """{"evidence":"still mine"}""");
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        using var back = await bert.Submit("/account", "/claims/3", ("outcome", "withdrawn"));
        Assert.Equal(4, await app.Number("select outcome from customers_claim where id = 3"));
        Assert.Equal(["3 withdrawn", "2 shared", "1 kept"], JsonNode.Parse(await lead.Text("/api/claims?state=ended"))!["rows"]!.AsArray().Select(row => $"{row!["id"]} {row["outcome"]}"));
        Assert.Empty(JsonNode.Parse(await lead.Text("/api/claims"))!["rows"]!.AsArray());
    }

    [Theory, OnBothDatabases]
    public async Task Tokens_of_others_claims_of_strangers_and_ones_own_customer_are_refused(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        using var bert = await app.As("bert");
        await Raise(bert);
        var token = (await bert.Page((await Met(bert)).QuerySelector("#twins a[target=_blank]")!.GetAttribute("href")!)).QuerySelector("input[name=claim]")!.GetAttribute("value")!;
        await app.AddUserWith("carla", 1, Own);
        using var carla = await app.As("carla");
        using var stolen = await carla.Submit("/account", "/claims", ("claim", token), ("evidence", "x"), ("formKey", Key()));
        using var made = await carla.Submit("/account", "/claims", ("claim", "made up"), ("evidence", "x"), ("formKey", Key()));
        using var empty = await bert.Submit("/account", "/claims", ("claim", token), ("evidence", " "), ("formKey", Key()));
        using var own = await anna.Json("POST", "/api/customers/1/claims", """{"evidence":"mine"}""");
        using var unseen = await carla.Json("POST", "/api/customers/1/claims", """{"evidence":"mine"}""");
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity, HttpStatusCode.NotFound, HttpStatusCode.NotFound],
            new[] { stolen.StatusCode, made.StatusCode, empty.StatusCode, own.StatusCode, unseen.StatusCode, (await carla.Get("/claims/1")).StatusCode });
        Assert.DoesNotContain("/claims/1", await carla.Text("/claims"), StringComparison.Ordinal);
        Assert.Equal((1, HttpStatusCode.UnprocessableEntity), (await app.Number("select count(*) from customers_claim"), (await bert.Get("/claims?state=moon")).StatusCode));
    }

    private static readonly RoleDefinition Own = new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [CustomerPermissions.Edit] = RecordScope.Own, [CustomerPermissions.Create] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full });

    /// <summary>Anna looks after a customer; Bert does not see it; both are led.</summary>
    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await app.AddUserWith("anna", 1, Own);
        await app.AddUserWith("bert", 1, Own);
        await app.AddUserWith("lead", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Assign] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        foreach (var name in new[] { "Anna", "Bert", "Lead" }) { await app.Number($"update platform_user set display_name = '{name}' where user_name = '{name.ToLowerInvariant()}'"); }
        await app.Number("update platform_unit set leader_id = (select id from platform_user where user_name = 'lead') where id = 1");
        using var anna = await app.As("anna");
        using var entered = await anna.Json("POST", "/api/customers", """{"name":"张三丰","phone":"13900139000"}""");
        Assert.Equal(HttpStatusCode.Created, entered.StatusCode);
        using var noted = await anna.Json("POST", "/api/customers/1/notes", """{"body":"first talk"}""");
        Assert.Equal(HttpStatusCode.Created, noted.StatusCode);
        return app;
    }

    private static async Task<AngleSharp.Dom.IDocument> Met(Visitor visitor)
    {
        using var met = await visitor.Submit("/customers/new", "/customers/new", ("name", "张三丰"), ("kind", "person"), ("phone", "13900139000"), ("formKey", Key()));
        return await Visitor.Parsed(await met.Content.ReadAsStringAsync(Ct));
    }

    private static async Task Raise(Visitor visitor)
    {
        var href = (await Met(visitor)).QuerySelector("#twins a[target=_blank]")!.GetAttribute("href")!;
        var token = (await visitor.Page(href)).QuerySelector("input[name=claim]")!.GetAttribute("value")!;
        using var raised = await visitor.Submit(href, "/claims", ("claim", token), ("named", "Zhang"), ("evidence", "mine"), ("formKey", Key()));
        Assert.Equal(HttpStatusCode.Redirect, raised.StatusCode);
    }

    private static string Key() => Guid.CreateVersion7().ToString("N");
}
