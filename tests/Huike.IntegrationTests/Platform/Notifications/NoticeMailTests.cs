using System.Collections.Concurrent;
using System.Net.Mail;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Mail;
using Huike.Platform.Notifications;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Huike.IntegrationTests.Platform.Notifications;

/// <summary>Notices by mail: at once or in a digest, each once.</summary>
public sealed class NoticeMailTests
{
    /// <summary>A Friday, nine in the morning in Shanghai.</summary>
    private static readonly DateTimeOffset Friday = new(2027, 3, 5, 1, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_mail_at_once_is_in_the_readers_language_leads_to_the_public_address_and_goes_once(DatabaseKind kind)
    {
        var post = new KeptMail();
        await using var app = await Started(kind, post);
        var anna = await Reader(app, "anna", MailWay.AtOnce, "zh-CN");
        await app.Tell(Notice(anna, "a"));
        var mail = await post.Next();
        Assert.Equal(("anna@example.com", "您将代理 ben 的工作，从2027年3月5日到2027年3月9日"), (mail.To, mail.Subject));
        Assert.Contains("https://crm.example.com/account/deputies", mail.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("stand in", mail.Body, StringComparison.Ordinal);
        await Ended(app);
        // As after a worker that died at the end.
        await Ask(app, anna);
        await Ended(app);
        Assert.Empty(post.Sent);
    }

    [Theory, OnBothDatabases]
    public async Task A_digest_waits_for_its_hour_on_a_working_day_and_holds_what_is_unread_then(DatabaseKind kind)
    {
        var post = new KeptMail();
        await using var app = await Started(kind, post);
        app.Clock.Advance(Friday - app.Clock.GetUtcNow());
        var anna = await Reader(app, "anna", MailWay.Digest, "");
        foreach (var key in (string[])["a", "b", "c"]) { await app.Tell(Notice(anna, key)); }
        await app.Number($"update platform_notice set read_at = {(kind == DatabaseKind.Sqlite ? "1" : "now()")} where notice_key = 'b'");
        var times = app.Services.GetRequiredService<MailTimes>();
        Assert.Equal(new DateTimeOffset(2027, 3, 8, 0, 0, 0, TimeSpan.Zero), await times.Digest(anna, 8, Ct));
        Assert.Equal(new DateTimeOffset(2027, 3, 5, 10, 0, 0, TimeSpan.Zero), await times.Digest(anna, 18, Ct));
        var look = app.Services.GetServices<IHostedService>().OfType<AskForMail>().Single();
        app.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(0, await look.AskWhenDue(Ct));
        app.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await look.AskWhenDue(Ct));
        var mail = await post.Next();
        // Nobody said which language: each.
        Assert.Equal("您有 2 条新通知 / 2 things that you should know", mail.Subject);
        Assert.Equal(2, mail.Body.Split("You stand in for ben").Length - 1);
        await Ended(app);
        Assert.Equal(0, await look.AskWhenDue(Ct));
        Assert.Empty(post.Sent);
    }

    [Theory, OnBothDatabases]
    public async Task A_server_that_fails_is_tried_again_and_one_that_refuses_is_not(DatabaseKind kind)
    {
        var post = new KeptMail();
        await using var app = await Started(kind, post);
        var anna = await Reader(app, "anna", MailWay.AtOnce, "en");
        post.Failures.Enqueue(new SmtpException(SmtpStatusCode.MailboxBusy));
        await app.Tell(Notice(anna, "a"));
        await Until(app, "select count(*) from platform_job where kind = 'notices.mail' and state = 0 and wait_until is not null", 1);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await post.Next();
        await Ended(app);
        post.Failures.Enqueue(new SmtpException(SmtpStatusCode.MailboxUnavailable));
        await app.Tell(Notice(anna, "b"));
        await Until(app, "select count(*) from platform_job where kind = 'notices.mail' and state = 3", 1);
        await Until(app, "select count(*) from platform_notice where mail_at is not null", 0);
        Assert.Equal(0, await app.Services.GetServices<IHostedService>().OfType<AskForMail>().Single().AskWhenDue(Ct));
        Assert.Empty(post.Sent);
    }

    [Theory, OnBothDatabases]
    public async Task Who_has_no_address_or_no_account_any_more_gets_no_mail(DatabaseKind kind)
    {
        var post = new KeptMail();
        await using var app = await Started(kind, post);
        var (anna, ben) = (await Reader(app, "anna", MailWay.Digest, "en"), await Reader(app, "ben", MailWay.Digest, "en"));
        await app.Tell(Notice(anna, "a"));
        await app.Tell(Notice(ben, "a"));
        await app.Number($"update platform_user set disabled_at = {(kind == DatabaseKind.Sqlite ? "1" : "now()")} where id = {ben}");
        await app.Number($"update platform_user set email = null where id = {anna}");
        app.Clock.Advance(TimeSpan.FromDays(20));
        foreach (var user in new[] { anna, ben }) { await Ask(app, user); }
        await Until(app, "select count(*) from platform_notice where mail_at is not null", 0);
        await Ended(app);
        Assert.Empty(post.Sent);
    }

    private static Notice Notice(long user, string key) => Notices.To(user, key) with { TextKey = "notice.deputy", Args = ["ben", new DateOnly(2027, 3, 5), new DateOnly(2027, 3, 9)], Href = "/account/deputies" };

    private static Task<HuikeApp> Started(DatabaseKind kind, KeptMail post) => HuikeApp.Start(kind, builder => builder.Services.AddNoticeKind(Notices.Kind).AddSingleton<IOutgoingMail>(post));

    private static async Task<long> Reader(HuikeApp app, string name, MailWay way, string language)
    {
        var user = await app.AddUser(name);
        await app.Number($"update platform_user set email = '{name}@example.com' where id = {user}");
        await app.Number($"insert into platform_notice_choice (user_id, kind, in_app, mail) values ({user}, '{Notices.Kind}', 1, {(int)way})");
        await app.Number($"insert into platform_notice_reader (user_id, language, digest_hour) values ({user}, '{language}', 8)");
        return user;
    }

    private static Task Ask(HuikeApp app, long user) => app.Services.GetRequiredService<JobQueue>().AddUnlessWaiting(SendNotices.KindName, $"{user}", "", Ct);

    private static Task Ended(HuikeApp app) => Until(app, "select count(*) from platform_job where kind = 'notices.mail' and state < 2", 0);

    private static async Task Until(HuikeApp app, string sql, long count)
    {
        for (var i = 0; i < 400 && await app.Number(sql) != count; i++) { await Task.Delay(50, Ct); }
        Assert.Equal(count, await app.Number(sql));
    }
}

/// <summary>Mail that goes nowhere, or fails as it is told to.</summary>
internal sealed class KeptMail : IOutgoingMail
{
    public ConcurrentQueue<(string To, string Subject, string Body)> Sent { get; } = new();

    public ConcurrentQueue<Exception> Failures { get; } = new();

    public bool IsReady => true;

    public string PublicAddress => "https://crm.example.com";

    public Task Send(string to, string subject, string body, CancellationToken ct)
    {
        if (Failures.TryDequeue(out var failure)) { throw failure; }
        Sent.Enqueue((to, subject, body));
        return Task.CompletedTask;
    }

    public async Task<(string To, string Subject, string Body)> Next()
    {
        for (var i = 0; i < 400; i++)
        {
            if (Sent.TryDequeue(out var mail)) { return mail; }
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException("No mail came");
    }
}
