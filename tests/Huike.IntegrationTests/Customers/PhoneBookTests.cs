using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>One's own customers as an address book on one's phone.</summary>
public sealed class PhoneBookTests
{
    private const string NewCard = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:a-phone-made-it\r\nFN:王小明\r\nN:王;小明;;;\r\nTEL;TYPE=CELL:138 0013 8000\r\nEMAIL;TYPE=HOME:ming@example.com\r\nNOTE:喜欢龙井\r\nX-PHONE-RINGTONE:bells\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\nEND:VCARD\r\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_a_phone_makes_and_changes_is_in_the_file_with_its_history_and_comes_back_whole(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        using var phone = await Phone.Of(app, visitor, "admin");
        Assert.Equal(HttpStatusCode.Created, await phone.Put("x1.vcf", NewCard, ("If-None-Match", "*")));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await phone.Put("x1.vcf", NewCard, ("If-None-Match", "*")));
        var file = JsonNode.Parse(await visitor.Text("/api/customers/1"))!;
        Assert.Equal("王小明 person +8613800138000 ming@example.com 喜欢龙井", $"{file["name"]} {file["kind"]} {file["phone"]} {file["email"]} {file["remark"]}");
        var (href, (text, tag)) = Assert.Single(await phone.Cards());
        Assert.Equal(Phone.Book + "x1.vcf", href);
        foreach (var line in (string[])["UID:a-phone-made-it", "X-PHONE-RINGTONE:bells", "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ", "N:王;小明;;;"]) { Assert.Contains(line, text, StringComparison.Ordinal); }
        Assert.Equal((HttpStatusCode)428, await phone.Put("x1.vcf", text));
        Assert.Equal(HttpStatusCode.NoContent, await phone.Put("x1.vcf", text.Replace("王小明", "王大明", StringComparison.Ordinal).Replace("小明;;;", "大明;;;", StringComparison.Ordinal).Replace("END:VCARD", "TEL;TYPE=WORK:010-87654321\r\nEND:VCARD", StringComparison.Ordinal), ("If-Match", tag)));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await phone.Put("x1.vcf", text, ("If-Match", tag)));
        Assert.Equal("王大明", JsonNode.Parse(await visitor.Text("/api/customers/1"))!["name"]!.ToString());
        Assert.Equal(1, await app.Number("select count(*) from customers_change where field = 'name' and old_value = '王小明' and new_value = '王大明'"));
        Assert.Equal("+861087654321", JsonNode.Parse(await visitor.Text("/api/customers/1/contact-points"))!["rows"]!.AsArray().Select(row => row!["value"]!.ToString()).Single(value => value.EndsWith("4321", StringComparison.Ordinal)));
        var now = (await phone.Cards())[href].Text;
        Assert.Contains("N:王;大明;;;", now, StringComparison.Ordinal);
        Assert.Contains("X-PHONE-RINGTONE:bells", now, StringComparison.Ordinal);
        Assert.True(await app.Number("select count(*) from platform_audit where action = 'cards.taken'") > 0);
    }

    [Theory, OnBothDatabases]
    public async Task What_a_program_wrote_goes_into_the_bin_with_its_customer_and_back_and_for_good_with_its_person(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        using var phone = await Phone.Of(app, visitor, "admin");
        Assert.Equal(HttpStatusCode.Created, await phone.Put("x.vcf", NewCard));
        var (href, (_, tag)) = Assert.Single(await phone.Cards());
        Assert.Equal(HttpStatusCode.NoContent, await phone.Delete(href, tag));
        Assert.Empty(await phone.Cards());
        Assert.Equal(0, await app.Number("select count(*) from customers_card_kept"));
        using (var restored = await visitor.Submit("/customers/bin", "/customers/bin/1/restore", ("confirm", "true"))) { Assert.Equal(HttpStatusCode.Redirect, restored.StatusCode); }
        Assert.Contains("X-PHONE-RINGTONE:bells", Assert.Single(await phone.Cards()).Value.Text, StringComparison.Ordinal);
        using var asked = await visitor.Submit("/admin/privacy/requests/new", "/admin/privacy/requests/new", ("customer", "C0000001"), ("kind", "deletion"), ("channel", "phone"), ("identity", "document"), ("formKey", Guid.CreateVersion7().ToString("N")));
        using var erased = await visitor.Submit(asked.Headers.Location!.ToString(), asked.Headers.Location + "/erasure", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.Redirect, erased.StatusCode);
        Assert.Empty(await phone.Cards());
        Assert.Equal(0, await app.Number("select count(*) from customers_card_kept"));
    }

    [Theory, OnBothDatabases]
    public async Task Who_works_somewhere_becomes_a_contact_there_and_his_further_numbers_stay_on_the_card(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        using var phone = await Phone.Of(app, visitor, "admin");
        var card = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:p1\r\nFN:Li Lei\r\nN:Li;Lei;;;\r\nORG:West Lake Tea;Sales\r\nTITLE:Buyer\r\nTEL;TYPE=CELL:13900139000\r\nTEL;TYPE=HOME:0571-87654321\r\nBDAY:1990-05-12\r\nEND:VCARD\r\n";
        Assert.Equal(HttpStatusCode.Created, await phone.Put("p.vcf", card));
        var cards = await phone.Cards();
        Assert.Equal(2, cards.Count);
        var company = cards.Single(one => one.Key != Phone.Book + "p.vcf");
        Assert.Contains("X-ABShowAs:COMPANY", company.Value.Text, StringComparison.Ordinal);
        Assert.Contains("ORG:West Lake Tea", company.Value.Text, StringComparison.Ordinal);
        var person = JsonNode.Parse(await visitor.Text("/api/customers/1/people"))!["rows"]![0]!;
        Assert.Equal("Li Lei Buyer +8613900139000 1990", $"{person["name"]} {person["title"]} {person["phone"]} {person["birthday"]!["year"]}");
        var (text, tag) = cards[Phone.Book + "p.vcf"];
        Assert.Contains("0571-87654321", text, StringComparison.Ordinal);
        Assert.Contains("ORG:West Lake Tea;Sales", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, await phone.Put("p.vcf", text.Replace("West Lake Tea", "East Sea Tea", StringComparison.Ordinal), ("If-Match", tag)));
        Assert.Equal(1, await app.Number("select count(*) from platform_notice where kind = 'cards.refused'"));
        using var changed = await visitor.Json("PATCH", "/api/customers/1/people/1", """{"phone":"13700137000"}""", ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var after = (await phone.Cards())[Phone.Book + "p.vcf"].Text;
        Assert.Contains("+8613700137000", after.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("13900139000", after, StringComparison.Ordinal);
        Assert.Contains("0571-87654321", after, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, await phone.Delete(Phone.Book + "p.vcf", (await phone.Cards())[Phone.Book + "p.vcf"].Tag));
        Assert.Equal(0, await app.Number("select count(*) from customers_post"));
    }

    [Theory, OnBothDatabases]
    public async Task Tokens_tell_what_changed_and_what_went(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name,phone\nK1,Anna,13800138001\nK2,Berta,13800138002\nK3,Clara,13800138003\n");
        await app.Number("update customers_customer set owner_id = (select min(id) from platform_user) where number <> 'K3'");
        using var phone = await Phone.Of(app, visitor, "admin");
        var (all, first) = await phone.Since("");
        Assert.Equal(2, all.Count);
        Assert.Empty((await phone.Since(first)).Changes);
        using (var changed = await visitor.Json("PATCH", "/api/customers/1", """{"phone":"13800138011"}""", ("If-Match", "*"))) { Assert.Equal(HttpStatusCode.OK, changed.StatusCode); }
        using (var removed = await visitor.Json("DELETE", "/api/customers/2", headers: ("If-Match", "*"))) { Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode); }
        using (var given = await visitor.Json("PUT", "/api/customers/3/owner", """{"owner":"admin"}""", ("If-Match", "*"))) { Assert.Equal(HttpStatusCode.OK, given.StatusCode); }
        var (changes, second) = await phone.Since(first);
        Assert.Equal([false, true, true], changes.Values.Order());
        Assert.NotEqual(first, second);
        Assert.Empty((await phone.Since(second)).Changes);
        Assert.Equal(2, (await phone.Cards()).Count);
        foreach (var wrong in (string[])["urn:huike:cards:99999999999-20260101", "nonsense", "urn:huike:cards:1-20010101"])
        {
            using var refused = await phone.Send("REPORT", Phone.Book, $"""<d:sync-collection xmlns:d="DAV:"><d:sync-token>{wrong}</d:sync-token><d:prop/></d:sync-collection>""");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("valid-sync-token", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        using var restored = await visitor.Submit("/customers/bin", "/customers/bin/2/restore", ("confirm", "true"));
        Assert.Equal([true], (await phone.Since(second)).Changes.Values);
    }

    [Theory, OnBothDatabases]
    public async Task Masked_values_never_leave_and_come_back_as_no_change(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name,phone,email\nK1,Anna,13800138001,anna@example.com\n");
        var scopes = new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [CustomerPermissions.Edit] = RecordScope.Own, [CustomerPermissions.Cards] = RecordScope.All };
        var agent = await app.AddUserWith("agent1", 1, new(scopes, new Dictionary<string, FieldAccess> { ["customers"] = new(2, 3) }));
        await app.Number($"update customers_customer set owner_id = {agent}, unit_id = 1");
        using var visitor = await app.As("agent1");
        using var phone = await Phone.Of(app, visitor, "agent1");
        var (href, (text, tag)) = Assert.Single(await phone.Cards());
        foreach (var hidden in (string[])["138", "anna@", "****", "TEL", "EMAIL"]) { Assert.DoesNotContain(hidden, text, StringComparison.Ordinal); }
        Assert.Equal(HttpStatusCode.NoContent, await phone.Put(href[Phone.Book.Length..], text.Replace("Anna", "Anne", StringComparison.Ordinal), ("If-Match", tag)));
        Assert.Equal(1, await app.Number("select count(*) from customers_customer where name = 'Anne' and phone = '+8613800138001' and email = 'anna@example.com'"));
        tag = (await phone.Cards())[href].Tag;
        Assert.Equal(HttpStatusCode.Forbidden, await phone.Put(href[Phone.Book.Length..], text.Replace("END:", "TEL:13999999999\r\nEND:", StringComparison.Ordinal), ("If-Match", tag)));
        Assert.Equal(HttpStatusCode.Forbidden, await phone.Put("new.vcf", NewCard));
        Assert.Equal(HttpStatusCode.Forbidden, await phone.Delete(href, tag));
        Assert.Equal(1, await app.Number("select count(*) from customers_customer"));
    }

    [Theory, OnBothDatabases]
    public async Task Only_a_password_of_a_device_opens_the_book_and_nothing_else(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        using var phone = await Phone.Of(app, visitor, "admin");
        Assert.Empty(await phone.Cards());
        foreach (var (user, password) in new[] { ("admin", HuikeApp.Password), ("admin", "hk_" + new string('0', 64)), ("", "") })
        {
            using var other = new Phone(app, user, password);
            using var refused = await other.Send("PROPFIND", "/dav/");
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.StartsWith("Basic", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
        using (var cookie = await visitor.Get(Phone.Book + "x.vcf")) { Assert.Equal(HttpStatusCode.Unauthorized, cookie.StatusCode); }
        using (var known = await phone.Send("PROPFIND", "/.well-known/carddav")) { Assert.Equal((HttpStatusCode.PermanentRedirect, "/dav/"), (known.StatusCode, known.Headers.Location!.ToString())); }
        using (var reading = await visitor.Submit("/account/tokens", "/account/tokens", ("name", "r"), ("days", "9"), ("formKey", Guid.CreateVersion7().ToString("N")), ("scope", "read")))
        {
            var token = System.Text.RegularExpressions.Regex.Match(await reading.Content.ReadAsStringAsync(Ct), "hk_[0-9a-f]{64}", System.Text.RegularExpressions.RegexOptions.NonBacktracking).Value;
            using var reader = new Phone(app, "admin", token);
            using var refused = await reader.Send("PROPFIND", "/dav/");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
        var device = System.Text.RegularExpressions.Regex.Match(await visitor.Text("/account/phone-book"), "phone-book/(?<id>[0-9]+)/end", System.Text.RegularExpressions.RegexOptions.NonBacktracking | System.Text.RegularExpressions.RegexOptions.ExplicitCapture).Groups["id"].Value;
        Assert.Equal(HttpStatusCode.Created, await phone.Put("x.vcf", NewCard));
        using (var ended = await visitor.Submit("/account/phone-book", $"/account/phone-book/{device}/end", ("confirm", "true"))) { Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode); }
        using (var after = await phone.Send("PROPFIND", "/dav/")) { Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode); }
        Assert.Equal(0, await app.Number("select count(*) from customers_card_kept") + await app.Number("select count(*) from customers_card"));
    }

    [Theory, OnBothDatabases]
    public async Task Hostile_requests_are_refused_and_leave_nothing(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        using var phone = await Phone.Of(app, visitor, "admin");
        string[] bodies = ["<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><d:propfind xmlns:d=\"DAV:\">&e;</d:propfind>", "<a", "not xml", string.Concat(Enumerable.Repeat("<a>", 5_000)) + string.Concat(Enumerable.Repeat("</a>", 5_000)), "<x>" + new string('x', 2 << 20) + "</x>"];
        foreach (var body in bodies)
        {
            foreach (var method in (string[])["PROPFIND", "REPORT"])
            {
                using var answer = await phone.Send(method, Phone.Book, body, ("Depth", "1"));
                Assert.True((int)answer.StatusCode is 400 or 413, $"{method} answered {(int)answer.StatusCode}");
            }
        }
        (string, HttpStatusCode)[] cards = [("nonsense", HttpStatusCode.Forbidden), ("BEGIN:VCARD\nVERSION:3.0\nFN:x\nno line\nEND:VCARD", HttpStatusCode.Forbidden), ("BEGIN:VCARD\nVERSION:3.0\nTEL:1\nEND:VCARD", HttpStatusCode.Forbidden), (new string('x', 3 << 20), HttpStatusCode.RequestEntityTooLarge), (NewCard + NewCard, HttpStatusCode.Forbidden), (NewCard.Replace("ming@example.com", "no mail", StringComparison.Ordinal), HttpStatusCode.Forbidden)];
        foreach (var (card, status) in cards) { Assert.Equal(status, await phone.Put("h.vcf", card)); }
        Assert.Equal(0, await app.Number("select count(*) from customers_customer"));
        Assert.Equal(HttpStatusCode.Created, await phone.Put("a.vcf", NewCard));
        Assert.Equal(HttpStatusCode.Conflict, await phone.Put("b.vcf", NewCard));
        using var infinite = await phone.Send("PROPFIND", Phone.Book);
        Assert.Equal(HttpStatusCode.Forbidden, infinite.StatusCode);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_phones_at_once_one_wins_and_the_other_is_told(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        using var phone = await Phone.Of(app, visitor, "admin");
        Assert.Equal(HttpStatusCode.Created, await phone.Put("x.vcf", NewCard));
        var (text, tag) = (await phone.Cards())[Phone.Book + "x.vcf"];
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => phone.Put("x.vcf", text.Replace("王小明", $"Ming {i}", StringComparison.Ordinal), ("If-Match", tag))));
        Assert.Equal(1, answers.Count(status => status == HttpStatusCode.NoContent));
        Assert.Equal(5, answers.Count(status => status == HttpStatusCode.PreconditionFailed));
        Assert.Equal(1, await app.Number("select count(*) from customers_change where field = 'name'"));
    }
}
