using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.BulkChanges;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.IntegrationTests.Privacy;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

/// <summary>What is done to many customers at once, and undone.</summary>
public sealed class BulkTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_field_is_set_for_all_that_the_list_finds_after_a_look_and_taken_back(DatabaseKind kind)
    {
        await using var app = await Firm(kind, 1_203);
        using var visitor = await app.Administrator();
        using (var set = await visitor.Json("PATCH", "/api/customers/7", """{"category":"retail","place":"Nanjing"}""", ("If-Match", "*"))) { Assert.Equal(HttpStatusCode.OK, set.StatusCode); }
        var page = await visitor.Page("/customers?kind=unknown");
        Assert.Equal(50, page.QuerySelectorAll("input[name=id][form=bulk]").Length);
        var bulk = await Chosen(visitor, ("verb", "set"), ("all", "true"), ("query", "?place=Wuhan"));
        Assert.NotNull((await visitor.Page(bulk + "?verb=set&field=category")).QuerySelector("form[action$='/preview'] input[name=value]"));
        // Who comes in later is not meant, nor one who goes.
        await app.Number("update customers_customer set place = 'Xian' where id = 5");
        await Given.Customers(app, "number,name\nLATE,late\n");
        await app.Number("update customers_customer set place = 'Wuhan' where number = 'LATE'");
        using (var looked = await visitor.Submit(bulk + "?verb=set&field=category", bulk + "/preview", ("verb", "set"), ("field", "category"), ("value", "wholesale")))
        {
            var preview = await Visitor.Parsed(await looked.Content.ReadAsStringAsync(Ct));
            Assert.Equal(["1,202", "0", "0"], preview.QuerySelectorAll(".stats .stat-value").Select(one => one.TextContent.Trim()));
            Assert.Equal("wholesale", preview.QuerySelector("form[action$='/run'] input[name=value]")!.GetAttribute("value"));
        }
        Assert.Equal(0, await app.Number("select count(*) from customers_customer where category = 'wholesale'"));
        foreach (var _ in Enumerable.Range(0, 2)) { (await visitor.Submit(bulk, bulk + "/run", ("verb", "set"), ("field", "category"), ("value", "wholesale"))).Dispose(); }
        await Ended(app, bulk);
        Assert.Equal(1_202, await app.Number("select count(*) from customers_customer where category = 'wholesale'"));
        Assert.Equal((1_202, 1_203, 1), (await app.Number("select count(*) from customers_change where new_value = 'wholesale'"), await app.Number("select count(*) from platform_audit where action = 'customer.edited'"), await app.Number("select count(*) from platform_job where kind = 'customers.bulk'")));
        Assert.Equal(1_202, await app.Number("select count(*) from platform_event where kind = 'customers.edited' and payload like '%category%' and record_id <> 7"));
        Assert.Equal(2, await app.Number("select version from customers_customer where id = 2"));
        // One is changed by hand before it is taken back.
        using (var other = await visitor.Json("PATCH", "/api/customers/3", """{"category":"mine"}""", ("If-Match", "*"))) { Assert.Equal(HttpStatusCode.OK, other.StatusCode); }
        Assert.Contains("1,202", (await visitor.Page("/customers")).QuerySelector(".bulk-undo")!.TextContent, StringComparison.Ordinal);
        var undo = await Undone(visitor, bulk);
        Assert.Equal(undo, await Undone(visitor, bulk));
        await Ended(app, undo);
        Assert.Equal((0, 1, 1), (await app.Number("select count(*) from customers_customer where category = 'wholesale'"), await app.Number("select count(*) from customers_customer where category = 'mine'"), await app.Number("select count(*) from customers_customer where category = 'retail'")));
        Assert.Contains("since", (await visitor.Page(undo + "?state=left-out")).QuerySelector("#list tbody")!.TextContent, StringComparison.Ordinal);
        Assert.Null((await visitor.Page("/customers")).QuerySelector(".bulk-undo"));
        using var twice = await visitor.Submit(undo, undo + "/undo", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, twice.StatusCode);
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Owners_tags_own_fields_names_and_the_bin_go_the_same_way_there_and_back(DatabaseKind kind)
    {
        await using var app = await Firm(kind, 12);
        using var visitor = await app.Administrator();
        await app.AddUser("anna");
        await Given.Field(visitor, "customers", "等级", "Grade", "grade", "text", ("indexed", "true"));
        using (var tagged = await visitor.Json("PUT", "/api/customers/2/tags", """{"tags":["VIP","old"]}""", ("If-Match", "*"))) { Assert.True(tagged.IsSuccessStatusCode); }
        var before = await State(app);
        foreach (var (input, check) in new[]
        {
            ("""{"verb":"assign","owner":"anna","query":""}""", "select count(*) from customers_customer where owner_id is not null and unit_id is not null"),
            ("""{"verb":"tag","tags":["vip","new"],"query":""}""", "select count(*) from customers_tagged g join customers_tag t on t.id = g.tag_id where t.name = 'VIP'"),
            ("""{"verb":"set","field":"custom.grade","value":"prime","query":""}""", "select count(*) from customers_customer where custom is not null"),
            ("""{"verb":"set","field":"name","value":"Renamed","query":""}""", "select count(*) from customers_customer where name = 'Renamed' and name_initials is not null"),
            ("""{"verb":"remove","query":""}""", "select count(*) from customers_binned"),
        })
        {
            var bulk = await Begun(visitor, input);
            await Ended(app, bulk);
            Assert.True(await app.Number(check) == 12, input);
            if (input.Contains("prime", StringComparison.Ordinal)) { Assert.Equal(12, (int)JsonNode.Parse(await visitor.Text("/api/customers?q=prime"))!["total"]!); }
            await Ended(app, await Undone(visitor, bulk));
            Assert.Equal(0, await app.Number($"select count(*) from customers_bulk_row where state = 3"));
            Assert.Equal(before, await State(app));
        }
        // Nothing is meant by silence: neither all of them, nor any verb.
        foreach (var silent in (string[])["""{"verb":"remove"}""", """{"query":""}"""])
        {
            using var refused = await visitor.Json("POST", "/api/customers/bulk-change", silent);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        var untag = await Begun(visitor, """{"verb":"untag","tags":["VIP"],"ids":[1,2,2]}""");
        await Ended(app, untag);
        Assert.Equal(["1 1", "2 1"], await Texts(app, $"select state, count(*) from customers_bulk_row where bulk_id = {untag.Split('/')[^1]} group by state order by state"));
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Each_is_changed_within_the_askers_scope_as_it_is_when_it_runs(DatabaseKind kind)
    {
        await using var app = await Firm(kind, 6);
        using var administrator = await app.Administrator();
        var anna = await app.AddUserWith("anna", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Edit] = RecordScope.Own }, new Dictionary<string, FieldAccess> { [CustomerPermissions.Records.Name] = new(2, 3) }));
        await app.Number($"update customers_customer set owner_id = {anna}, unit_id = 1 where id <= 4");
        using var visitor = await app.As("anna");
        await Persons.Erase(administrator, "K4");
        var id = await Chosen(visitor, ("verb", "set"), ("id", "1"), ("id", "2"), ("id", "4"), ("id", "5"), ("id", "99"));
        // Nobody sees or does what another one has begun, nor a thing that he may not.
        await NobodyElse(app, id);
        foreach (var wrong in new[] { ("field", "phone"), ("field", "owner_id"), ("field", "custom.none") })
        {
            using var refused = await visitor.Submit(id, id + "/preview", ("verb", "set"), wrong, ("value", "13800138000"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        using (var looked = await visitor.Submit(id, id + "/preview", ("verb", "set"), ("field", "place"), ("value", "Xian")))
        {
            Assert.Equal(["2", "0", "3"], (await Visitor.Parsed(await looked.Content.ReadAsStringAsync(Ct))).QuerySelectorAll(".stats .stat-value").Select(one => one.TextContent.Trim()));
        }
        // The second one is given to another before it runs.
        await app.Number("update customers_customer set owner_id = null where id = 2");
        (await visitor.Submit(id, id + "/run", ("verb", "set"), ("field", "place"), ("value", "Xian"))).Dispose();
        await Ended(app, id);
        Assert.Equal(["1 1 ", "2 3 access.record.refused", "4 3 privacy.erased", "5 3 access.record.refused", "99 3 bulk.reason.unknown"], await Texts(app, "select customer_id, state, reason from customers_bulk_row order by customer_id"));
        using var assign = await visitor.Json("POST", "/api/customers/bulk-change", """{"verb":"assign","owner":"anna","ids":[1]}""");
        Assert.Equal(HttpStatusCode.Forbidden, assign.StatusCode);
        // Shut out meanwhile, he changes nobody.
        var later = await Chosen(visitor, ("verb", "set"), ("id", "1"));
        await app.In(async services =>
        {
            await app.Number($"update platform_user set disabled_at = (select min(created_at) from platform_unit) where id = {anna}");
            await services.GetRequiredService<BeginBulk>().Run(new(anna, "anna", false), long.Parse(later.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture), new(BulkVerb.Set, "place", "Nowhere"), Ct);
            return true;
        });
        await Ended(app, later);
        Assert.Equal(0, await app.Number("select count(*) from customers_customer where place = 'Nowhere'"));
    }

    [Theory, OnBothDatabases]
    public async Task Cut_off_it_goes_on_with_the_rest_and_programs_ask_first_what_it_would_do(DatabaseKind kind)
    {
        await using var app = await Firm(kind, 1_100);
        using var visitor = await app.Administrator();
        using (var asked = await visitor.Json("POST", "/api/customers/bulk-change?dry-run=true", """{"verb":"set","field":"remark","value":"x","query":"place=Wuhan"}"""))
        {
            var told = JsonNode.Parse(await asked.Content.ReadAsStringAsync(Ct))!;
            Assert.Equal((1_100, 1_100, 0), ((int)told["total"]!, (int)told["done"]!, (int)told["leftOut"]!));
        }
        Assert.Equal(0, await app.Number("select count(*) from customers_bulk"));
        foreach (var wrong in new[] { """{"verb":"set","field":"email","value":"no","ids":[1]}""", """{"verb":"assign","owner":"nobody","ids":[1]}""", """{"verb":"tag","tags":[" "],"ids":[1]}""", """{"verb":"undo","ids":[1]}""", """{"verb":"set","field":"kind","value":"9","ids":[1]}""", """{"verb":"remove","ids":[]}""" })
        {
            using var refused = await visitor.Json("POST", "/api/customers/bulk-change", wrong);
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{wrong} answered {refused.StatusCode} {await refused.Content.ReadAsStringAsync(Ct)}");
        }
        var chosen = await Chosen(visitor, ("verb", "set"), ("all", "true"), ("query", "place=Wuhan"));
        var bulk = long.Parse(chosen.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        await app.Number($$"""update customers_bulk set change = '{"Verb":0,"Field":"remark","Value":"x"}' where id = {{bulk}}""");
        await app.In(async services =>
        {
            services.GetRequiredService<CurrentActor>().Become("administrator");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => services.GetRequiredService<RunBulk>().Run(bulk, _ => stop.Cancel(), stop.Token));
            Assert.Equal(500, await app.Number("select count(*) from customers_customer where remark = 'x'"));
            await services.GetRequiredService<RunBulk>().Run(bulk, _ => { }, Ct);
            return true;
        });
        Assert.Equal((1_100, 1_100), (await app.Number("select count(*) from customers_customer where remark = 'x'"), await app.Number("select count(*) from customers_change where field = 'remark'")));
        using var state = await visitor.Get($"/api/customers/bulk-change/{bulk}");
        Assert.True((bool)JsonNode.Parse(await state.Content.ReadAsStringAsync(Ct))!["finished"]!);
    }

    private static async Task NobodyElse(HuikeApp app, string id)
    {
        using var stranger = await app.UserWith(CustomerPermissions.Read);
        foreach (var path in new[] { id, id + "/progress" }) { Assert.Equal(HttpStatusCode.NotFound, (await stranger.Get(path)).StatusCode); }
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Submit("/customers", id + "/run", ("verb", "set"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Submit("/customers", id + "/undo", ("confirm", "true"))).StatusCode);
        Assert.Null((await stranger.Page("/customers")).QuerySelector("#bulk"));
    }

    internal static async Task<string> Begun(Visitor visitor, string input)
    {
        using var answer = await visitor.Json("POST", "/api/customers/bulk-change", input);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Ct));
        return answer.Headers.Location!.ToString().Replace("/api/customers/bulk-change", BulkChange.Path, StringComparison.Ordinal);
    }

    internal static async Task Ended(HuikeApp app, string path)
    {
        await Given.Drained(app);
        for (var i = 0; await app.Number($"select count(*) from customers_bulk where id = {path.Split('/')[^1]} and finished_at is not null") == 0; i++)
        {
            Assert.True(i < 500, "It does not end");
            await Task.Delay(20, Ct);
        }
    }

    private static async Task<string> Undone(Visitor visitor, string path)
    {
        using var answer = await visitor.Submit(path, path + "/undo", ("confirm", "true"));
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync(Ct));
        return answer.Headers.Location!.ToString();
    }

    private static async Task<string> Chosen(Visitor visitor, params (string, string)[] fields)
    {
        using var answer = await Persons.Form(visitor, "/customers", BulkChange.Path, fields);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync(Ct));
        return answer.Headers.Location!.ToString().Split('?')[0];
    }

    private static async Task<HuikeApp> Firm(DatabaseKind kind, int customers)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name,phone\n" + string.Concat(Enumerable.Range(1, customers).Select(i => $"K{i},Customer {i},139{i:D8}\n")));
        await app.Number("update customers_customer set place = 'Wuhan'");
        return app;
    }

    /// <summary>All customers and their tags, but for what counts changes.</summary>
    private static Task<List<string>> State(HuikeApp app) => Texts(app, "select c.id, c.number, c.name, c.sort_key, c.category, c.place, c.owner_id, c.unit_id, c.custom, (select count(*) from customers_tagged g where g.customer_id = c.id), (select count(*) from customers_standing s where s.customer_id = c.id) from customers_customer c order by c.id");

    private static async Task<List<string>> Texts(HuikeApp app, string sql)
    {
        await using var connection = await app.Database.Open(Ct);
        return await connection.Rows(sql, row => string.Join(' ', Enumerable.Range(0, row.FieldCount).Select(i => row.GetValue(i))), Ct);
    }
}
