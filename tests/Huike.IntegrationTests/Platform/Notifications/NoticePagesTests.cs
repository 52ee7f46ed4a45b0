using System.Net;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Live;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.IntegrationTests.Platform.Notifications;

/// <summary>Bell, list and choices: one's own alone.</summary>
public sealed class NoticePagesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_somebody_is_told_stands_at_the_bell_until_he_opens_it_in_the_language_that_he_reads(DatabaseKind kind)
    {
        await using var app = await Notices.Started(kind);
        var anna = await app.AddUser("anna");
        await app.Tell(Notices.To(anna, "a") with { TextKey = "notice.deputy", Args = ["ben", new DateOnly(2027, 3, 5), new DateOnly(2027, 3, 9)], Href = "/account/deputies" });
        using var english = await app.As("anna");
        using var chinese = await app.As("anna", "zh-CN");
        Assert.Equal("1 unread notifications1", (await english.Page("/account")).QuerySelector(".bell")!.TextContent);
        Assert.Equal("You stand in for ben from 5 Mar 2027 until 9 Mar 2027", (await english.Page("/notifications?show=unread")).QuerySelector(".notice-text")!.TextContent);
        Assert.Equal("您将代理 ben 的工作，从2027年3月5日到2027年3月9日", (await chinese.Page("/notifications")).QuerySelector(".notice-text")!.TextContent);
        using var opened = await english.Submit("/notifications", "/notifications/1/open", ("confirm", "true"));
        Assert.Equal((HttpStatusCode.Redirect, "/account/deputies"), (opened.StatusCode, opened.Headers.Location!.ToString()));
        Assert.Equal("No unread notifications", (await english.Page("/notifications/bell")).QuerySelector("a")!.TextContent);
        Assert.Empty((await english.Page("/notifications?show=unread")).QuerySelectorAll(".notice"));
        Assert.Single((await english.Page("/notifications")).QuerySelectorAll(".notice"));
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_sees_opens_or_reads_what_another_was_told(DatabaseKind kind)
    {
        await using var app = await Notices.Started(kind);
        using var administrator = await app.Administrator();
        var anna = await app.AddUser("anna");
        await app.Tell(Notices.To(anna, "a"));
        Assert.Empty((await administrator.Page("/notifications")).QuerySelectorAll(".notice"));
        using var opened = await administrator.Submit("/notifications", "/notifications/1/open", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.NotFound, opened.StatusCode);
        (await administrator.Submit("/notifications", "/notifications/read", ("confirm", "true"))).Dispose();
        Assert.Equal(1, await app.Number("select count(*) from platform_notice where read_at is null"));
        using var hers = await app.As("anna");
        (await hers.Submit("/notifications", "/notifications/read", ("confirm", "true"))).Dispose();
        Assert.Equal(0, await app.Number("select count(*) from platform_notice where read_at is null"));
    }

    [Theory, OnBothDatabases]
    public async Task A_records_name_is_told_to_who_may_see_it_now(DatabaseKind kind)
    {
        await using var app = await Notices.Started(kind);
        await Given.Customers(app, "number,name\nK1,张三\n");
        var (anna, ben) = (await app.AddUser("anna", CustomerPermissions.Read), await app.AddUser("ben"));
        foreach (var user in new[] { anna, ben }) { await app.Tell(Notices.To(user, "a") with { TextKey = "notice.shared", About = new RecordName("customers", 1), Href = "" }); }
        using var sees = await app.As("anna");
        using var seesNot = await app.As("ben");
        Assert.Equal("张三 was shared with you", (await sees.Page("/notifications")).QuerySelector(".notice-text")!.TextContent);
        Assert.Equal("a record that you can't see was shared with you", (await seesNot.Page("/notifications")).QuerySelector(".notice-text")!.TextContent);
        using var opened = await sees.Submit("/notifications", "/notifications/1/open", ("confirm", "true"));
        Assert.Equal("/customers/1", opened.Headers.Location!.ToString());
    }

    [Theory, OnBothDatabases]
    public async Task Pages_hold_each_notice_once_and_many_are_counted_no_further_than_needed(DatabaseKind kind)
    {
        await using var app = await Notices.Started(kind);
        var anna = await app.AddUser("anna");
        for (var i = 0; i < 115; i++) { await app.Tell(Notices.To(anna, $"n{i}") with { TextKey = "notice.kind.users.deputy", Args = [i], Href = $"/customers/{i}" }); }
        using var visitor = await app.As("anna");
        var (seen, next) = (new List<string>(), (string?)"/notifications");
        while (next is not null)
        {
            var page = await visitor.Page(next);
            seen.AddRange(page.QuerySelectorAll(".notices form").Select(form => form.GetAttribute("action")!));
            next = page.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }
        Assert.Equal((115, 115), (seen.Count, seen.Distinct().Count()));
        Assert.Equal("99+ unread notifications99+", (await visitor.Page("/notifications/bell")).QuerySelector("a")!.TextContent);
        foreach (var before in (string[])["x", "9223372036854775807-1", "-1--1", "1-", "5", new string('9', 300)])
        {
            using var answer = await visitor.Get("/notifications?before=" + before);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_page_hears_of_its_readers_notices_and_of_no_others(DatabaseKind kind)
    {
        await using var app = await Notices.Started(kind);
        var (anna, ben) = (await app.AddUser("anna"), await app.AddUser("ben"));
        using var hers = await app.As("anna");
        using var his = await app.As("ben");
        using var one = await OpenStream.Of(app, hers, "watch=notices");
        using var other = await OpenStream.Of(app, his, "watch=notices");
        Assert.Equal(("hello {}", "hello {}"), (await one.Next(), await other.Next()));
        await app.Tell(Notices.To(anna, "a"));
        Assert.Equal("""change {"topic":"notices"}""", await one.Next());
        var heard = other.Next();
        await Task.Delay(300, Ct);
        Assert.False(heard.IsCompleted);
        await app.Tell(Notices.To(ben, "b"));
        Assert.Equal("""change {"topic":"notices"}""", await heard);
    }

    [Theory, OnBothDatabases]
    public async Task What_was_chosen_holds_and_what_is_not_on_the_page_is_refused(DatabaseKind kind)
    {
        await using var app = await Notices.Started(kind);
        var anna = await app.AddUser("anna");
        using var visitor = await app.As("anna");
        const string path = "/account/notifications";
        foreach (var (name, value) in new[] { ("language", "fr"), ("digestHour", "24"), ("digestHour", "x"), ("mail-" + Notices.Kind, "9") })
        {
            using var refused = await visitor.Submit(path, path, [("language", "en"), .. name == "digestHour" ? [] : new[] { ("digestHour", "9") }, (name, value)]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        using var saved = await visitor.Submit(path, path, ("language", "zh-CN"), ("digestHour", "18"), ("mail-" + Notices.Kind, "AtOnce"));
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        Assert.Equal(1, await app.Number($"select count(*) from platform_notice_reader where user_id = {anna} and language = 'zh-CN' and digest_hour = 18"));
        // Neither in the app nor, as the firm has no mail, otherwise.
        Assert.False(await app.Tell(Notices.To(anna, "a")));
        var page = await visitor.Page(path);
        Assert.Equal("AtOnce", page.QuerySelector($"select[name='mail-{Notices.Kind}'] option[selected]")!.GetAttribute("value"));
        Assert.Null(page.QuerySelector($"input[name='app-{Notices.Kind}'][checked]"));
    }
}
