using System.Net;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Retention;
using Huike.Platform.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Huike.IntegrationTests.Privacy;

public sealed class RetentionTests
{
    private const string Path = "/admin/privacy/retention";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_the_dry_run_tells_is_what_goes(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        await Given.Customers(app, "number,name,phone\nN1,韩梅梅,13600136000\nN2,林涛,13600136001\n");
        using (var visitor = await app.Administrator())
        {
            using var noted = await Persons.Form(visitor, "/customers/4", "/customers/4/notes", ("body", "asked for a price"));
            using var withdrawn = await Persons.Form(visitor, "/customers/1", "/customers/1/consents", ("purpose", "marketing"), ("channel", "all"), ("given", "false"), ("way", "call"));
            using var other = await Persons.Form(visitor, "/customers/1", "/customers/1/consents", ("purpose", "survey"), ("channel", "all"), ("way", "call"), ("proof", "recording 4712"));
            await Save(visitor, ("idleCustomers", "2"));
        }
        // Nothing is old yet.
        Assert.All((await Dry(app)).Values, goes => Assert.Equal("0", goes));
        app.Clock.Advance(TimeSpan.FromDays(365 * 3 + 30));
        await app.Services.GetRequiredService<AuditLog>().Write(new AuditEntry("test.done"), Ct);
        await app.Number($"update customers_note set created_at = {(kind == DatabaseKind.Sqlite ? app.Clock.GetUtcNow().AddDays(-10).ToUnixTimeMilliseconds() : "now() + interval '1000 days'")} where customer_id = 4");
        // The newest job stays whatever its age: here one that nobody does.
        await app.Services.GetRequiredService<JobQueue>().Add("test.idle", "{}", "test", false, Ct);
        var told = await Dry(app);
        // Two files that were sent in, one of refused rows, and the sample of it.
        Assert.Equal(("4", "1", "1", "0"), (told["loadFiles"], told["withdrawnProofs"], told["idleCustomers"], told["erasedTraces"]));
        Assert.NotEqual("0", told["jobs"]);
        var counted = await Counts(app);
        await Persons.Retain(app);
        var run = Assert.Single(await app.Entries("retention.run"));
        foreach (var (what, goes) in counted.Where(one => one.Value > 0)) { Assert.Contains($$"""{"field":"{{what}}","old":null,"new":"{{goes}}"}""", run, StringComparison.Ordinal); }
        Assert.Equal(counted.Count(one => one.Value > 0), run.Split("\"field\"").Length - 1);
        Assert.Empty(Directory.EnumerateFiles(System.IO.Path.Combine(app.Database.DataFolder, "loads")));
        Assert.Equal([], await Persons.Sweep(app, "韩梅梅", "13600136000", "recording 4711"));
        Assert.NotEqual([], await Persons.Sweep(app, "林涛", "欧阳晓鸥", "recording 4712"));
        Assert.Contains("\"retention\"", Assert.Single(await app.Entries("customer.erased")), StringComparison.Ordinal);
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
        Assert.Equal([], (await Counts(app)).Where(one => one.Value > 0 && one.Key is not "jobs").Select(one => one.Key));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Periods_are_saved_and_what_is_none_is_refused(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Save(visitor, ("loadFiles", "6"), ("loadFilesUnit", "Months"), ("nightlyHour", "4"));
        var saved = await app.Services.GetRequiredService<SettingsStore>().Get<RetentionSettings>(Ct);
        Assert.Equal((new RetentionPeriod(6, PeriodUnit.Months), 1, 4), (saved.Periods["loadFiles"], saved.Periods.Count, saved.NightlyHour));
        Assert.Single(await app.Entries("settings.saved"));
        foreach (var (input, value) in new[] { ("jobs", "-1"), ("jobs", "1001"), ("jobs", ""), ("jobsUnit", "Ages"), ("jobsUnit", "7"), ("nightlyHour", "24"), ("nightlyHour", "x") })
        {
            using var refused = await visitor.Submit(Path, Path, await Fields(visitor, (input, value)));
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{input}={value}");
        }
    }

    [Theory, OnBothDatabases]
    public async Task It_runs_when_told_to_and_once_a_night(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        using var asked = await visitor.Submit(Path, Path + "/run", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        await Persons.Ended(app);
        Assert.Equal((1, 1), ((await app.Entries("retention.asked")).Count, (await app.Entries("retention.run")).Count));
        Assert.Contains("Last run", (await visitor.Page(Path)).Body!.TextContent, StringComparison.Ordinal);
        var nightly = app.Services.GetServices<IHostedService>().OfType<NightlyRetention>().Single();
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var local = TimeZoneInfo.ConvertTime(app.Clock.GetUtcNow(), zone);
        app.Clock.Advance(TimeSpan.FromDays(1) - local.TimeOfDay + TimeSpan.FromHours(2.5));
        Assert.False(await nightly.AskWhenDue(Ct));
        app.Clock.Advance(TimeSpan.FromHours(1));
        Assert.True(await nightly.AskWhenDue(Ct));
        Assert.False(await nightly.AskWhenDue(Ct));
        app.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await nightly.AskWhenDue(Ct));
    }

    [Theory, OnBothDatabases]
    public async Task Files_of_a_load_under_way_and_the_newest_job_stay(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Persons.Loaded(app, visitor, "customers", "number,name\nK1,李雷\n");
        await app.Number("update customers_load set state = 3");
        app.Clock.Advance(TimeSpan.FromDays(400));
        Assert.Equal((0, 0, 1), ((await Counts(app))["loadFiles"], (await Counts(app))["jobs"], await app.Number("select count(*) from platform_job")));
        await app.Number("update customers_load set state = 4");
        Assert.Equal((1, 1), ((await Counts(app))["loadFiles"], (await Counts(app))["sessions"]));
        await Persons.Retain(app);
        Assert.Equal((0, 0), ((await Counts(app))["loadFiles"], await app.Number("select count(*) from platform_session")));
    }

    private static Task<Dictionary<string, long>> Counts(HuikeApp app) => app.In(async services =>
    {
        var rules = await services.GetRequiredService<SettingsStore>().Get<RetentionSettings>(Ct);
        var counts = new Dictionary<string, long>();
        foreach (var one in services.GetServices<IRetention>()) { counts[one.Kind] = rules.Of(one).IsForEver ? 0 : await one.Count(rules.Of(one).Before(app.Clock.GetUtcNow()), Ct); }
        return counts;
    });

    /// <summary>What the page tells, by kind.</summary>
    private static async Task<Dictionary<string, string>> Dry(HuikeApp app)
    {
        using var visitor = await app.Administrator();
        return (await visitor.Page(Path + "?dry=true")).QuerySelectorAll("tbody tr").ToDictionary(row => row.QuerySelector("input")!.GetAttribute("name")!, row => row.QuerySelector("td:last-child")!.TextContent.Trim().Replace("–", "0", StringComparison.Ordinal));
    }

    private static async Task Save(Visitor visitor, params (string, string)[] typed)
    {
        using var saved = await visitor.Submit(Path, Path, await Fields(visitor, typed));
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
    }

    /// <summary>The form as it is shown, with what was typed.</summary>
    private static async Task<(string, string)[]> Fields(Visitor visitor, params (string Name, string Value)[] typed)
    {
        var form = (await visitor.Page(Path)).QuerySelector($"form[action='{Path}']")!;
        var shown = form.QuerySelectorAll("input[name]").Select(input => (Name: input.GetAttribute("name")!, Value: input.GetAttribute("value") ?? ""))
            .Concat(form.QuerySelectorAll("select").Select(select => (Name: select.GetAttribute("name")!, Value: select.QuerySelector("option[selected]")!.GetAttribute("value")!)));
        return [.. shown.Where(field => field.Name != "__RequestVerificationToken" && !typed.Any(one => one.Name == field.Name)), .. typed];
    }
}
