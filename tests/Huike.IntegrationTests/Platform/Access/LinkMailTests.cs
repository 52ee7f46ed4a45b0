using System.Net;
using Huike.Platform.Data;
using Huike.Platform.Mail;
using Huike.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Access;

public sealed class LinkMailTests
{
    [Theory, OnBothDatabases]
    public async Task An_invitation_and_a_new_password_come_by_mail_with_a_link_to_the_public_address(DatabaseKind kind)
    {
        await using var server = new SmtpListener();
        await using var app = await Start(kind, server);
        using var administrator = await app.Administrator();
        using var added = await administrator.Submit("/admin/users/new", "/admin/users/new", ("name", "anna"), ("email", "anna@example.com"));
        Assert.DoesNotContain("/password/", await added.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var invitation = await server.Next();
        Assert.Equal(("crm@example.com", "anna@example.com"), (invitation.From, invitation.To));
        Assert.Contains("https://crm.example.com/password/", invitation.Text, StringComparison.Ordinal);
        Assert.Contains("您好", invitation.Text, StringComparison.Ordinal);
        using var anna = app.Anonymous();
        await Choose(anna, invitation, HuikeApp.Password);
        await anna.SignIn("anna");

        // Two accounts share the address: the older one gets the link.
        (await administrator.Submit("/admin/users/new", "/admin/users/new", ("name", "bert"), ("email", "anna@example.com"))).Dispose();
        Assert.Contains("bert", (await server.Next()).Text, StringComparison.Ordinal);
        using var forgetful = app.Anonymous();
        (await forgetful.Submit("/forgot", "/forgot", ("name", "ANNA@example.com"))).Dispose();
        await Choose(forgetful, await server.Next(), "a wholly new sentence");
        // Whoever knew the old password is out.
        Assert.Equal(HttpStatusCode.Redirect, (await anna.Get("/account")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Whether_there_is_such_an_account_is_told_neither_by_the_answer_nor_by_the_work(DatabaseKind kind)
    {
        await using var server = new SmtpListener();
        await using var app = await Start(kind, server);
        await app.AddUser("bare");
        using var visitor = app.Anonymous();
        using var known = await visitor.Submit("/forgot", "/forgot", ("name", "bare"));
        using var unknown = await visitor.Submit("/forgot", "/forgot", ("name", "nobody"));
        Assert.Equal(known.StatusCode, unknown.StatusCode);
        Assert.Equal(await Shown(known), await Shown(unknown));
        Assert.Equal(2, await app.Number("select count(*) from platform_job where kind = 'access.link'"));
        Assert.Equal(0, await app.Number("select count(*) from platform_job where payload like '%nobody%'"));
    }

    [Theory, OnBothDatabases]
    public async Task Three_links_an_hour_are_enough_for_one_account(DatabaseKind kind)
    {
        await using var server = new SmtpListener();
        await using var app = await Start(kind, server);
        using var visitor = app.Anonymous();
        await app.AddUser("anna");
        for (var i = 0; i < 5; i++)
        {
            using var asked = await visitor.Submit("/forgot", "/forgot", ("name", "anna"));
            Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        }
        Assert.Equal(3, await app.Number("select count(*) from platform_job where kind = 'access.link'"));
    }

    [Theory, OnBothDatabases]
    public async Task Without_mail_the_page_leads_to_the_administrator(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.AddUser("anna");
        using var visitor = app.Anonymous();
        Assert.Contains(TextCatalog.For("en")["access.forgot.ask"], (await visitor.Page("/forgot")).Body!.TextContent, StringComparison.Ordinal);
        (await visitor.Submit("/sign-in", "/forgot", ("name", "anna"))).Dispose();
        Assert.Equal(0, await app.Number("select count(*) from platform_job"));
    }

    private static Task<HuikeApp> Start(DatabaseKind kind, SmtpListener server) => HuikeApp.Start(kind, builder => builder.Services.AddSingleton<IOutgoingMail>(
        new SmtpMail(new() { Host = "127.0.0.1", Port = server.Port, From = "crm@example.com", Tls = false, PublicAddress = "https://crm.example.com/" })));

    private static async Task Choose(Visitor visitor, SmtpListener.Mail mail, string password)
    {
        using var letter = new HttpResponseMessage { Content = new StringContent(mail.Text) };
        var link = await UsersTests.LinkIn(letter);
        using var chosen = await visitor.Submit(link, link, ("password", password));
        Assert.Equal(HttpStatusCode.OK, chosen.StatusCode);
    }

    private static async Task<string> Shown(HttpResponseMessage answer) =>
        (await Visitor.Parsed(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))).QuerySelector("main")!.TextContent;
}
