using System.Net;
using Huike.Platform.Approvals;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Platform.Approvals;

/// <summary>Approvals through their pages: who decides, who sees them, and what is kept.</summary>
public sealed class ApprovalTests
{
    private static readonly (string, string) Copy = ("copy", "dora");

    [Theory, OnBothDatabases]
    public async Task A_request_goes_from_step_to_step_by_its_amount_and_ends_with_everyone_told(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await People(app);
        await Flow(administrator, Copy, Step(0, "leader", "ben"), Step(1, "finance", "carl, eva", ("mode", "All")), Step(2, "chief", "dora", ("from", "10000")));
        using var anna = await app.As("anna");
        var path = await Ask(anna, "2500.50");
        // Not his turn yet, though he will be asked.
        using var carl = await app.As("carl");
        Assert.Equal(HttpStatusCode.NotFound, (await carl.Get(path)).StatusCode);
        await Act(app, "ben", path, "approve");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Act(app, "ben", path, "approve"));
        await Act(app, "eva", path, "approve");
        await Act(app, "carl", path, "approve");
        Assert.Equal(1, await app.Number("select count(*) from platform_approval where state = 1 and ended_at is not null and amount = 25005000"));
        // Below the chief's amount; but a copy she has.
        Assert.Equal((0, 1), (await app.Number("select count(*) from platform_approval_seat where name = 'chief'"), await app.Number("select count(*) from platform_notice where kind = 'approvals.copied'")));
        Assert.Equal((3, 1), (await app.Number("select count(*) from platform_notice where kind = 'approvals.turn'"), await app.Number("select count(*) from platform_notice where text_key = 'approvals.notice.approved'")));
        Assert.Equal(1, await app.Number("select count(*) from platform_event where kind = 'platform.approval-decided'"));
        Assert.Equal(4, await app.Number("select count(*) from platform_audit where action like 'approval.%'"));
        Assert.Contains("Approved: a ladder", (await anna.Page("/notifications")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_who_decide_at_once_one_wins_and_the_other_is_told_so(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await People(app);
        await Flow(administrator, null, Step(0, "either", "ben, carl", ("mode", "Any")));
        using var anna = await app.As("anna");
        for (var i = 0; i < 5; i++)
        {
            var path = await Ask(anna, "");
            using var ben = await app.As("ben");
            using var carl = await app.As("carl");
            var (his, other) = (await ben.Token(path), await carl.Token(path));
            var answers = await Task.WhenAll(
                ben.Post(path + "/act", ("__RequestVerificationToken", his), ("act", "approve"), ("version", "1")),
                carl.Post(path + "/act", ("__RequestVerificationToken", other), ("act", "reject"), ("version", "1"), ("comment", "no")));
            Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity], answers.Select(answer => answer.StatusCode).Order());
            var late = await answers.Single(answer => answer.StatusCode == HttpStatusCode.UnprocessableEntity).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains("Somebody was faster", late, StringComparison.Ordinal);
        }
        Assert.Equal((5, 5), (await app.Number("select count(*) from platform_approval where state in (1, 2) and version = 2"), await app.Number("select count(*) from platform_approval_act where act in ('approve', 'reject')")));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_sent_back_is_mended_and_asked_again_by_the_version_of_its_flow(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await People(app);
        await Flow(administrator, null, Step(0, "leader", "ben"));
        using var anna = await app.As("anna");
        var path = await Ask(anna, "5");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Act(app, "ben", path, "send-back", ("comment", "")));
        await Act(app, "ben", path, "send-back", ("comment", "which one?"));
        await Save(administrator, "/admin/approvals/1", "1", null, Step(0, "other", "carl"));
        using var ben = await app.As("ben");
        using var another = await ben.Submit(path, path + "/again", ("version", "2"), ("title", "mine"), ("reason", "now"));
        Assert.Equal(HttpStatusCode.NotFound, another.StatusCode);
        using var again = await anna.Submit(path, path + "/again", ("version", "2"), ("title", "a long ladder"), ("reason", "high shelf"), ("amount", "7"));
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        Assert.Equal((1, 0), (await app.Number("select count(*) from platform_approval_seat where name = 'leader' and state = 1"), await app.Number("select count(*) from platform_approval_seat where name = 'other'")));
        await Act(app, "ben", path, "hand-on", ("to", "carl"));
        await Act(app, "carl", path, "add-before", ("to", "eva"));
        await Act(app, "eva", path, "approve");
        await Act(app, "carl", path, "approve");
        Assert.Equal(1, await app.Number("select count(*) from platform_approval where state = 1 and title = 'a long ladder'"));
    }

    [Theory, OnBothDatabases]
    public async Task A_deputy_decides_for_who_is_away_and_it_is_told_but_nobody_decides_his_own_so(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await People(app);
        await Flow(administrator, null, Step(0, "leader", "ben"));
        foreach (var deputy in (string[])["carl", "anna"])
        {
            var (from, until) = kind == DatabaseKind.Sqlite ? ("0", "99999999999999") : ("now() - interval '1 day'", "now() + interval '9 days'");
            await app.Number($"insert into platform_deputy (user_id, deputy_id, from_at, until_at, reason, created_at, created_by) select b.id, d.id, {from}, {until}, '', {from}, '' from platform_user b, platform_user d where b.user_name = 'ben' and d.user_name = '{deputy}'");
        }
        using var anna = await app.As("anna");
        var path = await Ask(anna, "");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Act(app, "anna", path, "approve"));
        using var carl = await app.As("carl");
        Assert.Single((await carl.Page("/approvals")).QuerySelectorAll("a.row-link"));
        Assert.Contains("You decide as deputy for ben.", (await carl.Page(path)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await Act(app, "carl", path, "approve"));
        Assert.Contains("carl (deputy for ben) approved", (await anna.Page(path)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Who_has_nothing_to_do_with_it_finds_nothing_and_what_has_ended_stays_ended(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await People(app);
        await Flow(administrator, null, Step(0, "leader", "ben"));
        using var anna = await app.As("anna");
        var path = await Ask(anna, "");
        using var eva = await app.As("eva");
        Assert.Equal(HttpStatusCode.NotFound, (await eva.Get(path)).StatusCode);
        using var meddled = await eva.Submit("/account", path + "/act", ("act", "approve"), ("version", "1"));
        Assert.Equal(HttpStatusCode.NotFound, meddled.StatusCode);
        using var looks = await administrator.Get(path);
        Assert.Equal(HttpStatusCode.OK, looks.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, await Act(app, "anna", path, "withdraw"));
        foreach (var act in (string[])["approve", "withdraw", "nonsense", ""]) { Assert.Equal(HttpStatusCode.UnprocessableEntity, await Act(app, act == "withdraw" ? "anna" : "ben", path, act)); }
        Assert.Equal(HttpStatusCode.Redirect, await Act(app, "ben", path, "comment", ("comment", "a pity")));
        Assert.Equal((1, 1), (await app.Number("select count(*) from platform_approval where state = 4"), await app.Number("select count(*) from platform_event where kind = 'platform.approval-decided'")));
    }

    [Theory, OnBothDatabases]
    public async Task Leaders_are_found_on_the_way_up_and_rules_say_what_happens_without_anyone(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await People(app);
        var team = await app.AddUnit("Team");
        await app.Number($"update platform_unit set leader_id = (select id from platform_user where user_name = 'dora') where id = 1");
        await app.Number($"update platform_unit set leader_id = (select id from platform_user where user_name = 'anna') where id = {team}");
        await app.Number($"update platform_user set unit_id = {team} where user_name in ('anna', 'eva')");
        using var anna = await app.As("anna");
        using var eva = await app.As("eva");
        await Flow(administrator, null, Step(0, "leader", "", ("by", "Leader"), ("asker", "Leader")));
        // Who leads the unit himself is decided on by the leader above.
        foreach (var (asker, leader) in new[] { (eva, "anna"), (anna, "dora") })
        {
            await Ask(asker, "");
            Assert.Equal(1, await app.Number($"select count(*) from platform_approval_seat s join platform_user u on u.id = s.user_id where s.state = 1 and u.user_name = '{leader}'"));
        }
        await Save(administrator, "/admin/approvals/1", "1", null, Step(0, "self", "anna", ("asker", "Skip"), ("empty", "Refuse")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Asked(anna, "")).StatusCode);
        await Save(administrator, "/admin/approvals/1", "2", null, Step(0, "self", "anna", ("asker", "Skip"), ("empty", "Person"), ("emptyPerson", "carl")));
        Assert.Equal(HttpStatusCode.Redirect, (await Asked(anna, "")).StatusCode);
        await Save(administrator, "/admin/approvals/1", "3", null, Step(0, "self", "anna", ("asker", "Skip")));
        // Nobody at all approves nothing.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Asked(anna, "")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_form_sent_twice_asks_once_and_what_is_wrong_is_refused(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await People(app);
        await Flow(administrator, null, Step(0, "leader", "ben"));
        using var anna = await app.As("anna");
        var key = Guid.CreateVersion7().ToString("N");
        var token = await anna.Token("/approvals/new");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => anna.Post("/approvals/new", ("__RequestVerificationToken", token), ("flow", "1"), ("title", "t"), ("reason", "r"), ("formKey", key))));
        Assert.Equal(1, await app.Number("select count(*) from platform_approval"));
        foreach (var amount in (string[])["-1", "x", "1e9", "1,5", "99999999999999999999999999"]) { Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Asked(anna, amount)).StatusCode); }
        foreach (var wrong in new[] { Step(0, "leader", "nobody"), Step(0, "leader", ""), Step(0, "leader", "x", ("by", "Role")), Step(0, "leader", "ben", ("mode", "7")), Step(0, "leader", "ben", ("from", "5"), ("below", "5")), Step(0, "", "ben") })
        {
            using var refused = await administrator.Submit("/admin/approvals/new", "/admin/approvals/new", [("version", "0"), ("name", "wrong"), .. wrong]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        using var stale = await administrator.Submit("/admin/approvals/1", "/admin/approvals/1", [("version", "9"), ("name", "late"), .. Step(0, "leader", "ben")]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stale.StatusCode);
        Assert.Equal(1, await app.Number("select count(*) from platform_approval_flow_version"));
    }

    internal static async Task<Visitor> People(HuikeApp app)
    {
        var administrator = await app.Administrator();
        foreach (var name in (string[])["anna", "ben", "carl", "dora", "eva"]) { await app.AddUser(name, ApprovalsModule.Ask); }
        return administrator;
    }

    internal static (string, string)[] Step(int at, string name, string who, params (string Name, string Value)[] more) =>
        [($"step{at}-name", name), ($"step{at}-who", who), .. more.Select(one => ($"step{at}-{one.Name}", one.Value))];

    internal static Task Flow(Visitor administrator, (string, string)? copy, params (string, string)[][] steps) => Save(administrator, "/admin/approvals/new", "0", copy, steps);

    private static async Task Save(Visitor administrator, string path, string version, (string, string)? copy, params (string, string)[][] steps)
    {
        using var saved = await administrator.Submit(path, path, [("version", version), ("name", "purchase"), ("on", "true"), .. copy is { } to ? [to] : Array.Empty<(string, string)>(), .. steps.SelectMany(step => step)]);
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
    }

    private static Task<HttpResponseMessage> Asked(Visitor visitor, string amount) =>
        visitor.Submit("/approvals/new", "/approvals/new", ("flow", "1"), ("title", "a ladder"), ("reason", "high shelf"), ("amount", amount), ("formKey", Guid.CreateVersion7().ToString("N")));

    private static async Task<string> Ask(Visitor visitor, string amount)
    {
        using var asked = await Asked(visitor, amount);
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        return asked.Headers.Location!.ToString();
    }

    private static async Task<HttpStatusCode> Act(HuikeApp app, string who, string path, string act, params (string, string)[] more)
    {
        using var visitor = await app.As(who);
        var version = (await visitor.Page(path)).QuerySelector("input[name=version]")!.GetAttribute("value")!;
        using var answer = await visitor.Submit(path, path + "/act", [("act", act), ("version", version), .. more]);
        return answer.StatusCode;
    }
}
