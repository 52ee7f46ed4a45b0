using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>One voice: what was said at contacts, and who may contact a customer now.</summary>
public sealed class OneVoiceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_was_said_stands_in_the_timeline_when_it_was_with_what_was_promised(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        Assert.Contains("No contact is known yet.", (await anna.Page("/customers/1")).QuerySelector("[data-live-part=voice]")!.TextContent, StringComparison.Ordinal);
        using var told = await Tell(anna, ("body", "wants a quote"), ("kind", "call"), ("side", "customer"), ("at", "2026-10-05T09:30"), ("what", "send the quote"), ("due", "2030-01-31"));
        Assert.Equal(HttpStatusCode.Redirect, told.StatusCode);
        using var noted = await Tell(anna, ("body", "likes tea"), ("kind", "note"));
        using var visit = await Tell(anna, ("body", "saw the kitchen"), ("kind", "visit"), ("side", ""));
        var page = await anna.Page("/customers/1?kind=contacts");
        Assert.Equal(["Visit", "Call from the customer"], page.QuerySelectorAll(".timeline strong, .timeline h3").Select(title => title.TextContent.Trim()));
        Assert.Equal(["saw the kitchen", "wants a quote"], page.QuerySelectorAll(".timeline p:first-of-type").Select(text => text.TextContent));
        Assert.Contains("Visit by anna", page.QuerySelector("[data-live-part=voice]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("send the quote", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("saw the kitchen", (await anna.Page("/customers/1?kind=notes")).QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
        // By the firm's clock, eight hours ahead.
        var notes = JsonNode.Parse(await anna.Text("/api/customers/1/notes"))!["rows"]!.AsArray();
        Assert.Equal(["visit us", "note none", "call customer"], notes.Select(note => $"{note!["kind"]} {note["side"]}"));
        Assert.Equal("2026-10-05T01:30:00+00:00", notes[2]!["at"]!.GetValue<DateTimeOffset>().ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture));
        using var sent = await anna.Json("POST", "/api/customers/1/notes", """{"body":"hello","kind":"message","side":"us","at":"2026-10-06T01:00:00Z"}""");
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_contact_and_its_promise_are_told_both_or_neither_and_once(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        foreach (var wrong in new (string, string)[][] { [("due", "soon"), ("what", "x")], [("at", "2999-01-01T00:00")], [("at", "yesterday")], [("kind", "telepathy")], [("side", "both")] })
        {
            using var refused = await Tell(anna, [("body", "b"), .. wrong.Any(one => one.Item1 == "kind") ? wrong : [("kind", "call"), .. wrong]]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        Assert.Equal((0, 0), (await app.Number("select count(*) from customers_note"), await app.Number("select count(*) from customers_next_step")));
        var key = Guid.CreateVersion7().ToString("N");
        var token = await anna.Token("/customers/1");
        for (var i = 0; i < 3; i++) { (await anna.Post("/customers/1/notes", ("__RequestVerificationToken", token), ("body", "b"), ("kind", "call"), ("what", "w"), ("due", "2030-01-31"), ("formKey", key))).Dispose(); }
        Assert.Equal((1, 1), (await app.Number("select count(*) from customers_note"), await app.Number("select count(*) from customers_next_step")));
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_who_are_about_to_contact_a_customer_at_once_one_is_told(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        using var ben = await app.As("ben");
        for (var i = 0; i < 5; i++)
        {
            var tokens = (await anna.Token("/customers/1"), await ben.Token("/customers/1"));
            var answers = await Task.WhenAll(
                anna.Post("/customers/1/contact", ("__RequestVerificationToken", tokens.Item1), ("channel", "email"), ("purpose", "service")),
                ben.Post("/customers/1/contact", ("__RequestVerificationToken", tokens.Item2), ("channel", "email"), ("purpose", "service")));
            Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
            var told = await Visitor.Parsed(await answers.Single(answer => answer.StatusCode == HttpStatusCode.Conflict).Content.ReadAsStringAsync(Ct));
            Assert.Matches("(anna|ben) is about to contact them", told.QuerySelector(".alert")!.TextContent);
            var winner = answers[0].StatusCode == HttpStatusCode.Redirect ? anna : ben;
            using var ended = await winner.Submit("/customers/1", "/customers/1/contact/end", ("confirm", "true"));
            Assert.Equal(0, await app.Number("select count(*) from customers_contact_claim"));
        }
        Assert.Equal(5, (await app.Entries("customer.contact-begun")).Count);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Who_contacts_a_customer_whom_a_colleague_contacted_lately_is_told_or_held(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        using var ben = await app.As("ben");
        using var admin = await app.As("admin");
        Assert.Equal(HttpStatusCode.Redirect, (await Begin(anna)).StatusCode);
        using var told = await Tell(anna, ("body", "asked about the winter offer"), ("kind", "call"), ("side", "us"));
        // Telling of it ends it.
        Assert.Equal(0, await app.Number("select count(*) from customers_contact_claim"));
        // She knows what she said herself.
        Assert.Equal(HttpStatusCode.Redirect, (await Begin(anna)).StatusCode);
        using var given = await anna.Submit("/customers/1", "/customers/1/contact/end", ("confirm", "true"));
        using var warned = await Begin(ben);
        var page = await Visitor.Parsed(await warned.Content.ReadAsStringAsync(Ct));
        Assert.Equal(HttpStatusCode.Conflict, warned.StatusCode);
        Assert.Contains("anna contacted them lately", page.QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("asked about the winter offer", page.QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await Begin(ben, anyway: true)).StatusCode);
        // Anna knows of him, and takes over.
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Redirect), ((await Begin(anna)).StatusCode, (await Begin(anna, anyway: true)).StatusCode));
        Assert.Equal("You are about to contact them", (await anna.Page("/customers/1")).QuerySelector("[data-live-part=voice] .alert")!.TextContent.Trim()[..29]);
        using var strict = await admin.Submit("/admin/contact-rules", "/admin/contact-rules", [.. Rules(), ("blocks", "true")]);
        Assert.Equal(HttpStatusCode.Redirect, strict.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Begin(ben, anyway: true)).StatusCode);
        // Half an hour later nobody is about to, but the week is not over; after it it is.
        app.Clock.Advance(TimeSpan.FromMinutes(31));
        using var held = await Begin(ben, anyway: true);
        Assert.Contains("does not allow", await held.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromDays(7));
        using var later = await app.As("ben");
        Assert.Equal(HttpStatusCode.Redirect, (await Begin(later)).StatusCode);
        using var boss = await app.As("admin");
        using var wrong = await boss.Submit("/admin/contact-rules", "/admin/contact-rules", [.. Rules(("daysBetween", "91"))]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_may_not_change_a_customer_contacts_none_and_sees_no_rules(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        await app.AddUserWith("carl", 1, new(new Dictionary<string, RecordScope> { ["customers.read"] = RecordScope.All, ["customers.edit"] = RecordScope.Own }, new Dictionary<string, FieldAccess>()));
        using var carl = await app.As("carl");
        var page = await carl.Page("/customers/1");
        Assert.Null(page.QuerySelector("form[action$='/contact']"));
        Assert.Equal(HttpStatusCode.Forbidden, (await Begin(carl)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await carl.Submit("/customers/1", "/customers/1/contact/end", ("confirm", "true"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await carl.Get("/admin/contact-rules")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await carl.Submit("/customers/1", "/admin/contact-rules", [.. Rules()])).StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from customers_contact_claim"));
    }

    private static IEnumerable<(string, string)> Rules(params (string Name, string Value)[] others) =>
        ((string Name, string Value)[])[.. others, .. new[] { ("daysBetween", "7"), ("capContacts", "5"), ("capDays", "30"), ("quietFrom", "21"), ("quietTo", "8"), ("minutesKept", "30") }.Where(usual => others.All(other => other.Name != usual.Item1))];

    private static Task<HttpResponseMessage> Tell(Visitor visitor, params (string, string)[] fields) =>
        visitor.Submit("/customers/1", "/customers/1/notes", [.. fields, ("formKey", Guid.CreateVersion7().ToString("N"))]);

    private static Task<HttpResponseMessage> Begin(Visitor visitor, bool anyway = false, string channel = "email", string purpose = "service") =>
        visitor.Submit("/customers/1", "/customers/1/contact", ("anyway", anyway ? "true" : "false"), ("channel", channel), ("purpose", purpose));

    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        (await app.Administrator()).Dispose();
        await Given.Customers(app, "number,name\nK1,A\n");
        foreach (var name in (string[])["anna", "ben"]) { await app.AddUser(name, CustomerPermissions.Read, CustomerPermissions.Edit); }
        return app;
    }
}
