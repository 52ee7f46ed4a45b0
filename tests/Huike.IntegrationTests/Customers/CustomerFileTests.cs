using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

public sealed class CustomerFileTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_timeline_shows_every_document_once_newest_first_and_opens_to_its_lines(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var csv = new StringBuilder("customer,date,document,product,quantity,price\n");
        for (var i = 0; i < 900; i++)
        {
            // Three lines a document; two documents share each minute; every tenth document takes something back.
            var document = i / 3;
            csv.Append(CultureInfo.InvariantCulture, $"K1,2024-01-01 {document / 2 / 60:00}:{document / 2 % 60:00},D{document},pot{i % 3},{(document % 10 == 9 && i % 3 == 2 ? -1 : 2)},5\n");
        }
        await Given.Ledger(app, csv.ToString());
        using var visitor = await app.Administrator();
        var seen = new List<string>();
        var next = "/customers/1?kind=purchases";
        for (var pages = 0; next is not null && pages < 100; pages++)
        {
            var page = await visitor.Page(next);
            seen.AddRange(page.QuerySelectorAll(".timeline .timeline-head strong").Select(title => title.TextContent.Split(' ', ',')[1]));
            next = page.QuerySelector(".timeline-more a")?.GetAttribute("href");
        }
        Assert.Equal(300, seen.Count);
        Assert.Equal(300, seen.Distinct().Count());
        Assert.Equal(seen.Select(Minute).OrderDescending(), seen.Select(Minute));
        var first = await visitor.Page("/customers/1");
        Assert.Contains("1 line returned", first.QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
        var lines = await visitor.Page(first.QuerySelector(".document-lines a")!.GetAttribute("href")!);
        Assert.Equal(3, lines.QuerySelectorAll("tbody tr").Length);
        Assert.Empty(app.Errors);

        static int Minute(string document) => int.Parse(document[1..], CultureInfo.InvariantCulture) / 2;
    }

    [Theory, OnBothDatabases]
    public async Task A_customer_with_very_many_lines_opens_with_a_bounded_page(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var csv = new StringBuilder("customer,date,document,product,quantity,price\n");
        for (var i = 0; i < 5_000; i++) { csv.Append(CultureInfo.InvariantCulture, $"K1,2024-01-01,D{i / 2000},pot{i},1,5\n"); }
        await Given.Ledger(app, csv.ToString());
        using var visitor = await app.Administrator();
        var page = await visitor.Page("/customers/1");
        // All at one instant: the sums are whole all the same.
        Assert.Equal(3, page.QuerySelectorAll(".document-lines").Length);
        Assert.Contains("2,000 lines", page.QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_form_sent_twice_makes_one_note_one_step_and_one_customer(DatabaseKind kind)
    {
        await using var app = await WithOne(kind);
        using var visitor = await app.Administrator();
        var key = Guid.CreateVersion7().ToString("N");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Sent(visitor, "/customers/1/notes", ("body", "called <b>back</b>"), ("formKey", key))));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Sent(visitor, "/customers/1/next-steps", ("what", "visit"), ("due", "2030-01-31"), ("formKey", key))));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => visitor.Submit("/customers/new", "/customers/new", ("name", "李雷"), ("kind", "person"), ("formKey", key))));
        Assert.Equal(1, await app.Number("select count(*) from customers_note"));
        Assert.Equal(1, await app.Number("select count(*) from customers_next_step"));
        Assert.Equal(2, await app.Number("select count(*) from customers_customer"));
        var page = await visitor.Page("/customers/1");
        Assert.Contains("called <b>back</b>", page.QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
        await Sent(visitor, "/customers/1/next-steps/1/done", ("confirm", "true"));
        Assert.Equal(1, await app.Number("select count(*) from customers_next_step where done_at is not null"));
        using var other = await visitor.Submit("/customers/1", "/customers/2/next-steps/1/done", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_pinned_stage_holds_at_once_and_goes_with_its_pin(DatabaseKind kind)
    {
        await using var app = await WithOne(kind);
        using var visitor = await app.Administrator();
        var before = await Stage(visitor);
        await Sent(visitor, "/customers/1/stage-pin", ("stage", "advocate"), ("reason", "sent us three friends"), ("until", "2030-12-31"));
        Assert.Equal("advocate", await Stage(visitor));
        Assert.Contains("sent us three friends", (await visitor.Page("/customers/1")).Body!.TextContent, StringComparison.Ordinal);
        await Sent(visitor, "/customers/1/stage-pin/removal", ("confirm", "true"));
        Assert.Equal(before, await Stage(visitor));
        Assert.Equal(2, await app.Number("select count(*) from customers_change where field = 'stage_pin'"));
        foreach (var (name, value) in new[] { ("stage", "x"), ("reason", ""), ("until", "2001-01-01") })
        {
            var fields = new Dictionary<string, string> { ["stage"] = "advocate", ["reason"] = "r", ["until"] = "2030-12-31", [name] = value };
            using var refused = await visitor.Submit("/customers/1", "/customers/1/stage-pin", [.. fields.Select(field => (field.Key, field.Value))]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
    }

    [Theory, OnBothDatabases]
    public async Task An_edit_keeps_old_and_new_values_and_refuses_what_another_changed_meanwhile(DatabaseKind kind)
    {
        await using var app = await WithOne(kind);
        using var visitor = await app.Administrator();
        var page = await visitor.Page("/customers/1/edit");
        var version = page.QuerySelector("input[name=version]")!.GetAttribute("value")!;
        (string, string)[] fields = [("version", version), ("name", "新名字"), ("phone", "138-0013-8000"), ("kind", "organisation"), ("formKey", Guid.CreateVersion7().ToString("N"))];
        using var saved = await visitor.Submit("/customers/1/edit", "/customers/1/edit", fields);
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        using var late = await visitor.Submit("/customers/1/edit", "/customers/1/edit", fields);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
        var json = JsonElement.Parse(await visitor.Text("/api/customers/1"));
        Assert.Equal(("新名字", "+8613800138000", "organisation"), (json.GetProperty("name").GetString(), json.GetProperty("phone").GetString(), json.GetProperty("kind").GetString()));
        Assert.Equal(3, await app.Number("select count(*) from customers_change"));
        Assert.Equal(1, JsonElement.Parse(await visitor.Text("/api/customers?q=xinmingzi")).GetProperty("total").GetInt64());
        foreach (var wrong in ((string Name, string Value)[])[("name", " "), ("email", "nobody"), ("creditCode", "91310000MA1K00000X"), ("remark", new string('x', 401))])
        {
            using var refused = await visitor.Submit("/customers/new", "/customers/new", [("formKey", Guid.CreateVersion7().ToString("N")), .. new Dictionary<string, string> { ["name"] = "a", [wrong.Name] = wrong.Value }.Select(field => (field.Key, field.Value))]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        using var twin = await visitor.Submit("/customers/new", "/customers/new", ("name", "b"), ("phone", "13800138000"), ("formKey", Guid.CreateVersion7().ToString("N")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, twin.StatusCode);
        Assert.NotNull((await Visitor.Parsed(await twin.Content.ReadAsStringAsync(Ct))).QuerySelector("a[href='/customers/1']"));
    }

    [Theory, OnBothDatabases]
    public async Task Reading_a_file_lets_nobody_change_it(DatabaseKind kind)
    {
        await using var app = await WithOne(kind);
        using var reader = await app.UserWith(CustomerPermissions.Read);
        Assert.Null((await reader.Page("/customers/1")).QuerySelector("form[action*='/customers/1/']"));
        using var refused = await reader.Post("/customers/1/notes", ("body", "x"), ("formKey", Guid.CreateVersion7().ToString("N")));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var writer = await app.UserWith(CustomerPermissions.Read, CustomerPermissions.Edit);
        using var forged = await writer.Post("/customers/1/notes", ("body", "x"), ("formKey", Guid.CreateVersion7().ToString("N")));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from customers_note"));
    }

    private static async Task<HuikeApp> WithOne(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name,phone\nK1,张三,13900139000\n");
        return app;
    }

    private static async Task<string?> Stage(Visitor visitor) => JsonElement.Parse(await visitor.Text("/api/customers/1")).GetProperty("stage").GetString();

    private static async Task Sent(Visitor visitor, string action, params (string Name, string Value)[] fields)
    {
        using var answer = await visitor.Submit("/customers/1", action, fields);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }
}
