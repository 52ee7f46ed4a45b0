using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Notifications;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Notifications;

/// <summary>Who is told of what, and how often.</summary>
public sealed class NoticeLogTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_user_is_told_once_of_one_key_and_of_what_was_rolled_back_never(DatabaseKind kind)
    {
        await using var app = await Notices.Started(kind);
        var (anna, bob) = (await app.AddUser("anna"), await app.AddUser("bob"));
        await app.Tell(Notices.To(anna, "a"), commit: false);
        Assert.True(await app.Tell(Notices.To(anna, "a")));
        Assert.False(await app.Tell(Notices.To(anna, "a")));
        Assert.True(await app.Tell(Notices.To(bob, "a")));
        Assert.Equal((2, 1), (await app.Number("select count(*) from platform_notice"), await app.Number($"select count(*) from platform_notice where user_id = {anna}")));
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_is_told_of_an_act_of_his_own_unless_it_went_on_without_him_nor_after_he_was_shut_out(DatabaseKind kind)
    {
        await using var app = await Notices.Started(kind);
        var anna = await app.AddUser("anna");
        Assert.False(await app.Tell(Notices.To(anna, "a"), by: "anna"));
        Assert.True(await app.Tell(Notices.To(anna, "b") with { ToActorToo = true }, by: "anna"));
        await app.Number($"update platform_user set kind = 3 where id = {anna}");
        Assert.False(await app.Tell(Notices.To(anna, "c")));
        await app.Number($"update platform_user set kind = 0, disabled_at = {(kind == DatabaseKind.Sqlite ? "1" : "now()")} where id = {anna}");
        Assert.False(await app.Tell(Notices.To(anna, "d")));
        Assert.False(await app.Tell(Notices.To(999, "e")));
    }

    [Theory, OnBothDatabases]
    public async Task Many_of_one_key_are_one_notice_that_counts_until_it_is_read(DatabaseKind kind)
    {
        await using var app = await Notices.Started(kind);
        var anna = await app.AddUser("anna");
        var notice = Notices.To(anna, "a") with { Many = new("kit.when.daysAgo", "/customers") };
        for (var i = 0; i < 500; i++) { await app.Tell(notice); }
        Assert.Equal((1, 500), (await app.Number("select count(*) from platform_notice"), await app.Number("select max(things) from platform_notice")));
        await app.Number($"update platform_notice set read_at = {(kind == DatabaseKind.Sqlite ? "1" : "now()")}");
        await app.Tell(notice);
        Assert.Equal((2, 1), (await app.Number("select count(*) from platform_notice"), await app.Number("select things from platform_notice where read_at is null")));
    }

    [Theory, OnBothDatabases]
    public async Task What_leads_out_of_the_program_or_is_of_no_known_kind_is_refused(DatabaseKind kind)
    {
        await using var app = await Notices.Started(kind);
        var anna = await app.AddUser("anna");
        Notice[] wrong = [Notices.To(anna, "a") with { Kind = "nobody.registered" }, Notices.To(anna, ""), Notices.To(anna, "a") with { Href = "//elsewhere.example" }, Notices.To(anna, "a") with { Href = "https://elsewhere.example" },
            Notices.To(anna, "a") with { Many = new("kit.when.daysAgo", "/\\elsewhere.example") }, Notices.To(anna, "a") with { Args = [0.5] }];
        foreach (var notice in wrong) { await Assert.ThrowsAsync<ArgumentException>(() => app.Tell(notice)); }
        Assert.Equal(0, await app.Number("select count(*) from platform_notice"));
    }
}

/// <summary>Tells notices of a kind that tests alone have.</summary>
internal static class Notices
{
    public const string Kind = "test.kind";

    public static Task<HuikeApp> Started(DatabaseKind kind) => HuikeApp.Start(kind, builder => builder.Services.AddNoticeKind(Kind));

    public static Notice To(long user, string key) => new(Kind, user, "shell.skip", key) { Href = "/account" };

    public static async Task<bool> Tell(this HuikeApp app, Notice notice, bool commit = true, string by = "")
    {
        var ct = TestContext.Current.CancellationToken;
        app.Services.GetRequiredService<CurrentActor>().Become(by);
        using var turn = await app.Database.WriteTurn(ct);
        await using var connection = await app.Database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var told = await app.Services.GetRequiredService<NoticeLog>().Tell(connection, notice, ct);
        if (commit) { await transaction.CommitAsync(ct); }
        return told;
    }
}
