using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>Answers to entries of the timeline, and colleagues who are mentioned there.</summary>
public sealed class ThreadTests
{
    [Theory, OnBothDatabases]
    public async Task Answers_stand_below_what_they_answer_in_order_and_are_found_by_themselves(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        await Told(anna, ("body", "asked for a quote"), ("kind", "call"));
        await Told(anna, ("body", "another note"));
        var answer = (await anna.Page("/customers/1")).QuerySelectorAll(".thread-reply a")[^1].GetAttribute("href")!;
        Assert.Equal("1", (await anna.Page(answer)).QuerySelector("form input[name=replyTo]")!.GetAttribute("value"));
        await Told(anna, ("body", "sent it"), ("replyTo", "1"));
        using var byProgram = await anna.Json("POST", "/api/customers/1/notes", """{"body":"he took it","replyTo":1}""");
        Assert.Equal(HttpStatusCode.Created, byProgram.StatusCode);
        var page = await anna.Page("/customers/1");
        Assert.Equal(2, page.QuerySelectorAll(".timeline > li").Length);
        Assert.Equal(["sent it", "he took it"], page.QuerySelectorAll("#note-1 .thread p:first-child").Select(text => text.TextContent));
        Assert.Equal("/customers/1/notes/1", (await anna.Page("/customers/1?q=took")).QuerySelector(".timeline > li a")!.GetAttribute("href"));
        Assert.Equal([1, 1, null, null], JsonNode.Parse(await anna.Text("/api/customers/1/notes"))!["rows"]!.AsArray().Select(note => note!["replyTo"]?.GetValue<int?>()));
        // An address of an answer leads to the page on which it stands.
        using var led = await anna.Get("/customers/1/notes/3");
        Assert.NotNull((await anna.Page(led.Headers.Location!.ToString())).QuerySelector("#note-3"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_can_not_be_answered_is_refused_and_nothing_is_written(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        await Told(anna, ("body", "first"));
        await Told(anna, ("body", "answer"), ("replyTo", "1"));
        using var elsewhere = await anna.Json("POST", "/api/customers/2/notes", """{"body":"x","replyTo":1}""");
        using var deep = await anna.Json("POST", "/api/customers/1/notes", """{"body":"x","replyTo":2}""");
        using var call = await anna.Json("POST", "/api/customers/1/notes", """{"body":"x","kind":"call","replyTo":1}""");
        using var word = await Sent(anna, ("body", "x"), ("replyTo", "one"));
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity, HttpStatusCode.NotFound], new[] { elsewhere, deep, call, word }.Select(answer => answer.StatusCode));
        Assert.Equal(2, await app.Number("select count(*) from customers_note"));
        await app.AddUserWith("carl", 1, new(new Dictionary<string, RecordScope> { ["customers.read"] = RecordScope.All }, new Dictionary<string, FieldAccess>()));
        using var carl = await app.As("carl");
        Assert.Null((await carl.Page("/customers/1")).QuerySelector(".thread-reply"));
        foreach (var path in (string[])["/customers/1/notes/1/answer", "/customers/1/colleagues?q=a"]) { Assert.Equal(HttpStatusCode.Forbidden, (await carl.Get(path)).StatusCode); }
        Assert.Equal(HttpStatusCode.NotFound, (await anna.Get("/customers/2/notes/1")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_mentioned_is_told_once_and_shown_as_such(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        var wang = await app.AddUser("wangfang", CustomerPermissions.Read, CustomerPermissions.Edit);
        await app.Number($"update platform_user set display_name = '王芳' where id = {wang} returning id");
        using var anna = await app.As("anna");
        var key = Guid.CreateVersion7().ToString("N");
        var token = await anna.Token("/customers/1");
        for (var i = 0; i < 3; i++) { (await anna.Post("/customers/1/notes", ("__RequestVerificationToken", token), ("body", "请@王芳回电, cc @BEN and @ben. Not @benjamin, x@ben.example or @anna"), ("formKey", key))).Dispose(); }
        Assert.Equal(["@王芳", "@ben", "@ben", "@anna"], (await anna.Page("/customers/1")).QuerySelectorAll(".mention").Select(mention => mention.TextContent));
        Assert.Equal(["ben", "wangfang"], await Noticed(app));
        using var ben = await app.As("ben");
        Assert.Contains("anna mentioned you on A", (await ben.Page("/notifications")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, await app.Number("select count(*) from platform_notice where kind = 'customers.mention' and href = '/customers/1/notes/1'"));
        using var answered = await anna.Json("POST", "/api/customers/1/notes", """{"body":"@wangfang again","replyTo":1}""");
        Assert.Equal(HttpStatusCode.Created, answered.StatusCode);
        Assert.Equal(["ben", "wangfang", "wangfang"], await Noticed(app));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_see_the_customer_is_told_nothing_and_the_writer_hears_of_it(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        await app.AddUserWith("carl", 1, new(new Dictionary<string, RecordScope> { ["customers.read"] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        using var anna = await app.As("anna");
        using var told = await Sent(anna, ("body", "secret for @carl and @ben"));
        var page = await anna.Page(told.Headers.Location!.ToString());
        Assert.Contains("Not told: carl.", page.QuerySelector("#timeline .alert")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["ben"], await Noticed(app));
        using var byProgram = await anna.Json("POST", "/api/customers/1/notes", """{"body":"@carl again"}""");
        Assert.Equal("carl", JsonNode.Parse(await byProgram.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["untold"]![0]!.GetValue<string>());
        Assert.Equal(["ben"], await Noticed(app));
    }

    [Theory, OnBothDatabases]
    public async Task Where_files_part_again_an_answer_goes_with_what_it_answers(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.As("admin");
        using var noted = await admin.Json("POST", "/api/customers/2/notes", """{"body":"of the second"}""");
        using var merged = await admin.Json("POST", "/api/customers/1/merges", """{"absorbed":2}""", ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.Created, merged.StatusCode);
        await Told(admin, ("body", "answer that came since"), ("replyTo", "1"));
        using var undone = await admin.Submit("/customers/1/merges/1", "/customers/1/merges/1/undo");
        Assert.Equal("/customers/2", undone.Headers.Location!.ToString());
        Assert.Equal(2, await app.Number("select count(*) from customers_note where customer_id = 2"));
        Assert.Equal("answer that came since", (await admin.Page("/customers/2")).QuerySelector("#note-1 .thread p")!.TextContent);
        Assert.Empty((await admin.Page("/customers/1")).QuerySelectorAll(".thread"));
    }

    [Theory, OnBothDatabases]
    public async Task Colleagues_are_offered_by_either_name_to_those_who_write(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        var wang = await app.AddUser("wangfang", CustomerPermissions.Read);
        await app.Number($"update platform_user set display_name = '王芳' where id = {wang} returning id");
        using var anna = await app.As("anna");
        foreach (var (typed, offered) in ((string, string[])[])[("芳", ["wangfang"]), ("BE", ["ben"]), ("", ["admin", "anna", "ben", "wangfang"]), ("%", []), ("nobody", [])])
        {
            Assert.Equal(offered, (await anna.Page("/customers/1/colleagues?q=" + Uri.EscapeDataString(typed))).QuerySelectorAll(".mentions-list [role=option]").Select(option => option.GetAttribute("data-name")!));
        }
    }

    private static async Task<List<string>> Noticed(HuikeApp app)
    {
        await using var connection = await app.Database.Open(TestContext.Current.CancellationToken);
        return await connection.Rows("select u.user_name from platform_notice n join platform_user u on u.id = n.user_id where n.kind = 'customers.mention' order by u.user_name", row => row.GetString(0), TestContext.Current.CancellationToken);
    }

    private static async Task Told(Visitor visitor, params (string, string)[] fields)
    {
        using var told = await Sent(visitor, fields);
        Assert.Equal(HttpStatusCode.Redirect, told.StatusCode);
    }

    private static Task<HttpResponseMessage> Sent(Visitor visitor, params (string, string)[] fields) =>
        visitor.Submit("/customers/1", "/customers/1/notes", [.. fields, ("formKey", Guid.CreateVersion7().ToString("N"))]);

    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        (await app.Administrator()).Dispose();
        await Given.Customers(app, "number,name\nK1,A\nK2,B\n");
        foreach (var name in (string[])["anna", "ben"]) { await app.AddUser(name, CustomerPermissions.Read, CustomerPermissions.Edit); }
        return app;
    }
}
