using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>How customers stand to each other.</summary>
public sealed class RelationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Each_is_written_once_and_read_from_both_sides_by_the_right_word(DatabaseKind kind)
    {
        await using var app = await WithFour(kind);
        using var visitor = await app.Administrator();
        var key = Key();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Sent(visitor, "/customers/1/relations", ("formKey", key), ("relation", "parent"), ("number", "K2"), ("since", "2020-01-31"), ("note", "since the sale"))));
        await Sent(visitor, "/customers/4/relations", ("formKey", Key()), ("relation", "member"), ("number", "K3"));
        Assert.Equal((2, "parent 2", "subsidiary 1", "member 3", "household 4"), (await app.Number("select count(*) from customers_relation"), await Read(visitor, 1), await Read(visitor, 2), await Read(visitor, 4), await Read(visitor, 3)));
        var card = (await visitor.Page("/customers/2")).QuerySelector("#relations")!;
        Assert.Contains("Subsidiary", card.TextContent, StringComparison.Ordinal);
        Assert.Contains("since the sale", card.TextContent, StringComparison.Ordinal);
        Assert.NotNull(card.QuerySelector("a[href='/customers/1']"));
        Assert.Contains("Parent firm: file 2", (await visitor.Page("/customers/1?kind=changes")).QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
        // Either side changes and ends it.
        await Sent(visitor, "/customers/2/relations/1", ("version", "1"), ("since", "2020-02-01"), ("until", "2026-12-31"), ("note", ""));
        using var stale = await visitor.Submit("/customers/1", "/customers/1/relations/1", ("version", "1"), ("note", "late"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stale.StatusCode);
        Assert.Equal("""{"id":1,"relation":"parent","other":2,"name":"北方集团","since":"2020-02-01","until":"2026-12-31","note":null,"version":2}""", await visitor.Text("/api/customers/1/relations/1"));
        await Sent(visitor, "/customers/2/relations/1/removal", ("confirm", "true"));
        Assert.Equal(("", ""), (await Read(visitor, 1), await Read(visitor, 2)));
    }

    [Theory, OnBothDatabases]
    public async Task No_firm_becomes_its_own_parent_whoever_writes_at_once(DatabaseKind kind)
    {
        await using var app = await WithFour(kind);
        using var visitor = await app.Administrator();
        foreach (var (action, relation, number, said) in new[]
        {
            (1, "parent", "K1", "to itself"), (1, "cousin", "K2", "one of the relations"), (1, "parent", "K9", "no such customer"), (1, "household", "K2", "kind household"),
        })
        {
            using var refused = await visitor.Submit("/customers/1", $"/customers/{action}/relations", ("formKey", Key()), ("relation", relation), ("number", number));
            Assert.True(refused.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.NotFound, $"{said} answered {(int)refused.StatusCode}");
            Assert.Contains(said, await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        // 1 → 2 and 3 → 4 stand; 2 → 3 and 4 → 1 at once would each be right alone.
        foreach (var (from, to) in new[] { (1, 2), (3, 4) }) { await Sent(visitor, $"/customers/{from}/relations", ("formKey", Key()), ("relation", "parent"), ("number", $"K{to}")); }
        var both = await Task.WhenAll(new[] { (2, 3), (4, 1) }.Select(pair => visitor.Json("POST", $"/api/customers/{pair.Item1}/relations", $$"""{"relation":"parent","other":{{pair.Item2}}}""")));
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.UnprocessableEntity], both.Select(answer => answer.StatusCode).Order());
        Assert.Equal(3, await app.Number("select count(*) from customers_relation"));
        using var twice = await visitor.Json("POST", "/api/customers/2/relations", """{"relation":"subsidiary","other":1}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, twice.StatusCode);
        foreach (var answer in both) { answer.Dispose(); }
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_does_not_see_the_other_side_is_not_told_of_it_nor_can_name_it(DatabaseKind kind)
    {
        await using var app = await WithFour(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, "/customers/1/relations", ("formKey", Key()), ("relation", "parent"), ("number", "K2"));
        await app.AddUserWith("owner", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [CustomerPermissions.Edit] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        (await visitor.Json("PUT", "/api/customers/1/owner", """{"owner":"owner"}""", ("If-Match", "*"))).Dispose();
        using var owner = await app.As("owner");
        using var reader = await app.UserWith(CustomerPermissions.Read);
        Assert.Equal("""{"rows":[{"id":1,"relation":"parent","other":null,"name":null,"since":null,"until":null,"note":null,"version":1}],"next":null}""", await owner.Text("/api/customers/1/relations"));
        foreach (var path in new[] { "/customers/1", "/customers/1?kind=changes" }) { Assert.DoesNotContain("北方集团", await owner.Text(path), StringComparison.Ordinal); }
        Assert.Contains("a customer of a colleague", await owner.Text("/customers/1"), StringComparison.Ordinal);
        using var named = await owner.Json("POST", "/api/customers/1/relations", """{"relation":"influenced","other":3}""");
        Assert.Equal(HttpStatusCode.NotFound, named.StatusCode);
        foreach (var (someone, id, status) in new[] { (owner, 2, HttpStatusCode.NotFound), (reader, 1, HttpStatusCode.Forbidden) })
        {
            foreach (var action in new[] { "", "/1", "/1/removal" })
            {
                using var refused = await someone.Submit("/account", $"/customers/{id}/relations{action}", ("formKey", Key()), ("relation", "parent"), ("number", "K3"), ("version", "1"));
                Assert.Equal(status, refused.StatusCode);
            }
            using var deleted = await someone.Json("DELETE", $"/api/customers/{id}/relations/1", headers: ("If-Match", "*"));
            Assert.Equal(status, deleted.StatusCode);
        }
        Assert.Equal(1, await app.Number("select count(*) from customers_relation"));
    }

    private static string Key() => Guid.CreateVersion7().ToString("N");

    private static async Task<HuikeApp> WithFour(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name\nK1,南方机电\nK2,北方集团\nK3,张三\nK4,张家\n");
        await app.Number("update customers_customer set kind = 2 where number = 'K4'");
        return app;
    }

    private static async Task<string> Read(Visitor visitor, int id) =>
        string.Join(' ', JsonNode.Parse(await visitor.Text($"/api/customers/{id}/relations"))!["rows"]!.AsArray().Select(row => $"{row!["relation"]} {row["other"]}"));

    private static async Task Sent(Visitor visitor, string action, params (string Name, string Value)[] fields)
    {
        using var answer = await visitor.Submit("/customers/1", action, fields);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{action} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(Ct)}");
    }
}
