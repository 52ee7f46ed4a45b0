using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.IntegrationTests.Privacy;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>One file: a customer who is entered twice is met, at entry, by programs, in files and over the stock.</summary>
public sealed class DuplicateTests
{
    private static readonly (string, string)[] Everyone = [("everyone.phone", "warn"), ("everyone.email", "warn"), ("everyone.credit-code", "warn"), ("everyone.we-chat", "warn"), ("everyone.similar", "warn"), ("nightlyHour", "3"), ("similarFrom", "90"), ("queueFrom", "50")];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Who_is_entered_again_is_met_by_each_key_and_another_colleagues_customer_without_its_name(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.Administrator();
        (await admin.Submit("/customers/1", "/customers/1/contact-points", ("kind", "we-chat"), ("value", "zhang_san8"), ("formKey", Key()))).Dispose();
        foreach (var typed in new[] { ("phone", "139 0013 9000"), ("email", "SAN@example.com"), ("creditCode", "91440300708461136t") })
        {
            var met = await Typed(admin, ("name", "someone"), typed);
            Assert.NotNull(met.QuerySelector("a[href='/customers/1']"));
        }
        Assert.Empty((await Typed(admin, ("name", "someone"), ("phone", "13700000000"))).QuerySelectorAll("li"));
        Assert.Empty((await Typed(admin, ("name", "x"), ("self", "1"), ("phone", "13900139000"))).QuerySelectorAll("li"));
        Assert.NotNull((await Typed(admin, ("name", "李雷"), ("place", "杭州"))).QuerySelector("a[href='/customers/2']"));
        // Anna sees her own alone: that there is one she learns, and whom to ask.
        using var anna = await app.As("anna");
        var others = await Typed(anna, ("name", "a"), ("phone", "13900139000"));
        Assert.Contains("ben", others.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("张三", others.TextContent, StringComparison.Ordinal);
        Assert.Empty(others.QuerySelectorAll("a:not([target])"));
        using var refused = await anna.Json("POST", "/api/customers", """{"name":"a","phone":"13900139000"}""");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.DoesNotContain("张三", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        await Rules(admin, ("showsName", "true"));
        Assert.Contains("张三", (await Typed(anna, ("name", "a"), ("phone", "13900139000"))).TextContent, StringComparison.Ordinal);
        using var stranger = await app.UserWith(CustomerPermissions.Read);
        using var forbidden = await stranger.Post("/customers/twins", ("name", "a"), ("phone", "13900139000"));
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_rule_warns_blocks_or_allows_by_role(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.Administrator();
        using var anna = await app.As("anna");
        (string, string)[] typed = [("name", "b"), ("phone", "13900139000")];
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await New(anna, typed));
        Assert.Equal(HttpStatusCode.Redirect, await New(anna, [.. typed, ("anyway", "true")]));
        await Rules(admin, ("everyone.phone", "block"), ("administrator.phone", "allow"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await New(anna, [.. typed, ("anyway", "true")]));
        using var held = await anna.Json("POST", "/api/customers", """{"name":"b","phone":"13900139000","anyway":true}""");
        Assert.Equal((HttpStatusCode.Conflict, true), (held.StatusCode, (await held.Content.ReadAsStringAsync(Ct)).Contains("customers.form.twinBlocked", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Redirect, await New(admin, typed));
        using var wrong = await admin.Submit("/admin/duplicates", "/admin/duplicates", [.. Everyone[..^2], ("similarFrom", "10"), ("queueFrom", "50")]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        // A program reads whom it met, as far as it may.
        using var anew = await anna.Json("POST", "/api/customers", """{"name":"b","phone":"13900139000"}""");
        Assert.Equal("block", (string?)JsonNode.Parse(await anew.Content.ReadAsStringAsync(Ct))!["twins"]![0]!["action"]);
        Assert.Equal(4, await app.Number("select count(*) from customers_customer"));
    }

    [Theory, OnBothDatabases]
    public async Task Weights_that_are_set_take_the_place_of_those_that_are_learned(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var admin = await app.Administrator();
        await Given.Customers(app, Stock());
        await Compare(app, admin);
        Assert.Equal(40, await app.Number("select count(*) from customers_duplicate"));
        Assert.Contains("Learned: ", (await admin.Page("/admin/duplicates")).QuerySelector("#phone-same")!.Closest(".field")!.TextContent, StringComparison.Ordinal);
        foreach (var (name, value) in new[] { ("phone.same", "7"), ("phone.same", "many"), ("nightlyHour", "24") })
        {
            using var wrong = await admin.Submit("/admin/duplicates", "/admin/duplicates", [.. Everyone.Where(usual => usual.Item1 != name), (name, value)]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        }
        string[] fields = ["name", "phone", "email", "credit_code", "wechat", "address"];
        await Rules(admin, [.. fields.SelectMany(field => new[] { (field + ".same", "-10"), (field + ".differs", "-10.5") })]);
        Assert.Equal("-10.5", (await admin.Page("/admin/duplicates")).QuerySelector("#phone-differs")!.GetAttribute("value"));
        await Compare(app, admin);
        Assert.Equal(0, await app.Number("select count(*) from customers_duplicate"));
    }

    [Theory, OnBothDatabases]
    public async Task Another_customers_number_is_added_to_a_file_only_by_who_says_so(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.Administrator();
        using var told = await admin.Submit("/customers/2", "/customers/2/contact-points", ("kind", "phone"), ("value", "13900139000"), ("formKey", Key()));
        Assert.Equal(HttpStatusCode.Conflict, told.StatusCode);
        Assert.Contains("张三", await told.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var program = await admin.Json("POST", "/api/customers/2/contact-points", """{"kind":"phone","value":"13900139000"}""");
        Assert.Equal(HttpStatusCode.Conflict, program.StatusCode);
        using var anyway = await admin.Submit("/customers/2", "/customers/2/contact-points", ("kind", "phone"), ("value", "13900139000"), ("anyway", "true"), ("formKey", Key()));
        Assert.Equal(HttpStatusCode.Redirect, anyway.StatusCode);
        using var edited = await admin.Submit("/customers/2/edit", "/customers/2/edit", ("name", "李雷"), ("email", "san@example.com"), ("version", "2"), ("formKey", Key()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, edited.StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from customers_customer where id = 2 and email is not null"));
    }

    [Theory, OnBothDatabases]
    public async Task A_file_brings_doubles_in_or_leaves_them_out_as_the_rules_say_and_counts_them(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.Administrator();
        var warned = await Given.Customers(app, "number,name,phone\nX1,Z San,13900139000\nX2,new,13511112222\nX3,again,13511112222\n");
        Assert.Equal((3, 2, 0), (warned.GetProperty("added").GetInt64(), warned.GetProperty("twins").GetInt64(), warned.GetProperty("twinsLeftOut").GetInt64()));
        await Rules(admin, ("import.phone", "block"));
        var left = await Given.Customers(app, "number,name,phone\nY1,Z San,13900139000\nY2,new,13533334444\nX2,new,13511112222\n");
        Assert.Equal((1, 0, 1), (left.GetProperty("added").GetInt64(), left.GetProperty("twins").GetInt64(), left.GetProperty("twinsLeftOut").GetInt64()));
        Assert.Equal(0, await app.Number("select count(*) from customers_customer where number = 'Y1'"));
        // What was left out is told row by row, and comes back in a file.
        var told = Assert.Single(left.GetProperty("refusedSample").EnumerateArray());
        Assert.Equal((2, "Y1 | Z San | 13900139000"), (told.GetProperty("Line").GetInt64(), told.GetProperty("Row").GetString()));
        Assert.Contains("phone", told.GetProperty("Reason").GetString(), StringComparison.Ordinal);
        Assert.Single(left.GetProperty("refusedFiles").EnumerateArray());
    }

    [Theory, OnBothDatabases]
    public async Task A_file_brings_who_is_like_another_only_where_the_rules_let_it(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.Administrator();
        await Rules(admin, ("import.similar", "block"));
        var before = await Given.Customers(app, "number,name,city\nX1,李雷,杭州\nX2,李雷,上海\nX3,利雷,杭州\nX4,韩梅,宁波\nX5,韩梅,宁波\n");
        Assert.Equal((3, 2), (before.GetProperty("added").GetInt64(), before.GetProperty("twinsLeftOut").GetInt64()));
        Assert.Equal(["X1", "X5"], before.GetProperty("refusedSample").EnumerateArray().Select(row => row.GetProperty("Row").GetString()!.Split(' ')[0]));
        // By what was learned more is alike than what is written the same.
        await Rules(admin, ("import.similar", "warn"));
        await Given.Customers(app, Stock());
        await Compare(app, admin);
        var after = await Given.Customers(app, "number,name,phone,address\nZ1,Person Toven Storlo 7,13800000007,7 Green road\nZ2,Quite Another,13711110000,1 Sea street\n");
        Assert.Equal((2, 1), (after.GetProperty("added").GetInt64(), after.GetProperty("twins").GetInt64()));
    }

    [Theory, OnBothDatabases]
    public async Task The_whole_stock_is_compared_and_what_is_decided_stays_decided(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var admin = await app.Administrator();
        await Given.Customers(app, Stock());
        await Compare(app, admin);
        var list = await admin.Page("/duplicates");
        Assert.Equal(40, list.QuerySelectorAll("tbody tr").Length);
        var first = list.QuerySelector("tbody a")!.GetAttribute("href")!;
        var shown = await admin.Page(first);
        Assert.Contains("Phone", shown.QuerySelector("table")!.TextContent, StringComparison.Ordinal);
        using var decided = await admin.Submit(first, first, ("different", "true"));
        Assert.Equal(HttpStatusCode.Redirect, decided.StatusCode);
        Assert.Equal((39, 1), ((await admin.Page("/duplicates")).QuerySelectorAll("tbody tr").Length, (await admin.Page("/duplicates?state=different")).QuerySelectorAll("tbody tr").Length));
        // Compared again it stays away, and nothing comes twice; who differs by now goes.
        await app.Number("update customers_customer set name = 'Quite another', phone = '+8613100000000', address = null where number = 'B5'");
        await Compare(app, admin);
        Assert.Equal((38, 1), (await app.Number("select count(*) from customers_duplicate where state = 0"), await app.Number("select count(*) from customers_duplicate where state = 1")));
        using var back = await admin.Submit(first, first, ("back", "pair"));
        Assert.Equal(39, await app.Number("select count(*) from customers_duplicate where state = 0"));
        Assert.Equal((1, 1), ((await app.Entries("customer.not-duplicate")).Count, (await app.Entries("customer.maybe-duplicate")).Count));
        Assert.Single((await admin.Page($"/customers/{await app.Number("select id from customers_customer where number = 'A7'")}")).QuerySelectorAll("#duplicates li"));
        // Programs read and decide the same.
        var page = JsonNode.Parse(await admin.Text("/api/duplicates?from=50"))!;
        var id = page["rows"]![0]!["id"]!.GetValue<long>();
        Assert.Equal((39, 6), (page["rows"]!.AsArray().Count, page["rows"]![0]!["reasons"]!.AsArray().Count));
        using var blind = await admin.Json("PUT", $"/api/duplicates/{id}", """{"different":true}""");
        Assert.Equal(HttpStatusCode.PreconditionRequired, blind.StatusCode);
        using var put = await admin.Json("PUT", $"/api/duplicates/{id}", """{"different":true}""", ("If-Match", "\"1\""));
        Assert.Equal((HttpStatusCode.OK, "different"), (put.StatusCode, JsonNode.Parse(await put.Content.ReadAsStringAsync(Ct))!["state"]!.GetValue<string>()));
        foreach (var wrong in new[] { "?state=other", "?from=x", "?after=1", "?after=NaN_1" })
        {
            using var refused = await admin.Get("/duplicates" + wrong);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        // By what was learned, a new one that is like another is met too.
        Assert.Contains("Very similar", (await Typed(admin, ("name", "Person Toven Storlo 7"), ("phone", "+8613800000007"), ("address", "7 Green road"))).TextContent, StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_entered_all_the_same_is_in_the_queue_at_once(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var admin = await app.Administrator();
        await Given.Customers(app, Stock());
        await Compare(app, admin);
        var open = await app.Number("select count(*) from customers_duplicate where state = 0");
        Assert.Equal(HttpStatusCode.Redirect, await New(admin, ("name", "Person Toven Storlo 7"), ("phone", "+8613800000007"), ("address", "7 Green road"), ("anyway", "true")));
        var queued = JsonNode.Parse(await admin.Text("/api/duplicates?from=50"))!["rows"]!.AsArray().Where(row => row!["customerName"]!.GetValue<string>() == row["otherName"]!.GetValue<string>()).ToList();
        Assert.True(await app.Number("select count(*) from customers_duplicate where state = 0") > open);
        Assert.Contains(queued, row => row!["reasons"]!.AsArray().Count == 6);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_pair_is_only_for_who_may_see_both(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var admin = await app.Administrator();
        await Given.Customers(app, Stock());
        await Compare(app, admin);
        var anna = await app.AddUserWith("anna", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [DuplicatePermissions.Review] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(2, 2) }));
        await app.Number($"update customers_customer set owner_id = {anna}, unit_id = 1 where number in ('A1', 'A2', 'B2')");
        using var visitor = await app.As("anna");
        var row = Assert.Single((await visitor.Page("/duplicates")).QuerySelectorAll("tbody tr"));
        var hers = await visitor.Page(row.QuerySelector("a")!.GetAttribute("href")!);
        Assert.DoesNotContain("+8613800000002", hers.Body!.TextContent, StringComparison.Ordinal);
        var half = await app.Number("select d.id from customers_duplicate d join customers_customer c on c.id = d.a_id where c.number = 'A1'");
        using var refused = await visitor.Get($"/duplicates/{half}");
        using var program = await visitor.Get($"/api/duplicates/{half}");
        using var decided = await visitor.Submit("/duplicates", $"/duplicates/{half}", ("different", "true"));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (refused.StatusCode, program.StatusCode, decided.StatusCode));
        using var rules = await visitor.Get("/admin/duplicates");
        Assert.Equal(HttpStatusCode.Forbidden, rules.StatusCode);
        using var stranger = await app.UserWith(CustomerPermissions.Read);
        using var list = await stranger.Get("/duplicates");
        Assert.Equal(HttpStatusCode.Forbidden, list.StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from customers_duplicate where state <> 0"));
        // Who is removed is in no pair any more.
        using var removed = await admin.Json("DELETE", $"/api/customers/{await app.Number("select id from customers_customer where number = 'B9'")}", headers: ("If-Match", "*"));
        Assert.Equal(39, await app.Number("select count(*) from customers_duplicate"));
    }

    /// <summary>Forty customers twice, with a letter and a number otherwise, among two hundred who are one each.</summary>
    private static string Stock()
    {
        string[] first = ["Kalo", "Mira", "Toven", "Saskia", "Ludo"];
        string[] second = ["Renmi", "Gorhen", "Vilstad", "Bertan", "Wickzan", "Durpas", "Elinor", "Storlo"];
        var text = new System.Text.StringBuilder("number,name,phone,address\n");
        for (var i = 0; i < 240; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"A{i},Person {first[i % 5]} {second[i % 8]} {i},+861380000{i:0000},{i} Green road\n");
            if (i < 40) { text.Append(System.Globalization.CultureInfo.InvariantCulture, $"B{i},Persom {first[i % 5]} {second[i % 8]} {i},+861380000{i:0000},{i} Green road\n"); }
        }
        return text.ToString();
    }

    private static async Task Compare(HuikeApp app, Visitor admin)
    {
        using var asked = await admin.Submit("/duplicates", "/admin/duplicates/comparison", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        await Given.Drained(app);
        Assert.Equal(0, await app.Number("select count(*) from platform_job where state = 3"));
    }

    private static async Task Rules(Visitor admin, params (string, string)[] more)
    {
        using var saved = await admin.Submit("/admin/duplicates", "/admin/duplicates", [.. Everyone.Where(usual => !more.Any(own => own.Item1 == usual.Item1)), .. more]);
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
    }

    private static async Task<HttpStatusCode> New(Visitor visitor, params (string, string)[] fields)
    {
        using var answer = await visitor.Submit("/customers/new", "/customers/new", [.. fields, ("formKey", Key())]);
        return answer.StatusCode;
    }

    private static string Key() => Guid.CreateVersion7().ToString("N");

    /// <summary>What is told while a form is being filled in.</summary>
    private static async Task<AngleSharp.Dom.IElement> Typed(Visitor visitor, params (string, string)[] fields)
    {
        using var answer = await visitor.Submit("/customers/new", "/customers/twins", fields);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await Visitor.Parsed(await answer.Content.ReadAsStringAsync(Ct))).QuerySelector("#twins")!;
    }

    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        (await app.Administrator()).Dispose();
        await Given.Customers(app, "number,name,phone,email,unified social credit code,city\nK1,张三,13900139000,San@example.com,91440300708461136T,\nK2,李雷,,,,杭州\n");
        var ben = await app.AddUserWith("ben", 1, Own());
        await app.AddUserWith("anna", 1, Own());
        await app.Number($"update customers_customer set owner_id = {ben}, unit_id = 1 where number = 'K1'");
        return app;
    }

    private static RoleDefinition Own() => new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [CustomerPermissions.Create] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full });
}
