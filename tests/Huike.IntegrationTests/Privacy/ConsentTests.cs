using System.Net;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Privacy;

public sealed class ConsentTests
{
    private const string Ledger = "/customers/consents";
    private const string Texts = "/admin/privacy/consent-texts";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_was_given_and_withdrawn_stays_and_the_newest_fact_of_a_channel_decides(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator();
        Assert.Contains("No consent is on record", await Card(visitor), StringComparison.Ordinal);
        await Done(visitor, ("purpose", "marketing"), ("channel", "all"), ("way", "paper"), ("proof", "form 12"), ("on", "2024-05-01"));
        Assert.Contains("Offers and news Given All channels", await Card(visitor), StringComparison.Ordinal);
        await Done(visitor, ("purpose", "marketing"), ("channel", "phone"), ("given", "false"), ("way", "call"));
        var card = await Card(visitor);
        Assert.Contains("Offers and news Withdrawn Phone", card, StringComparison.Ordinal);
        Assert.Contains("Offers and news Given Text message, E-mail, WeChat, Post", card, StringComparison.Ordinal);
        await Done(visitor, ("purpose", "marketing"), ("channel", "all"), ("given", "false"), ("way", "web"));
        Assert.Contains("Offers and news Withdrawn All channels", await Card(visitor), StringComparison.Ordinal);
        await Done(visitor, ("purpose", "marketing"), ("channel", "sms"), ("way", "web"));
        card = await Card(visitor);
        Assert.Contains("Offers and news Given Text message ·", card, StringComparison.Ordinal);
        Assert.Contains("History (4)", card, StringComparison.Ordinal);
        Assert.Contains("proof: form 12", card, StringComparison.Ordinal);
        Assert.Equal(4, await app.Number("select count(*) from customers_consent"));
        Assert.Equal(["""admin consent.withdrawn customer 1 [{"field":"purpose","old":null,"new":"Offers and news"},{"field":"channel","old":null,"new":"phone"},{"field":"way","old":null,"new":"call"}]""",
            """admin consent.withdrawn customer 1 [{"field":"purpose","old":null,"new":"Offers and news"},{"field":"channel","old":null,"new":"all"},{"field":"way","old":null,"new":"web"}]"""], await app.Entries("consent.withdrawn"));
    }

    [Theory, OnBothDatabases]
    public async Task A_form_sent_twice_is_one_fact_and_no_fact_can_be_changed_or_taken_away(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator();
        var key = Guid.CreateVersion7().ToString("N");
        foreach (var _ in new[] { 1, 2 })
        {
            using var sent = await visitor.Submit("/customers/1", "/customers/1/consents", ("formKey", key), ("purpose", "survey"), ("channel", "email"), ("way", "form"), ("proof", "sheet 3"));
            Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        }
        Assert.Equal((1, 1), (await app.Number("select count(*) from customers_consent"), (await app.Entries("consent.given")).Count));
        await using var connection = await app.Database.Open(Ct);
        foreach (var attempt in (string[])["update customers_consent set channel = 2", "update customers_consent set at = at", "update customers_consent set proof = 'x'", "delete from customers_consent", "update customers_consent_text set english = 'x'", "delete from customers_consent_text"])
        {
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => connection.Run(attempt, Ct));
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_consent_is_to_the_text_in_force_when_it_was_given(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator();
        await Done(visitor, ("purpose", "marketing"), ("channel", "all"), ("way", "form"));
        var purpose = await app.Number("select id from customers_purpose where code = 'marketing'");
        using var published = await visitor.Submit(Texts, $"{Texts}/{purpose}", ("chinese", "同意接收优惠。"), ("english", "Send me offers."));
        Assert.Equal(HttpStatusCode.Redirect, published.StatusCode);
        await Done(visitor, ("purpose", "marketing"), ("channel", "phone"), ("way", "form"));
        Assert.Equal((1, 2), (await app.Number("select t.version from customers_consent c join customers_consent_text t on t.id = c.text_id where c.channel = 0"), await app.Number("select t.version from customers_consent c join customers_consent_text t on t.id = c.text_id where c.channel = 1")));
        Assert.Equal(1, await app.Number("select count(*) from customers_consent_text where version = 1 and english like 'I agree that the firm%' and chinese like '本人同意%'"));
        var page = (await visitor.Page(Texts)).Body!.TextContent;
        Assert.Contains("Publish as version 3", page, StringComparison.Ordinal);
        Assert.Contains("I agree that the firm uses my name", page, StringComparison.Ordinal);
        foreach (var (chinese, english, fault) in new[] { ("同意接收优惠。", "Send me offers.", "Nothing is different"), ("", "x", "both languages"), ("长", new string('x', 4_001), "both languages") })
        {
            using var refused = await visitor.Submit(Texts, $"{Texts}/{purpose}", ("chinese", chinese), ("english", english));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains(fault, await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        Assert.Equal(2, await app.Number($"select count(*) from customers_consent_text where purpose_id = {purpose}"));
        Assert.Single(await app.Entries("consent-text.published"));
    }

    [Theory, OnBothDatabases]
    public async Task The_ledger_tells_all_facts_page_by_page_within_scope_and_programs_write_into_it(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name\nA,Ann\nB,Ben\n");
        for (var i = 0; i < 60; i++) { await Written(visitor, 1 + i % 2, $$"""{"purpose":"survey","channel":"post","given":{{(i % 3 > 0 ? "true" : "false")}},"at":"2024-05-{{1 + i / 2:00}}T08:00:00Z","proof":"={{i}}"}"""); }
        await Written(visitor, 1, """{"purpose":"marketing","channel":"sms","way":"web","proof":"page 9"}""");
        var first = await visitor.Page(Ledger);
        Assert.Equal(50, first.QuerySelectorAll("tbody tr").Length);
        var second = await visitor.Page(first.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal(11, second.QuerySelectorAll("tbody tr").Length);
        foreach (var (query, rows) in new[] { ("?purpose=marketing", 1), ("?channel=sms", 1), ("?state=in-force&purpose=survey", 2), ("?state=withdrawn", 20), ("?from=2024-05-01&to=2024-05-02", 4), ("?purpose=nothing", 0) })
        {
            Assert.Equal((query, rows), (query, (await visitor.Page(Ledger + query)).QuerySelectorAll("tbody tr").Length));
        }
        Assert.Contains("I agree that the firm", (await visitor.Page("/customers/1/consents?purpose=marketing")).QuerySelector("tbody details p")!.TextContent, StringComparison.Ordinal);
        foreach (var wrong in new[] { "?channel=drum", "?state=x", "?from=soon", "?from=2024-05-02&to=2024-05-01", "?before=x", "?before=99999999999999999999-1" })
        {
            using var refused = await visitor.Get(Ledger + wrong);
            Assert.Equal((wrong, HttpStatusCode.UnprocessableEntity), (wrong, refused.StatusCode));
        }
        var file = await visitor.Text(Ledger + "/export?for=sales&purpose=survey");
        Assert.Equal(61, file.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("'=1", file, StringComparison.Ordinal);
        Assert.Equal((1, 1), ((await app.Entries("export.begun")).Count, (await app.Entries("export.ended")).Count));
        using var without = await visitor.Get(Ledger + "/export");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, without.StatusCode);
        await app.AddUserWith("eve", 1, new(new Dictionary<string, Huike.Platform.Access.Records.RecordScope> { [CustomerPermissions.Read] = Huike.Platform.Access.Records.RecordScope.Own }, new Dictionary<string, Huike.Platform.Access.Roles.FieldAccess> { ["customers"] = Huike.Platform.Access.Roles.FieldAccess.Full }));
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'eve') where id = 2");
        using var eve = await app.As("eve");
        Assert.Equal(["Ben"], (await eve.Page(Ledger)).QuerySelectorAll("tbody .lead").Select(cell => cell.TextContent.Trim()).Distinct());
        foreach (var (path, status) in new[] { ("/customers/1/consents", HttpStatusCode.NotFound), ("/api/customers/1/consents", HttpStatusCode.NotFound), (Ledger + "/export?for=sales", HttpStatusCode.Forbidden) })
        {
            using var refused = await eve.Get(path);
            Assert.True(refused.StatusCode == status || refused.StatusCode == HttpStatusCode.Forbidden, $"{path} answered {(int)refused.StatusCode}");
        }
    }

    [Theory, OnBothDatabases]
    public async Task No_channel_is_allowed_unless_the_newest_fact_of_it_or_of_all_says_so(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name\nA,Ann\n");
        Assert.False(await Allowed("sms"));
        await Written(visitor, 1, """{"purpose":"marketing","at":"2024-05-01T08:00:00Z"}""");
        Assert.True(await Allowed("sms") && await Allowed("all"));
        await Written(visitor, 1, """{"purpose":"marketing","channel":"sms","given":false,"at":"2024-05-02T08:00:00Z"}""");
        Assert.Equal((false, true, false), (await Allowed("sms"), await Allowed("email"), await Allowed("all")));
        await Written(visitor, 1, """{"purpose":"survey","channel":"sms","at":"2024-05-03T08:00:00Z"}""");
        Assert.False(await Allowed("sms"));
        await Written(visitor, 1, """{"purpose":"marketing","channel":"sms","at":"2024-05-01T12:00:00Z"}""");
        Assert.False(await Allowed("sms"));
        await Written(visitor, 1, """{"purpose":"marketing","given":false}""");
        Assert.False(await Allowed("email"));
        foreach (var (body, fault) in new[] { ("""{"purpose":"sales"}""", "privacy.consent.purpose"), ("""{"purpose":"marketing","at":"2999-01-01T00:00:00Z"}""", "privacy.consent.day"), ($$"""{"purpose":"marketing","proof":"{{new string('x', 401)}}"}""", "privacy.consent.proof") })
        {
            using var refused = await visitor.Json("POST", "/api/customers/1/consents", body);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains(fault, await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }

        async Task<bool> Allowed(string channel) => (await visitor.Text("/api/customers/1/consents/allowed?channel=" + channel)).Contains("true", StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_consented_to_is_refused_in_words(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator();
        using var own = await visitor.Submit("/admin/privacy/processing/new", "/admin/privacy/processing/new", ("name", "Birthday gifts"), ("basis", "consent"));
        (string Fault, (string, string)[] Fields)[] cases =
        [
            ("rest on it", [("purpose", "sales"), ("channel", "all"), ("way", "form")]), ("rest on it", [("purpose", "nothing"), ("channel", "all"), ("way", "form")]), ("channel and how", [("purpose", "survey"), ("channel", "drum"), ("way", "form")]),
            ("channel and how", [("purpose", "survey"), ("channel", "sms"), ("way", "")]), ("today or a day before", [("purpose", "survey"), ("channel", "sms"), ("way", "form"), ("on", "2124-01-01")]),
            ("today or a day before", [("purpose", "survey"), ("channel", "sms"), ("way", "form"), ("on", "soon")]), ("at most 400", [("purpose", "survey"), ("channel", "sms"), ("way", "form"), ("proof", new string('9', 401))]),
            ("no consent text yet", [("purpose", "own-8"), ("channel", "all"), ("way", "form")]),
        ];
        foreach (var (fault, fields) in cases)
        {
            using var refused = await Persons.Form(visitor, "/customers/1", "/customers/1/consents", fields);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains(fault, System.Net.WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync(Ct)), StringComparison.Ordinal);
        }
        using var nobody = await Persons.Form(visitor, "/customers/1", "/customers/99/consents", ("purpose", "survey"), ("channel", "sms"), ("way", "form"));
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from customers_consent"));
        using var reader = await app.UserWith(CustomerPermissions.Read, "value.read");
        using var barred = await reader.Post("/customers/1/consents", ("__RequestVerificationToken", await reader.Token("/customers/1")), ("purpose", "survey"), ("channel", "sms"), ("way", "form"));
        Assert.Equal(HttpStatusCode.Forbidden, barred.StatusCode);
        Assert.DoesNotContain("Record a consent", (await reader.Page("/customers/1")).Body!.TextContent, StringComparison.Ordinal);
    }

    private static async Task Done(Visitor visitor, params (string, string)[] fields)
    {
        using var done = await Persons.Form(visitor, "/customers/1", "/customers/1/consents", fields);
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
    }

    /// <summary>Words of the card, one blank between.</summary>
    private static async Task Written(Visitor visitor, int customer, string body)
    {
        using var written = await visitor.Json("POST", $"/api/customers/{customer}/consents", body);
        Assert.True(written.StatusCode == HttpStatusCode.Created, await written.Content.ReadAsStringAsync(Ct));
    }

    private static async Task<string> Card(Visitor visitor) =>
        string.Join(' ', (await visitor.Page("/customers/1")).QuerySelector("#consents")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
