using System.Net;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Customers.SubjectRequests;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Calendar;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Privacy;

public sealed class SubjectRequestTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2026-11-20T09:00:00+08:00", 15, false, "2026-12-05")]
    [InlineData("2026-11-20T23:59:00+08:00", 1, false, "2026-11-21")]
    [InlineData("2026-11-20T09:00:00+08:00", 15, true, "2026-12-11")]
    [InlineData("2026-11-21T09:00:00+08:00", 1, true, "2026-11-23")]
    [InlineData("2026-09-30T09:00:00+08:00", 3, true, "2026-10-10")]
    public void A_request_is_due_at_the_end_of_its_last_day(string received, int days, bool working, string due)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var usual = new WorkingTime(WeeklyHours.Parse("1-5 09:00-18:00"), new(Notices.Years.Values.SelectMany(year => year), Notices.Years.Keys.ToHashSet()), zone);
        var dueAt = new RequestRules { Answer = days, Unit = working ? ClockUnit.WorkingDays : ClockUnit.Days }.DueAt(DateTimeOffset.Parse(received, System.Globalization.CultureInfo.InvariantCulture), zone, usual);
        Assert.Equal($"{due} 23:59:59", TimeZoneInfo.ConvertTime(dueAt, zone).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The person signs in, too, and the file was shared.</summary>
    private static async Task Account(HuikeApp app)
    {
        var ct = TestContext.Current.CancellationToken;
        var user = await app.AddUserWithRoles("person", 1, "customer");
        await using var connection = await app.Database.Open(ct);
        (string, object?)[] values = [("user", user), ("now", app.Clock.GetUtcNow()), ("no", false)];
        await connection.Run("update platform_user set kind = 2, customer_id = 1 where id = @user", ct, values);
        await connection.Run("insert into platform_session (user_id, created_at, seen_at, address, browser) values (@user, @now, @now, '::1', 'Firefox')", ct, values);
        await connection.Run("insert into platform_passkey (user_id, credential_id, name, public_key, sign_count, is_backup_eligible, is_backed_up, transports, created_at) values (@user, 'c', 'phone', @key, 0, @no, @no, '', @now)", ct, [.. values, ("key", new byte[] { 1 })]);
        await connection.Run("insert into platform_user_login (login_provider, provider_key, provider_display_name, user_id) values ('p', 'k', 'Firm', @user)", ct, values);
        await connection.Run("insert into platform_api_key (user_id, key, fingerprint, record_kind, record_id, created_at) values (@user, 'k', '', 'customers', 1, @now)", ct, values);
        await connection.Run("insert into platform_file (record_kind, record_id, name, type, size, hash, form_key, place, created_at, created_by) values ('customers', 1, 'passport.png', 'image/png', 1, '', 'f', 0, @now, '')", ct, values);
        await connection.Run("insert into platform_share (record_kind, record_id, user_id, may_edit, purpose, reason, created_at, created_by) values ('customers', 1, @user, @no, 'service', 'fair', @now, '')", ct, values);
    }

    [Theory, OnBothDatabases]
    public async Task A_copy_holds_everything_of_the_person_and_nothing_of_others(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        await Account(app);
        (await visitor.Json("POST", "/api/customers", """{"name":"欧阳小鸥"}""")).Dispose();
        using var merged = await visitor.Json("POST", "/api/customers/1/merges", """{"absorbed":3}""", ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.Created, merged.StatusCode);
        foreach (var (verb, path, body) in new[] { ("PUT", "tags", """{"tags":["VIP"]}"""), ("POST", "people", """{"name":"司徒琴"}"""), ("POST", "relations", """{"relation":"referrer","other":2}""") })
        {
            using var added = await visitor.Json(verb, "/api/customers/1/" + path, body, ("If-Match", "*"));
            Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        await app.Number($"insert into customers_duplicate (a_id, b_id, score, reasons, state, found_at) values (1, 2, 0.9, '[]', 0, {(kind == DatabaseKind.Sqlite ? "0" : "now()")})");
        using (var many = await visitor.Json("POST", "/api/customers/bulk-change", """{"verb":"set","field":"place","value":"Suzhou","ids":[1]}""")) { Assert.Equal(HttpStatusCode.Created, many.StatusCode); }
        var request = await Persons.Asks(visitor, "copy", details: "erase me please");
        var text = await visitor.Text(request + "/copy");
        var copy = JsonElement.Parse(text);
        foreach (var word in Persons.Words.Where(word => word is not ("13987654321" or "139 8765 4321" or "13812121212"))) { Assert.Contains(word, text, StringComparison.Ordinal); }
        Assert.Contains("+8613987654321", text, StringComparison.Ordinal);
        Assert.Equal("+8613812121212", copy.GetProperty("file")[0].GetProperty("phone").GetString());
        Assert.Equal([(19.9m, "P1"), (10m, "P1")], copy.GetProperty("transactions").EnumerateArray().Select(line => (line.GetProperty("amount").GetDecimal(), line.GetProperty("productCode").GetString()!)));
        Assert.Equal("marketing", copy.GetProperty("consents")[0].GetProperty("purpose").GetString());
        Assert.StartsWith("I agree", copy.GetProperty("consents")[0].GetProperty("textEnglish").GetString(), StringComparison.Ordinal);
        Assert.Equal("Advocate", copy.GetProperty("stagePin")[0].GetProperty("stage").GetString());
        Assert.Equal(["file", "transactions", "contactPoints", "tags", "formerNames", "addresses", "invoiceTitles", "people", "posts", "relations", "notes", "relationship", "bonds", "retentionPlan", "moments", "contactClaim", "duplicates", "claims", "hands", "extensions", "phoneCards", "nextSteps", "changes", "stagePin", "permissionPin", "permissionStages", "permissionStage", "value", "stages", "consents", "requests", "approvals", "approvalActs", "attachments", "shares", "answers", "sessions", "passkeys", "logins", "account", "merges", "mergedRows", "bulkChanges", "audit"], copy.EnumerateObject().Select(part => part.Name).Skip(2));
        Assert.All(copy.EnumerateObject().Where(part => part.Value.ValueKind == JsonValueKind.Array && part.Name != "stages"), part => Assert.NotEqual(0, part.Value.GetArrayLength()));
        foreach (var other in (string[])["李雷", "13700137000", "K2", "A3", "77"]) { Assert.DoesNotContain($"\"{other}", text, StringComparison.Ordinal); }
        Assert.Single(await app.Entries("customer.copied"));
        using var answered = await visitor.Submit(request, request + "/answer", ("outcome", "done"), ("words", "sent by mail"));
        Assert.Equal(HttpStatusCode.Redirect, answered.StatusCode);
        using var late = await visitor.Get(request + "/copy");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task The_list_shows_what_is_due_first_with_its_clock(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        Assert.Contains("No request is open", (await visitor.Page(RequestEndpoints.Path)).Body!.TextContent, StringComparison.Ordinal);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(app.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).DateTime);
        var fresh = await Persons.Asks(visitor, "correction");
        var old = await Persons.Asks(visitor, "copy", "K2", received: today.AddDays(-20).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await Persons.Asks(visitor, "explanation", "K2", received: today.AddDays(-15).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        var rows = (await visitor.Page(RequestEndpoints.Path)).QuerySelectorAll("tbody tr").Select(row => row.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()).ToList()).ToList();
        Assert.Equal([("Copy", "李雷", "Days overdue: 5"), ("Explanation", "李雷", "Due today"), ("Correction", "欧阳晓鸥", "Days left: 15")], rows.Select(row => (row[0], row[1], row[4])));
        using var refused = await visitor.Submit(old, old + "/answer", ("outcome", "refused"), ("words", "not the person"));
        using var corrected = await visitor.Submit(fresh, fresh + "/answer", ("outcome", "done"), ("words", "phone put right"));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect), (refused.StatusCode, corrected.StatusCode));
        Assert.Contains("phone put right", (await visitor.Page(fresh)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Single((await visitor.Page(RequestEndpoints.Path)).QuerySelectorAll("tbody tr"));
        Assert.Equal(["Refused", "Done"], (await visitor.Page(RequestEndpoints.Path + "?view=answered")).QuerySelectorAll("tbody tr td:last-child").Select(cell => cell.TextContent.Trim()));
        // What was said stays with the request; the audit tells that.
        Assert.Equal(["admin request.refused subject-request 2 []"], await app.Entries("request.refused"));
    }

    [Theory, OnBothDatabases]
    public async Task Every_page_of_the_list_is_reached_and_each_request_is_on_one(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator();
        await using (var connection = await app.Database.Open(Ct))
        {
            for (var i = 0; i < 120; i++)
            {
                await connection.Run("insert into customers_subject_request (customer_id, kind, channel, details, received_at, due_at, identity, state, answer, answered_by, created_by, form_key) values (1, 1, 1, '', @at, @due, 0, @state, '', '', 'x', @key)", Ct,
                    ("at", app.Clock.GetUtcNow()), ("due", DateTimeOffset.UnixEpoch.AddDays(22_000 + (i % 7))), ("state", i % 2), ("key", $"k{i}"));
            }
        }
        foreach (var view in (string[])["", "?view=answered"])
        {
            var seen = new List<string>();
            for (var next = RequestEndpoints.Path + view; next is not null;)
            {
                var page = await visitor.Page(next);
                seen.AddRange(page.QuerySelectorAll("tbody a").Select(link => link.GetAttribute("href")!));
                next = page.QuerySelector("a[href*='after=']")?.GetAttribute("href");
            }
            Assert.Equal((60, 60), (seen.Count, seen.Distinct().Count()));
        }
        foreach (var wrong in (string[])["after=x", "after=1.y", "after=99999999999999999.1"])
        {
            using var refused = await visitor.Get($"{RequestEndpoints.Path}?{wrong}");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Nothing_is_given_out_before_it_is_known_who_asks(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        var request = await Persons.Asks(visitor, "copy", identity: "none");
        using var copy = await visitor.Get(request + "/copy");
        using var done = await visitor.Submit(request, request + "/answer", ("outcome", "done"), ("words", "sent"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity), (copy.StatusCode, done.StatusCode));
        Assert.DoesNotContain("欧阳", await copy.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var identified = await visitor.Submit(request, request + "/identity", ("identity", "document"));
        Assert.Equal(HttpStatusCode.Redirect, identified.StatusCode);
        Assert.Equal(["""admin request.identified subject-request 1 [{"field":"identity","old":"none","new":"document"}]"""], await app.Entries("request.identified"));
        Assert.Contains("欧阳", await visitor.Text(request + "/copy"), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_meant_is_refused_in_words(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator();
        const string path = RequestEndpoints.Path + "/new";
        (string, string)[] right = [("customer", "K1"), ("kind", "copy"), ("channel", "phone"), ("identity", "none")];
        foreach (var (input, value) in new[] { ("customer", "K7"), ("customer", ""), ("kind", "all"), ("channel", ""), ("identity", "x"), ("received", "2124-01-01"), ("received", "x"), ("details", new string('x', 2_001)) })
        {
            using var refused = await Persons.Form(visitor, path, path, [.. right.Where(field => field.Item1 != input), (input, value)]);
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{input} {value}");
        }
        var request = await Persons.Asks(visitor, "correction");
        foreach (var (outcome, words) in new[] { ("done", ""), ("done", new string('x', 2_001)), ("open", "x"), ("", "x") })
        {
            using var refused = await visitor.Submit(request, request + "/answer", ("outcome", outcome), ("words", words));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        foreach (var action in (string[])["/copy", "/erasure"])
        {
            using var other = await visitor.Get(request + action);
            Assert.True(other.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.Redirect);
        }
        using var unknown = await visitor.Get(RequestEndpoints.Path + "/99");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        foreach (var (input, value) in new[] { ("answer", "0"), ("answer", "91"), ("ledgerYears", "51"), ("ledgerYears", "x") })
        {
            using var refused = await visitor.Submit(RequestEndpoints.Path, RequestEndpoints.Path + "/rules", [.. new[] { ("answer", "15"), ("unit", "days"), ("ledgerYears", "30") }.Where(field => field.Item1 != input), (input, value)]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        using var saved = await visitor.Submit(RequestEndpoints.Path, RequestEndpoints.Path + "/rules", ("answer", "10"), ("unit", "working-days"), ("ledgerYears", "30"));
        Assert.Equal("""admin settings.saved RequestRules 0 [{"field":"answer","old":"15","new":"10"},{"field":"unit","old":"Days","new":"WorkingDays"}]""", Assert.Single(await app.Entries("settings.saved")));
    }

    [Theory, OnBothDatabases]
    public async Task Handling_and_setting_are_permissions_of_their_own(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var handler = await app.UserWith("privacy.requests", CustomerPermissions.Read);
        using var keeper = await app.UserWith("privacy.settings");
        var request = await Persons.Asks(handler, "copy");
        foreach (var (visitor, path, status) in new[]
        {
            (handler, RequestEndpoints.Path, HttpStatusCode.OK), (handler, "/admin/privacy/processing", HttpStatusCode.Forbidden), (handler, "/admin/privacy/consent-texts", HttpStatusCode.Forbidden), (handler, "/admin/privacy/retention", HttpStatusCode.Forbidden),
            (keeper, RequestEndpoints.Path, HttpStatusCode.Forbidden), (keeper, request, HttpStatusCode.Forbidden), (keeper, request + "/copy", HttpStatusCode.Forbidden), (keeper, "/admin/privacy/processing", HttpStatusCode.OK),
            (keeper, "/admin/privacy/consent-texts", HttpStatusCode.OK), (keeper, "/admin/privacy/retention", HttpStatusCode.OK),
        })
        {
            using var answer = await visitor.Get(path);
            Assert.True(answer.StatusCode == status, $"{path} answered {(int)answer.StatusCode}");
        }
        using var rules = await handler.Post(RequestEndpoints.Path + "/rules", ("__RequestVerificationToken", await handler.Token(request)), ("answer", "90"), ("unit", "days"), ("ledgerYears", "1"));
        Assert.Equal(HttpStatusCode.Forbidden, rules.StatusCode);
    }
}
