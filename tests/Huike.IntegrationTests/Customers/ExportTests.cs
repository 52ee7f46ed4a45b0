using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

/// <summary>What leaves as a file: by rules, by approval, with a mark, and whose copy it is.</summary>
public sealed class ExportTests
{
    private const int Count = 30;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_is_more_than_a_rule_lets_waits_for_approval_and_is_then_made_of_those_rows_for_its_asker_alone(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.Administrator();
        await Rules(admin, Rule(0, "small", "allow", ("mostRows", "10"), ("marked", "")), Rule(1, "large", "approve", ("approver", "administrator"), ("downloads", "2")));
        using var anna = await Anna(app);
        Assert.Contains("Up to 10 rows at once", (await anna.Page("/customers")).QuerySelector("form[action='/customers/export']")!.TextContent, StringComparison.Ordinal);
        using (var sent = await anna.Get("/customers/export?format=csv&purpose=sales&columns=number.phone"))
        {
            Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
            Assert.Contains("30 rows: more than 10 need approval by Administrator", await anna.Text(sent.Headers.Location!.OriginalString), StringComparison.Ordinal);
        }
        using (var silent = await Ask(anna, words: "")) { Assert.Equal(HttpStatusCode.UnprocessableEntity, silent.StatusCode); }
        var page = await Asked(anna);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anna.Submit(page, page + "/file", ("confirm", "true"))).StatusCode);
        // Of what was approved, what the asker may no longer take away stays behind; what comes meanwhile isn't in it.
        await app.Number("update customers_customer set owner_id = null where number = 'K3'");
        await Given.Customers(app, "number,name,phone\nLATE,late,13900139000\n");
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'anna') where number = 'LATE'");
        await Decide(app, admin, "approve");
        await Made(app);
        using var boss = await app.As("boss");
        foreach (var other in new[] { boss, admin })
        {
            using var refused = await other.Submit("/account", page + "/file", ("confirm", "true"));
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
        var csv = await Downloaded(anna, page);
        var lines = csv.TrimStart('\ufeff').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("(c) Export 1 · anna · ", lines[0], StringComparison.Ordinal);
        Assert.Equal("Name,Number,Phone", lines[1].Replace("\"", "", StringComparison.Ordinal));
        Assert.Equal(Count - 1, lines.Length - 2);
        Assert.DoesNotContain(lines, line => line.Contains("LATE", StringComparison.Ordinal) || line.Contains("K3,", StringComparison.Ordinal) || line.Contains("K3\"", StringComparison.Ordinal));
        await Downloaded(anna, page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anna.Submit(page, page + "/file", ("confirm", "true"))).StatusCode);
        foreach (var (action, count) in new[] { ("export.asked", 1), ("export.approved", 1), ("export.made", 1), ("export.downloaded", 2) }) { Assert.Equal((action, count), (action, (await app.Entries(action)).Count)); }
        var log = JsonElement.Parse(await admin.Text("/api/exports")).GetProperty("rows")[0];
        Assert.Equal((29, "admin", 2), (log.GetProperty("made").GetInt32(), log.GetProperty("decidedBy").GetString(), log.GetProperty("downloads").GetInt32()));
        Assert.Equal(0, await app.Number("select count(*) from customers_export where query <> '' or row_ids is not null"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task The_first_rule_that_fits_decides_by_purpose_role_fields_and_what_was_taken_today(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.Administrator();
        await Rules(admin, Rule(0, "no phones for offers", "refuse", ("personal", "with"), ("purposes", "marketing")), Rule(1, "of the day", "allow", ("mostPerDay", "45")));
        using var anna = await Anna(app);
        using (var phones = await anna.Get("/customers/export?format=csv&purpose=marketing&columns=phone")) { Assert.Contains("no phones for offers", await anna.Text(phones.Headers.Location!.OriginalString), StringComparison.Ordinal); }
        Assert.Contains("K7", await anna.Text("/customers/export?format=csv&purpose=marketing&columns=number"), StringComparison.Ordinal);
        // 30 of 45 are gone.
        using (var again = await anna.Get("/customers/export?format=csv&purpose=sales&columns=number")) { Assert.Contains("up to 15 are possible", await anna.Text(again.Headers.Location!.OriginalString), StringComparison.Ordinal); }
        using (var refused = await Ask(anna)) { Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode); }
        app.Clock.Advance(TimeSpan.FromHours(25));
        using var nextDay = await app.As("anna");
        Assert.Contains("K7", await nextDay.Text("/customers/export?format=csv&purpose=sales&columns=number"), StringComparison.Ordinal);
        Assert.Equal([30L, 30L], JsonElement.Parse(await nextDay.Text("/api/exports")).GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("made").GetInt64()));
        using var boss = await app.As("boss");
        Assert.Empty(JsonElement.Parse(await boss.Text("/api/exports")).GetProperty("rows").EnumerateArray());
        using var keeper = await app.As("admin");
        Assert.Equal(2, (await keeper.Page("/exports")).QuerySelectorAll("#list > .card:first-child tbody tr").Length);
    }

    [Theory, OnBothDatabases]
    public async Task What_was_refused_taken_back_or_has_expired_cannot_be_downloaded(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.Administrator();
        await Rules(admin, Rule(0, "all", "approve", ("approver", "administrator"), ("days", "2")));
        using var anna = await Anna(app);
        var (refused, cancelled) = (await Asked(anna), await Asked(anna));
        await Decide(app, admin, "reject", 1);
        Assert.Contains("Refused", await anna.Text(refused), StringComparison.Ordinal);
        using (var stranger = await admin.Submit("/account", cancelled + "/cancel", ("confirm", "true"))) { Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode); }
        foreach (var status in new[] { HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity }) { Assert.Equal(status, (await anna.Submit(cancelled, cancelled + "/cancel", ("confirm", "true"))).StatusCode); }
        // The approval comes too late then.
        await Decide(app, admin, "approve", 2);
        Assert.Contains("Cancelled", await anna.Text(cancelled), StringComparison.Ordinal);
        var expired = await Asked(anna);
        await Decide(app, admin, "approve", 3);
        await Made(app);
        app.Clock.Advance(TimeSpan.FromDays(3));
        using (var anew = await app.As("anna")) { Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anew.Submit(expired, expired + "/file", ("confirm", "true"))).StatusCode); }
        Assert.Equal((1, 0), ((await app.Entries("export.cancelled")).Count, (await app.Entries("export.downloaded")).Count));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Who_alone_could_approve_keeps_what_he_typed_and_is_told_what_can_be_done(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.Administrator();
        await Rules(admin, Rule(0, "all", "approve", ("approver", "administrator")));
        using var answer = await Ask(admin);
        var page = await Visitor.Parsed(await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("Nobody but you could approve this", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.NotEqual("", page.QuerySelector("textarea[name=words]")!.TextContent);
        Assert.Equal(0, await app.Number("select count(*) from customers_export"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_copy_that_is_found_is_led_back_by_its_mark_its_quotes_or_its_properties_and_still_loads(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.Administrator();
        await Rules(admin, Rule(0, "all", "allow", ("marked", "true")));
        using var anna = await Anna(app);
        var csv = await anna.Text("/customers/export?format=csv&purpose=sales&columns=number.phone.place");
        var unmarked = string.Join("\r\n", csv.Split("\r\n").Skip(4));
        using var answer = await anna.Get("/customers/export?purpose=sales&columns=number.phone");
        var workbook = await answer.Content.ReadAsByteArrayAsync(Ct);
        using (var archive = new ZipArchive(new MemoryStream(workbook)))
        {
            using var properties = new StreamReader(archive.GetEntry("docProps/core.xml")!.Open());
            Assert.Contains("<dc:identifier>HK", await properties.ReadToEndAsync(Ct), StringComparison.Ordinal);
        }
        Assert.Contains("/exports/1", await Whose(admin, text: csv[..120]), StringComparison.Ordinal);
        Assert.Contains("/exports/1", await Whose(admin, Given.Written(unmarked)), StringComparison.Ordinal);
        Assert.Contains("/exports/2", await Whose(admin, bytes: workbook), StringComparison.Ordinal);
        Assert.Contains("No trace", await Whose(admin, text: "Name,Number\r\nX,K1\r\n"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await anna.Get("/exports/whose")).StatusCode);
        // Loaded again it is the same customers.
        var told = await Given.Customers(app, csv);
        Assert.Equal(Count, await app.Number("select count(*) from customers_customer"));
        Assert.True(told.ToString().Length > 0);
    }

    [Theory, OnBothDatabases]
    public async Task Rules_are_saved_as_versions_and_wrong_ones_are_refused(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.Administrator();
        await Rules(admin, Rule(0, "second", "refuse", ("position", "9")), Rule(1, "first", "allow", ("position", "1")));
        var page = await admin.Page("/admin/exports");
        Assert.Equal("first", page.QuerySelector("input[name=rule0-name]")!.GetAttribute("value"));
        Assert.Contains("Version 1", page.Body!.TextContent, StringComparison.Ordinal);
        foreach (var fields in new (string, string)[][] { [("version", "1")], [("version", "0"), .. Rule(0, "late", "allow")], [("version", "1"), .. Rule(0, "x", "whim")], [("version", "1"), .. Rule(0, "x", "allow", ("mostRows", "-1"))], [("version", "1"), .. Rule(0, "x", "allow", ("role", "king"))], [("version", "1"), .. Rule(0, "x", "allow", ("days", "99"))] })
        {
            using var refused = await admin.Submit("/admin/exports", "/admin/exports", fields);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        Assert.Equal(1, await app.Number("select count(*) from customers_export_rules"));
        using var anna = await Anna(app);
        Assert.Equal(HttpStatusCode.Forbidden, (await anna.Get("/admin/exports")).StatusCode);
    }

    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name,phone\n" + string.Concat(Enumerable.Range(1, Count).Select(i => $"K{i},Customer {i:D2},138001300{i:D2}\n")));
        return app;
    }

    /// <summary>She exports her own customers, phones and all.</summary>
    private static async Task<Visitor> Anna(HuikeApp app)
    {
        var own = new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [CustomerPermissions.Export] = RecordScope.Own };
        foreach (var name in new[] { "anna", "boss" }) { await app.AddUserWith(name, 1, new(own, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full })); }
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'anna')");
        return await app.As("anna");
    }

    private static (string, string)[] Rule(int at, string name, string verdict, params (string Field, string Value)[] more) =>
        [.. new (string Field, string Value)[] { ("name", name), ("verdict", verdict), ("downloads", "1"), ("days", "7"), ("marked", "true") }.Where(field => more.All(other => other.Field != field.Field)).Concat(more).Select(field => ($"rule{at}-{field.Field}", field.Value))];

    private static async Task Rules(Visitor admin, params (string, string)[][] rules)
    {
        using var saved = await admin.Submit("/admin/exports", "/admin/exports", [("version", "0"), .. rules.SelectMany(rule => rule)]);
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
    }

    private static Task<HttpResponseMessage> Ask(Visitor visitor, string words = "for the fair") => visitor.Submit("/exports/new?of=customers&columns=number.phone", "/exports",
        ("of", "customers"), ("list", ""), ("columns", "number.phone"), ("why", "sales"), ("words", words), ("format", "csv"), ("formKey", Guid.CreateVersion7().ToString("N")));

    private static async Task<string> Asked(Visitor visitor)
    {
        using var asked = await Ask(visitor);
        Assert.True(asked.StatusCode == HttpStatusCode.Redirect, await asked.Content.ReadAsStringAsync(Ct));
        return asked.Headers.Location!.OriginalString;
    }

    private static async Task Decide(HuikeApp app, Visitor admin, string act, int approval = 1)
    {
        using var decided = await admin.Submit($"/approvals/{approval}", $"/approvals/{approval}/act", ("act", act), ("version", "1"), ("comment", "so be it"));
        Assert.True(decided.StatusCode == HttpStatusCode.Redirect, await decided.Content.ReadAsStringAsync(Ct));
        for (var tries = 0; tries < 100 && await app.Number("select count(*) from customers_export e join platform_approval a on a.id = e.approval_id where a.ended_at is not null and e.state = 0") > 0; tries++) { await Task.Delay(100, Ct); }
        await Given.Drained(app);
    }

    private static async Task Made(HuikeApp app) => await app.Services.GetRequiredService<JobRunner>().RunUntilDone(await app.Number("select max(id) from platform_job where kind = 'customers.export'"), _ => { }, Ct);

    private static async Task<string> Downloaded(Visitor visitor, string page)
    {
        using var file = await visitor.Submit(page, page + "/file", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        return await file.Content.ReadAsStringAsync(Ct);
    }

    private static async Task<string> Whose(Visitor admin, string? path = null, string text = "", byte[]? bytes = null)
    {
        if (bytes is not null) { await File.WriteAllBytesAsync(path = Given.Written("", Encoding.UTF8, "xlsx"), bytes, Ct); }
        using var answer = path is null ? await admin.Submit("/exports/whose", "/exports/whose", ("text", text)) : await admin.Upload("/exports/whose", "/exports/whose", "file", [path]);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Ct);
    }
}
