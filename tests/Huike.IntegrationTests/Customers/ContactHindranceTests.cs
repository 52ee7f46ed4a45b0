using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>What speaks against a contact: frequency over all channels, consent, quiet hours, the customer's wishes; for people and for programs.</summary>
public sealed class ContactHindranceTests
{
    private const string Claim = "/api/customers/1/contact-claim";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Of_two_programs_at_once_one_is_told_of_the_other_and_a_wish_sent_twice_is_one(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        using var ben = await app.As("ben");
        for (var i = 0; i < 5; i++)
        {
            var answers = await Task.WhenAll(Ask(anna), Ask(ben));
            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
            var told = JsonNode.Parse(await answers.Single(answer => answer.StatusCode == HttpStatusCode.Conflict).Content.ReadAsStringAsync(Ct))!;
            var (winner, name) = answers[0].StatusCode == HttpStatusCode.OK ? (anna, "anna") : (ben, "ben");
            Assert.Equal(("customers.voice.warned", true, "claimed", name), (told["code"]!.GetValue<string>(), told["mayAnyway"]!.GetValue<bool>(), told["reasons"]![0]!["kind"]!.GetValue<string>(), told["reasons"]![0]!["by"]!.GetValue<string>()));
            Assert.Contains("Email, Service.", told["reasons"]![0]!["detail"]!.GetValue<string>().Replace("E-mail", "Email", StringComparison.Ordinal), StringComparison.Ordinal);
            for (var again = 0; again < 2; again++) { Assert.Equal(HttpStatusCode.NoContent, (await winner.Json("DELETE", Claim)).StatusCode); }
            Assert.Equal(0, await app.Number("select count(*) from customers_contact_claim"));
        }
        (string, string)[] key = [("Idempotency-Key", "one-wish")];
        using var first = await anna.Json("POST", Claim, """{"channel":"email","purpose":"sales"}""", key);
        using var second = await anna.Json("POST", Claim, """{"channel":"email","purpose":"sales"}""", key);
        Assert.Equal(await first.Content.ReadAsStringAsync(Ct), await second.Content.ReadAsStringAsync(Ct));
        Assert.True(second.Headers.Contains("Idempotent-Replay"));
        var voice = JsonNode.Parse(await ben.Text(Claim))!;
        Assert.Equal(("anna", false, "sales", "claimed"), (voice["claim"]!["by"]!.GetValue<string>(), voice["claim"]!["isMine"]!.GetValue<bool>(), voice["claim"]!["purpose"]!.GetValue<string>(), voice["reasons"]![0]!["kind"]!.GetValue<string>()));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Marketing_waits_for_consent_to_its_channel_whatever_the_rules_say(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        using var admin = await app.As("admin");
        Assert.Equal([("no-consent", true)], await Reasons(anna, "email", "marketing"));
        using var held = await anna.Json("POST", Claim, """{"channel":"email","purpose":"marketing","anyway":true}""");
        Assert.Equal(HttpStatusCode.Conflict, held.StatusCode);
        using var onPage = await anna.Submit("/customers/1", "/customers/1/contact", ("channel", "email"), ("purpose", "marketing"), ("anyway", "true"));
        var page = await Visitor.Parsed(await onPage.Content.ReadAsStringAsync(Ct));
        Assert.Equal((HttpStatusCode.Conflict, "#consents"), (onPage.StatusCode, page.QuerySelector(".alert a")!.GetAttribute("href")));
        Assert.Null(page.QuerySelector("button[name=anyway][value=true]"));
        await Consented(app, 3, given: true);
        // Consent to e-mail is none to calls, and none to anything by all ways; service rests on the contract.
        Assert.Equal([[], [("no-consent", true)], [("no-consent", true)], []], new[] { await Reasons(anna, "email", "marketing"), await Reasons(anna, "sms", "marketing"), await Reasons(anna, "visit", "marketing"), await Reasons(anna, "sms", "service") });
        using var begun = await anna.Json("POST", Claim, """{"channel":"email","purpose":"marketing"}""");
        Assert.Equal(HttpStatusCode.OK, begun.StatusCode);
        // Withdrawn, it holds the one who is about to as well; and selling is no longer welcome there.
        await Consented(app, 0, given: false);
        Assert.Equal([("no-consent", true)], await Reasons(anna, "email", "marketing"));
        Assert.Equal([("claimed", false), ("withdrawn", false)], await Reasons(admin, "email", "sales"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Contacts_of_ours_are_counted_over_all_channels_and_of_oneself_too(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        using var admin = await app.As("admin");
        await Rule(admin, ("daysBetween", "0"), ("capContacts", "3"), ("capDays", "10"));
        foreach (var (how, side) in ((string, string)[])[("call", "us"), ("email", "us"), ("visit", "customer"), ("note", "none")]) { await Told(anna, how, side); }
        Assert.Empty(await Reasons(anna, "email", "service"));
        using var promised = await anna.Json("POST", "/api/customers/1/next-steps", """{"what":"bring the samples","due":"2030-01-31"}""");
        await Told(anna, "message", "us", "sent the winter offer");
        Assert.Equal([("often", false)], await Reasons(anna, "email", "service"));
        using var warned = await anna.Submit("/customers/1", "/customers/1/contact", ("channel", "email"), ("purpose", "service"));
        var alert = (await Visitor.Parsed(await warned.Content.ReadAsStringAsync(Ct))).QuerySelector(".alert")!.TextContent;
        foreach (var fact in (string[])["3 times within 10 days", "anna contacted them lately", "Message: sent the winter offer", "bring the samples"]) { Assert.Contains(fact, alert, StringComparison.Ordinal); }
        await Rule(admin, ("daysBetween", "0"), ("capContacts", "3"), ("capDays", "10"), ("blocks", "true"));
        using var blocked = await anna.Json("POST", Claim, """{"channel":"email","purpose":"service","anyway":true}""");
        Assert.Equal("customers.voice.blocked", JsonNode.Parse(await blocked.Content.ReadAsStringAsync(Ct))!["code"]!.GetValue<string>());
        await Rule(admin, ("daysBetween", "0"), ("capContacts", "0"));
        Assert.Equal([[], []], new[] { await Reasons(anna, "email", "service"), await Reasons(admin, "email", "service") });
        // The type of the relationship asks for more days than the firm.
        using var ruled = await admin.Submit("/admin/relationship", "/admin/relationship", ("highMargin", "4"), ("lowMargin", "0.25"), ("manyPercent", "40"), ("fewPercent", "3"), ("daysAhead", "5"), ("daysForgotten", "20"), ("language", "en"), ("least.basic", "14"));
        using var typed = await admin.Json("PUT", "/api/customers/1/relationship", """{"type":"basic","reason":"buys once"}""", ("If-Match", "*"));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.OK), (ruled.StatusCode, typed.StatusCode));
        Assert.Equal([("lately", false)], await Reasons(admin, "email", "service"));
        await Rule(admin, ("daysBetween", "0"), ("capContacts", "3"), ("capDays", "10"));
        app.Clock.Advance(TimeSpan.FromDays(10));
        using var later = await app.As("anna");
        Assert.Empty(await Reasons(later, "email", "service"));
        foreach (var (name, wrong) in ((string, string)[])[("capContacts", "51"), ("capDays", "0"), ("quietFrom", "24"), ("quietTo", "x")]) { Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Ruled(await app.As("admin"), (name, wrong))).StatusCode); }
    }

    [Theory, OnBothDatabases]
    public async Task Quiet_hours_and_what_the_customer_likes_are_warned_of_all_at_once(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        using var admin = await app.As("admin");
        var local = app.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8));
        string Hour(int more) => ((local.Hour + more + 24) % 24).ToString(CultureInfo.InvariantCulture);
        await Rule(admin, ("quietFrom", Hour(2)), ("quietTo", Hour(-2)));
        Assert.Empty(await Reasons(anna, "phone", "service"));
        await Rule(admin, ("quietFrom", Hour(-1)), ("quietTo", Hour(2)));
        Assert.Equal([[("quiet", false)], []], new[] { await Reasons(anna, "phone", "service"), await Reasons(anna, "sms", "service") });
        var otherDay = local.AddDays(3).DayOfWeek.ToString().ToLowerInvariant();
        using var wish = await anna.Submit("/customers/1", "/customers/1/reach", ("channel", "sms"), ("day", otherDay));
        Assert.Equal([[("quiet", false), ("channel", false), ("hours", false)], [("hours", false)], [("channel", false)]], new[] { await Reasons(anna, "phone", "service"), await Reasons(anna, "sms", "service"), await Reasons(anna, "email", "service") });
        using var begun = await anna.Json("POST", Claim, """{"channel":"phone","purpose":"service","anyway":true}""");
        Assert.Equal(HttpStatusCode.OK, begun.StatusCode);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_may_not_is_refused_and_what_was_not_chosen_is_asked_for(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        await app.AddUserWith("carl", 1, new(new Dictionary<string, RecordScope> { ["customers.read"] = RecordScope.All }, new Dictionary<string, FieldAccess>()));
        await app.AddUserWith("dora", 1, new(new Dictionary<string, RecordScope> { ["customers.read"] = RecordScope.Own, ["customers.edit"] = RecordScope.Own }, new Dictionary<string, FieldAccess>()));
        using var carl = await app.As("carl");
        using var dora = await app.As("dora");
        using var anna = await app.As("anna");
        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK], [(await Ask(carl)).StatusCode, (await carl.Json("DELETE", Claim)).StatusCode, (await carl.Get(Claim)).StatusCode]);
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound], [(await Ask(dora)).StatusCode, (await dora.Json("DELETE", Claim)).StatusCode, (await dora.Get(Claim)).StatusCode]);
        foreach (var wrong in (string[])["""{"channel":"fax","purpose":"service"}""", """{"channel":"email","purpose":"fun"}""", """{"channel":null,"purpose":"sales"}"""]) { Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anna.Json("POST", Claim, wrong)).StatusCode); }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anna.Get(Claim + "?channel=email")).StatusCode);
        using var dry = await anna.Json("POST", Claim + "?dry-run=true", """{"channel":"email","purpose":"sales"}""");
        Assert.Equal((HttpStatusCode.OK, 0), (dry.StatusCode, await app.Number("select count(*) from customers_contact_claim")));
    }

    private static Task<HttpResponseMessage> Ask(Visitor visitor) => visitor.Json("POST", Claim, """{"channel":"email","purpose":"service"}""");

    private static async Task<List<(string, bool)>> Reasons(Visitor visitor, string channel, string purpose) =>
        [.. JsonNode.Parse(await visitor.Text($"{Claim}?channel={channel}&purpose={purpose}"))!["reasons"]!.AsArray().Select(reason => (reason!["kind"]!.GetValue<string>(), reason["holds"]!.GetValue<bool>()))];

    private static async Task Told(Visitor visitor, string how, string side, string body = "said")
    {
        using var told = await visitor.Json("POST", "/api/customers/1/notes", $$"""{"body":"{{body}}","kind":"{{how}}","side":"{{side}}"}""");
        Assert.Equal(HttpStatusCode.Created, told.StatusCode);
    }

    private static async Task Consented(HuikeApp app, int channel, bool given)
    {
        await using var connection = await app.Database.Open(Ct);
        await connection.Run("insert into customers_consent (customer_id, purpose_id, channel, given, at, way, proof, created_at, created_by, form_key) select 1, id, @channel, @given, @at, 1, '', @at, 'x', @key from customers_purpose where code = 'marketing'", Ct,
            ("channel", channel), ("given", given), ("at", app.Clock.GetUtcNow()), ("key", Guid.CreateVersion7().ToString("N")));
    }

    private static async Task Rule(Visitor admin, params (string Name, string Value)[] rules) => Assert.Equal(HttpStatusCode.Redirect, (await Ruled(admin, rules)).StatusCode);

    private static Task<HttpResponseMessage> Ruled(Visitor admin, params (string Name, string Value)[] rules) => admin.Submit("/admin/contact-rules", "/admin/contact-rules",
        [.. rules, .. new[] { ("daysBetween", "7"), ("capContacts", "5"), ("capDays", "30"), ("quietFrom", "0"), ("quietTo", "0"), ("minutesKept", "30") }.Where(usual => rules.All(rule => rule.Name != usual.Item1))]);

    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        (await app.Administrator()).Dispose();
        await Given.Customers(app, "number,name\nK1,A\n");
        foreach (var name in (string[])["anna", "ben"]) { await app.AddUser(name, CustomerPermissions.Read, CustomerPermissions.Edit); }
        return app;
    }
}
