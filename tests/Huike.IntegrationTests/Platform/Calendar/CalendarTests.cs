using System.Net;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Calendar;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Calendar;

/// <summary>Calendars, their special days and lists, and whose they are.</summary>
public sealed class CalendarTests
{
    private const string List2031 = """{"year":2031,"papers":[],"days":[{"name":"元旦","date":"2030-12-31","isOffDay":true},{"name":"元旦","date":"2031-01-01","isOffDay":true},{"name":"春节","date":"2031-01-18","isOffDay":false}]}""";

    private static readonly Texts Texts = TextCatalog.For("en");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_calendar_is_added_and_changed_and_its_page_says_when_one_works(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        using var added = await visitor.Submit("/admin/calendars", "/admin/calendars", ("name", "Night"), ("hours", "1-7 22:00-06:00"));
        Assert.Equal("/admin/calendars/2", added.Headers.Location!.OriginalString);
        (string, string)[] fields = [("name", "New York"), ("hours", "1-5 09:00-12:00 13:00-17:00"), ("zone", "America/New_York"), ("version", "1")];
        using var saved = await visitor.Submit("/admin/calendars/2", "/admin/calendars/2", fields);
        using var stale = await visitor.Submit("/admin/calendars/2", "/admin/calendars/2", fields);
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity), (saved.StatusCode, stale.StatusCode));
        Assert.Equal(["""admin calendar.edited calendar 2 [{"field":"name","old":"Night","new":"New York"},{"field":"hours","old":"1-7 22:00-06:00","new":"1-5 09:00-12:00 13:00-17:00"},{"field":"zone","old":"","new":"America/New_York"},{"field":"keepsHolidays","old":"yes","new":"no"}]"""], await app.Entries("calendar.edited"));
        var tried = await visitor.Page("/admin/calendars/2?from=2026-11-21T17:00&amount=3.5&unit=hours");
        Assert.Contains("Mon 23 Nov 2026 13:30", tried.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Free: Sat 21 Nov – Sun 22 Nov", tried.Body.TextContent, StringComparison.Ordinal);
        foreach (var (field, value) in new[] { ("name", ""), ("hours", "whenever"), ("hours", ""), ("hours", "1 09:00-11:00 10:00-12:00"), ("zone", "Moon/Base"), ("zone", "../../etc/passwd"), ("version", "x") })
        {
            (string, string)[] wrong = [("name", "N"), ("hours", "1-5 09:00-18:00"), ("zone", ""), ("version", "2")];
            using var refused = await visitor.Submit("/admin/calendars/2", "/admin/calendars/2", [.. wrong.Where(one => one.Item1 != field), (field, value)]);
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{field}={value} answered {refused.StatusCode}");
        }
        using var unknown = await visitor.Get("/admin/calendars/9");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        foreach (var query in new[] { "?year=0", "?year=99999999999", "?amount=1", "?amount=x&from=2026-01-01T00:00", "?amount=1e9&from=2026-01-01T00:00", "?amount=99999&from=2026-01-01T00:00", "?amount=-3&from=9999-12-31T00:00", "?amount=1&from=%00" })
        {
            await visitor.Text("/admin/calendars/2" + query);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_days_own_hours_hold_for_one_calendar_or_for_all_until_taken_back(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        (await visitor.Submit("/admin/calendars", "/admin/calendars", ("name", "Shift"), ("hours", "1-7 06:00-14:00"))).Dispose();
        using var all = await visitor.Submit("/admin/calendars/1", "/admin/calendars/1/days", ("from", "2026-11-24"), ("until", "2026-11-25"), ("kind", "Holiday"), ("name", "Outing"), ("scope", "all"));
        using var own = await visitor.Submit("/admin/calendars/2", "/admin/calendars/2/days", ("from", "2026-11-25"), ("kind", "OwnHours"), ("hours", "10:00-11:00"), ("scope", "one"));
        Assert.Equal("/admin/calendars/1?year=2026", all.Headers.Location!.OriginalString);
        var calendars = app.Services.GetRequiredService<Calendars>();
        async Task<string> Worked(long id)
        {
            var time = (await calendars.Read(Ct)).Of(id).Time;
            return string.Join(' ', Enumerable.Range(23, 4).Select(day => time.On(new(2026, 11, day)).Sum(shift => shift.Until - shift.From)));
        }
        Assert.Equal("540 0 0 540", await Worked(1));
        Assert.Equal("480 0 60 480", await Worked(2));
        var page = await visitor.Page("/admin/calendars/2?year=2026");
        Assert.Contains("Outing", page.Body!.TextContent, StringComparison.Ordinal);
        var id = await app.Number("select id from platform_special_day where calendar_id = 2");
        using var back = await visitor.Submit("/admin/calendars/2", $"/admin/calendars/2/days/{id}/removal", ("year", "2026"));
        using var twice = await visitor.Submit("/admin/calendars/2", $"/admin/calendars/2/days/{id}/removal", ("year", "2026"));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.NotFound), (back.StatusCode, twice.StatusCode));
        Assert.Equal("480 0 0 480", await Worked(2));
        Assert.Equal(["""admin calendar.days-set calendar 0 [{"field":"day","old":null,"new":"2026-11-24 – 2026-11-25"},{"field":"kind","old":null,"new":"Holiday"},{"field":"dayName","old":null,"new":"Outing"},{"field":"dayHours","old":null,"new":""}]""",
            """admin calendar.days-set calendar 2 [{"field":"day","old":null,"new":"2026-11-25"},{"field":"kind","old":null,"new":"OwnHours"},{"field":"dayName","old":null,"new":""},{"field":"dayHours","old":null,"new":"10:00-11:00"}]"""], await app.Entries("calendar.days-set"));
        foreach (var (field, value) in new[] { ("from", "2026-02-30"), ("from", ""), ("until", "2026-11-01"), ("until", "2030-01-01"), ("kind", "9"), ("kind", "x"), ("hours", "noon"), ("name", new string('x', 101)), ("from", "0001-01-01") })
        {
            (string, string)[] fields = [("from", "2026-11-24"), ("until", ""), ("kind", "OwnHours"), ("hours", "09:00-10:00"), ("name", ""), ("scope", "one")];
            using var refused = await visitor.Submit("/admin/calendars/1", "/admin/calendars/1/days", [.. fields.Where(one => one.Item1 != field), (field, value)]);
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{field}={value} answered {refused.StatusCode}");
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_person_has_an_own_calendar_or_that_of_the_unit_or_of_one_above_or_the_usual_one(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        var (east, west) = (await app.AddUnit("East"), await app.AddUnit("West"));
        var anna = await app.AddUserWithRoles("anna", west, "salesperson");
        foreach (var name in new[] { "Early", "Late" }) { (await visitor.Submit("/admin/calendars", "/admin/calendars", ("name", name), ("hours", "1-7 06:00-14:00"))).Dispose(); }
        await app.Number($"update platform_unit set parent_id = {east} where id = {west}");
        var calendars = app.Services.GetRequiredService<Calendars>();
        async Task<(string, string)> Names() => ((await calendars.OfUnit(west, Ct)).Calendar.Name, (await calendars.OfPerson(anna, Ct)).Calendar.Name);
        Assert.Equal(("", ""), await Names());
        await Edit(1, "Firm", 0, 2);
        Assert.Equal(("Early", "Early"), await Names());
        await Edit(east, "East", 1, 3);
        Assert.Equal(("Late", "Late"), await Names());
        Assert.Contains("In force: Late. ", await visitor.Text($"/admin/organisation/{west}"), StringComparison.Ordinal);
        using var placed = await visitor.Submit($"/admin/users/{anna}", $"/admin/users/{anna}/place", ("unit", $"{west}"), ("calendar", "1"));
        Assert.Equal(("Late", ""), await Names());
        Assert.Contains("In force: Usual working week. ", await visitor.Text($"/admin/users/{anna}"), StringComparison.Ordinal);
        await Edit(east, "East", 1, 0);
        Assert.Equal(("Early", ""), await Names());
        Assert.Equal("", (await calendars.OfPerson(999, Ct)).Calendar.Name);
        using var unknown = await visitor.Submit($"/admin/organisation/{east}", $"/admin/organisation/{east}", ("name", "East"), ("kind", "Branch"), ("parent", "1"), ("calendar", "9"), ("version", "3"));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);

        async Task Edit(long unit, string name, long parent, long calendar)
        {
            var version = await app.Number($"select version from platform_unit where id = {unit}");
            using var edited = await visitor.Submit($"/admin/organisation/{unit}", $"/admin/organisation/{unit}", ("name", name), ("kind", "Branch"), ("parent", $"{parent}"), ("calendar", $"{calendar}"), ("version", $"{version}"));
            Assert.Equal(HttpStatusCode.Redirect, edited.StatusCode);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_list_is_checked_loaded_once_and_what_was_said_by_hand_stays(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        var calendars = app.Services.GetRequiredService<Calendars>();
        (await visitor.Submit("/admin/calendars/1", "/admin/calendars/1/days", ("from", "2031-01-18"), ("kind", "Holiday"), ("name", "Fair"), ("scope", "all"))).Dispose();
        Assert.False((await calendars.Usual(Ct)).Time.Special.Knows(2031));
        Assert.Equal(SpecialDaySource.Computed, (await calendars.Usual(Ct)).Time.Special.On(new(2031, 5, 1))!.Source);
        var path = Given.Written(List2031, ending: "json");
        async Task<string> Send(string next)
        {
            using var answer = await visitor.Upload("/admin/calendars/lists", "/admin/calendars/lists", "file", [path], ("next", next));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync(Ct);
        }
        var check = await Send("check");
        Assert.Contains(Texts["calendar.lists.byHand"], check, StringComparison.Ordinal);
        Assert.Equal(0, await app.Number("select count(*) from platform_holiday_year"));
        await Send("load");
        await Send("load");
        var special = (await calendars.Usual(Ct)).Time.Special;
        Assert.Equal((true, null, "new-year", "Fair"), (special.Knows(2031), special.On(new(2031, 5, 1)), special.On(new(2030, 12, 31))?.Name, special.On(new(2031, 1, 18))?.Name));
        Assert.Equal("""admin calendar.list-loaded calendar 0 [{"field":"year","old":null,"new":"2031"},{"field":"off","old":null,"new":"2"},{"field":"worked","old":null,"new":"1"},{"field":"changed","old":null,"new":"13"}]""", Assert.Single(await app.Entries("calendar.list-loaded")));
        using var wrong = await visitor.Upload("/admin/calendars/lists", "/admin/calendars/lists", "file", [Given.Written("{\"year\":2031}")], ("next", "load"));
        using var large = await visitor.Upload("/admin/calendars/lists", "/admin/calendars/lists", "file", [Given.Written(new string(' ', 300_000))], ("next", "load"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity), (wrong.StatusCode, large.StatusCode));
    }

    [Theory, OnBothDatabases]
    public async Task An_unknown_year_is_warned_of_until_it_is_confirmed_and_only_where_holidays_hold(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        var calendars = app.Services.GetRequiredService<Calendars>();
        async Task<bool> IsWarned() => (await visitor.Page("/admin/calendars/1?year=2032")).QuerySelectorAll(".alert").Any(alert => alert.TextContent.Contains("2032", StringComparison.Ordinal));
        Assert.True(await IsWarned());
        using var confirmed = await visitor.Submit("/admin/calendars", "/admin/calendars/years", ("year", "2032"));
        using var again = await visitor.Submit("/admin/calendars", "/admin/calendars/years", ("year", "2032"));
        using var none = await visitor.Submit("/admin/calendars", "/admin/calendars/years", ("year", "x"));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity), (confirmed.StatusCode, again.StatusCode, none.StatusCode));
        Assert.False(await IsWarned());
        Assert.NotNull((await calendars.Usual(Ct)).Time.Special.On(new(2032, 5, 1)));
        using var england = await visitor.Submit("/admin/calendars", "/admin/calendars/holidays", ("country", "None"));
        Assert.Null((await calendars.Usual(Ct)).Time.Special.On(new(2026, 10, 1)));
        Assert.True((await calendars.Usual(Ct)).Time.Special.Knows(2040));
        using var list = await visitor.Upload("/admin/calendars/lists", "/admin/calendars/lists", "file", [Given.Written(List2031)], ("next", "load"));
        using var moon = await visitor.Submit("/admin/calendars", "/admin/calendars/holidays", ("country", "Moon"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity), (list.StatusCode, moon.StatusCode));
    }

    [Theory, OnBothDatabases]
    public async Task A_firm_elsewhere_keeps_no_chinese_holidays_and_its_own_zone(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.Services.GetRequiredService<SettingsStore>().Save(new FirmSettings { Currency = "GBP", TimeZone = "Europe/London" }, "test", Ct);
        var usual = await app.Services.GetRequiredService<Calendars>().Usual(Ct);
        Assert.Equal(("Europe/London", null), (usual.Time.Zone.Id, usual.Time.Special.On(new(2026, 10, 1))));
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_keep_the_organisation_sees_no_calendars(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.UserWith("platform.users");
        foreach (var path in new[] { "/admin/calendars", "/admin/calendars/1", "/admin/calendars/lists" })
        {
            using var refused = await visitor.Get(path);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }
}
