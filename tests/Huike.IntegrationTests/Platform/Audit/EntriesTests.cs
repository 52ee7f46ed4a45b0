using System.Net;
using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Audit;

/// <summary>What is written where.</summary>
public sealed class EntriesTests
{
    private const string Ledger = "customer,date,document,amount\nK1,2024-01-05,A1,10.00\nK2,2024-01-06,A2,7.50\n";

    private static readonly string[] Kinds = ["sessions", "signInTries", "links", "tokens", "apiKeys", "shares", "deputies", "events", "webhookDeliveries", "notices", "ruleRuns", "jobs", "loadFiles", "withdrawnProofs", "idleCustomers", "erasedTraces", "bulkChanges", "bin", "exportFiles", "exports"];

    /// <summary>Writes nothing but a cookie of the browser's own.</summary>
    private const string Preferences = "POST /preferences";

    /// <summary>Need more than a request: their entries are looked at where they are tried (SecondFactorTests, PasskeyTests, ProviderTests, LinkMailTests, CancelledLoadTests, DuplicateTests, ClaimTests, PoolTests, ReturnTests, and below).</summary>
    private static readonly string[] Elsewhere = ["POST /customers/twins", "POST /customers/bulk/{bulk:long}/cancel", "POST /setup", "POST /account/second-factor", "POST /sign-in/code", "POST /password/{token}", "POST /account/sessions/end", Preferences,
        "POST /account/passkeys/new", "POST /account/passkeys", "POST /account/passkeys/{passkey:long}/removal", "POST /sign-in/passkey", "POST /account/providers/{provider}", "POST /account/providers/{provider}/removal", "POST /imports/{id:long}/cancel", "POST /duplicates/{pair:long}", "PUT /api/duplicates/{pair:long}",
        "POST /claims", "POST /claims/{claim:long}", "POST /customers/{id:long}/claims", "POST /api/claims/{claim:long}/decision", "POST /api/customers/{id:long}/claims", .. PoolWrites.Elsewhere, .. PhoneWrites.Elsewhere, .. Reads, .. ExportWrites.Elsewhere];

    /// <summary>That somebody read what he was told is no act on a record; a rule that is only tried does none.</summary>
    private static string[] Reads => ["POST /customers/bulk/{bulk:long}/preview", "POST /admin/rules/{id:long}/try", "POST /pools/{pool:long}/going", "POST /notifications/{id:long}/open", "POST /notifications/read", "POST /customers/views/{view:long}/mark"];

    /// <summary>Of each route that writes, one request that does. A new route fails the test until it stands here and writes an entry.</summary>
    private static readonly (string Route, Func<Visitor, Task<HttpResponseMessage>> Done)[] Writes =
    [
        ("POST /sign-in", visitor => visitor.Submit("/sign-in", "/sign-in", ("name", "admin"), ("password", HuikeApp.Password))),
        ("POST /customers/new", visitor => visitor.Submit("/customers/new", "/customers/new", ("name", "李雷"), ("formKey", Key()))),
        ("POST /customers/{id:long}/edit", visitor => visitor.Submit("/customers/1/edit", "/customers/1/edit", ("name", "张三丰"), ("version", "1"), ("formKey", Key()))),
        ("POST /customers/{id:long}/notes", visitor => visitor.Submit("/customers/1", "/customers/1/notes", ("body", "called"), ("formKey", Key()))),
        ("POST /customers/{id:long}/contact", visitor => visitor.Submit("/customers/1", "/customers/1/contact", ("channel", "email"), ("purpose", "service"))),
        ("POST /customers/{id:long}/contact/end", visitor => visitor.Submit("/customers/1", "/customers/1/contact/end", ("confirm", "true"))),
        ("POST /admin/relationship", visitor => visitor.Submit("/admin/relationship", "/admin/relationship", ("highMargin", "4"), ("lowMargin", "0.25"), ("manyPercent", "40"), ("fewPercent", "3"), ("daysAhead", "5"), ("daysForgotten", "20"), ("language", "en"))),
        ("POST /admin/relationship/touches", visitor => visitor.Submit("/admin/relationship", "/admin/relationship/touches", Touch)),
        ("POST /admin/relationship/touches/{touch:long}", visitor => visitor.Submit("/admin/relationship", "/admin/relationship/touches/1", [.. Touch, ("version", "1")])),
        ("POST /admin/relationship/touches/{touch:long}/removal", visitor => visitor.Submit("/admin/relationship", "/admin/relationship/touches/1/removal", ("confirm", "true"))),
        ("POST /admin/contact-rules", visitor => visitor.Submit("/admin/contact-rules", "/admin/contact-rules", ("daysBetween", "5"), ("capContacts", "5"), ("capDays", "30"), ("quietFrom", "21"), ("quietTo", "8"), ("minutesKept", "20"))),
        ("POST /admin/duplicates", visitor => visitor.Submit("/admin/duplicates", "/admin/duplicates", ("everyone.phone", "warn"), ("everyone.email", "allow"), ("everyone.credit-code", "warn"), ("everyone.we-chat", "warn"), ("everyone.similar", "allow"), ("similarFrom", "95"), ("nightlyHour", "3"), ("queueFrom", "60"))),
        ("POST /admin/duplicates/comparison", visitor => visitor.Submit("/duplicates", "/admin/duplicates/comparison", ("confirm", "true"))),
        ("POST /customers/{id:long}/files", visitor => visitor.Upload("/customers/1", "/customers/1/files", "files", [Given.Written("a,b\n")], ("formKey", Key()))),
        ("POST /customers/{id:long}/files/{file:long}/removal", visitor => visitor.Submit("/customers/1/files", "/customers/1/files/1/removal", ("confirm", "true"))),
        ("POST /customers/{id:long}/next-steps", visitor => visitor.Submit("/customers/1", "/customers/1/next-steps", ("what", "visit"), ("due", "2030-01-31"), ("formKey", Key()))),
        ("POST /customers/{id:long}/next-steps/{step:long}/done", visitor => visitor.Submit("/customers/1", "/customers/1/next-steps/1/done", ("confirm", "true"))),
        ("POST /customers/{id:long}/stage-pin", visitor => visitor.Submit("/customers/1", "/customers/1/stage-pin", ("stage", "advocate"), ("reason", "sends friends"), ("until", "2030-12-31"))),
        ("POST /customers/{id:long}/contact-points", visitor => visitor.Submit("/customers/1", "/customers/1/contact-points", ("kind", "phone"), ("value", "010-87654321转802"), ("label", "front desk"), ("formKey", Key()))),
        ("POST /customers/{id:long}/contact-points/{point:long}", visitor => visitor.Submit("/customers/1", "/customers/1/contact-points/1", ("value", "010-87654322"), ("use", "work"), ("version", "1"))),
        ("POST /customers/{id:long}/contact-points/{point:long}/preferred", async visitor =>
        {
            (await visitor.Submit("/customers/1", "/customers/1/contact-points", ("kind", "phone"), ("value", "13600136000"), ("formKey", Key()))).Dispose();
            return await visitor.Submit("/customers/1", "/customers/1/contact-points/2/preferred", ("confirm", "true"));
        }),
        ("POST /customers/{id:long}/contact-points/{point:long}/removal", visitor => visitor.Submit("/customers/1", "/customers/1/contact-points/1/removal", ("confirm", "true"))),
        ("POST /customers/{id:long}/reach", visitor => visitor.Submit("/customers/1", "/customers/1/reach", ("channel", "phone"), ("day", "monday"), ("from", "09:00"), ("to", "12:00"))),
        .. FileWrites.Forms,
        .. PoolWrites.All,
        .. ViewWrites.All, .. PhoneWrites.All, .. ExportWrites.All,
        ("POST /customers/{id:long}/permission-pin", visitor => visitor.Submit("/customers/1", "/customers/1/permission-pin", ("stage", "loyalty"), ("reason", "brings cake"), ("until", "2030-12-31"))),
        ("POST /customers/{id:long}/permission-pin/removal", visitor => visitor.Submit("/customers/1", "/customers/1/permission-pin/removal", ("confirm", "true"))),
        ("POST /customers/{id:long}/unknown", visitor => visitor.Submit("/customers/1", "/customers/1/unknown", ("field", "email"))),
        ("POST /admin/unknowns", visitor => visitor.Submit("/admin/unknowns", "/admin/unknowns", ("tiers", "gold"), ("person", "phone"), ("daysToAsk", "3"))),
        ("POST /admin/permission-rules", visitor => visitor.Submit("/admin/permission-rules", "/admin/permission-rules", ("purposes", "marketing"), ("answerDays", "90"), ("hoursBefore", "12"))),
        ("POST /api/customers/{id:long}/consents", visitor => visitor.Json("POST", "/api/customers/1/consents", """{"purpose":"marketing","channel":"sms","proof":"page 9"}""")),
        ("PUT /api/customers/{id:long}/permission-pin", visitor => visitor.Json("PUT", "/api/customers/1/permission-pin", """{"stage":"loyalty","reason":"brings cake","until":"2030-12-31"}""", AnyVersion)),
        ("DELETE /api/customers/{id:long}/permission-pin", visitor => visitor.Json("DELETE", "/api/customers/1/permission-pin", headers: AnyVersion)),
        ("POST /customers/{id:long}/stage-pin/removal", visitor => visitor.Submit("/customers/1", "/customers/1/stage-pin/removal", ("confirm", "true"))),
        ("POST /imports/new", visitor => visitor.Upload("/imports/new", "/imports/new", "files", [Given.Written(Ledger)], ("kind", "transactions"))),
        ("POST /imports/{id:long}/plan", visitor => visitor.Submit("/imports/2", "/imports/2/plan", ("source", "till"), ("mappingName", "till"), ("next", "save"))),
        ("POST /imports/{id:long}/run", visitor => visitor.Submit("/imports/2", "/imports/2/run", ("confirm", "true"))),
        ("POST /imports/{id:long}/undoing", visitor => visitor.Submit("/imports/1", "/imports/1/undoing", ("confirm", "true"))),
        ("POST /products/{id:long}", visitor => visitor.Submit("/products/1", "/products/1", ("cost", "8.20"), ("category", ""), ("version", "1"))),
        ("POST /products/costs", visitor => visitor.Upload("/products/costs", "/products/costs", "file", [Given.Written("product number,unit cost\nP1,9.10\n")], ("next", "load"))),
        ("POST /api/customers", visitor => visitor.Json("POST", "/api/customers", """{"name":"Robot"}""")),
        ("POST /api/customers/bulk", visitor => visitor.Json("POST", "/api/customers/bulk", """{"atomic":true,"operations":[{"op":"create","customer":{"name":"Robot"}}]}""")),
        ("PATCH /api/customers/{id:long}", visitor => visitor.Json("PATCH", "/api/customers/1", """{"place":"杭州"}""", AnyVersion)),
        ("PUT /api/customers/{id:long}/owner", visitor => visitor.Json("PUT", "/api/customers/1/owner", """{"owner":"late"}""", AnyVersion)),
        ("PUT /api/customers/{id:long}/stage-pin", visitor => visitor.Json("PUT", "/api/customers/1/stage-pin", """{"stage":"advocate","reason":"sends friends","until":"2030-12-31"}""", AnyVersion)),
        ("DELETE /api/customers/{id:long}/stage-pin", visitor => visitor.Json("DELETE", "/api/customers/1/stage-pin", headers: AnyVersion)),
        ("POST /api/customers/{id:long}/notes", visitor => visitor.Json("POST", "/api/customers/1/notes", """{"body":"called"}""")),
        ("POST /api/customers/{id:long}/contact-claim", visitor => visitor.Json("POST", "/api/customers/1/contact-claim", """{"channel":"email","purpose":"service","anyway":true}""")),
        ("DELETE /api/customers/{id:long}/contact-claim", visitor => visitor.Json("DELETE", "/api/customers/1/contact-claim")),
        ("POST /api/customers/{id:long}/contact-points", visitor => visitor.Json("POST", "/api/customers/1/contact-points", """{"kind":"we-chat","value":"zhang_san8"}""")),
        ("PATCH /api/customers/{id:long}/contact-points/{part:long}", visitor => visitor.Json("PATCH", "/api/customers/1/contact-points/3", """{"label":"his own"}""", AnyVersion)),
        ("DELETE /api/customers/{id:long}/contact-points/{part:long}", visitor => visitor.Json("DELETE", "/api/customers/1/contact-points/3", headers: AnyVersion)),
        ("PUT /api/customers/{id:long}/reach", visitor => visitor.Json("PUT", "/api/customers/1/reach", """{"channel":"sms"}""", AnyVersion)),
        .. MergeWrites.All,
        .. BulkWrites.All,
        .. FileWrites.Programs,
        ("POST /api/customers/{id:long}/next-steps", visitor => visitor.Json("POST", "/api/customers/1/next-steps", """{"what":"visit","due":"2030-01-31"}""")),
        ("PUT /api/customers/{id:long}/next-steps/{step:long}/done", visitor => visitor.Json("PUT", "/api/customers/1/next-steps/2/done", headers: AnyVersion)),
        ("POST /api/customers/{id:long}/files", visitor => visitor.Bytes("/api/customers/1/files?name=a.txt", "a"u8.ToArray())),
        ("DELETE /api/customers/{id:long}/files/{file:long}", async visitor =>
        {
            using var added = await visitor.Bytes("/api/customers/1/files?name=b.txt", "b"u8.ToArray());
            return await visitor.Json("DELETE", added.Headers.Location!.OriginalString, headers: AnyVersion);
        }),
        ("DELETE /api/customers/{id:long}", async visitor =>
        {
            using var added = await visitor.Json("POST", "/api/customers", """{"name":"Robot"}""");
            return await visitor.Json("DELETE", added.Headers.Location!.OriginalString, headers: AnyVersion);
        }),
        ("POST /api/mcp", visitor => visitor.Json("POST", "/api/mcp", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"addCustomer","arguments":{"body":{"name":"Agent"}}}}""")),
        ("PATCH /api/products/{id:long}", visitor => visitor.Json("PATCH", "/api/products/1", """{"cost":7.5}""", AnyVersion)),
        ("POST /customers/{id:long}/consents", visitor => visitor.Submit("/customers/1", "/customers/1/consents", ("purpose", "survey"), ("channel", "all"), ("way", "call"), ("formKey", Key()))),
        ("POST /admin/privacy/processing/new", visitor => visitor.Submit("/admin/privacy/processing/new", "/admin/privacy/processing/new", ("name", "Gifts"), ("basis", "consent"))),
        ("POST /admin/privacy/processing/{id:long}", visitor => visitor.Submit("/admin/privacy/processing/8", "/admin/privacy/processing/8", ("name", "Presents"), ("basis", "consent"), ("version", "1"))),
        ("POST /admin/privacy/consent-texts/{purpose:long}", visitor => visitor.Submit("/admin/privacy/consent-texts", "/admin/privacy/consent-texts/8", ("chinese", "同意"), ("english", "Yes"))),
        ("POST /admin/privacy/requests/rules", visitor => visitor.Submit("/admin/privacy/requests", "/admin/privacy/requests/rules", ("answer", "10"), ("unit", "days"), ("ledgerYears", "30"))),
        ("POST /admin/privacy/requests/new", visitor => visitor.Submit("/admin/privacy/requests/new", "/admin/privacy/requests/new", ("customer", "K1"), ("kind", "correction"), ("channel", "phone"), ("identity", "none"), ("formKey", Key()))),
        ("POST /admin/privacy/requests/{id:long}/identity", visitor => visitor.Submit("/admin/privacy/requests/1", "/admin/privacy/requests/1/identity", ("identity", "document"))),
        ("POST /admin/privacy/requests/{id:long}/answer", visitor => visitor.Submit("/admin/privacy/requests/1", "/admin/privacy/requests/1/answer", ("outcome", "done"), ("words", "put right"))),
        ("POST /admin/privacy/requests/{id:long}/erasure", async visitor =>
        {
            using var asked = await visitor.Submit("/admin/privacy/requests/new", "/admin/privacy/requests/new", ("customer", "K1"), ("kind", "deletion"), ("channel", "phone"), ("identity", "document"), ("formKey", Key()));
            return await visitor.Submit(asked.Headers.Location!.ToString(), asked.Headers.Location + "/erasure", ("confirm", "true"));
        }),
        ("POST /admin/privacy/retention", visitor => visitor.Submit("/admin/privacy/retention", "/admin/privacy/retention", [.. Kinds.SelectMany(kind => new[] { (kind, "9"), (kind + "Unit", "Days") }), ("nightlyHour", "5")])),
        ("POST /admin/privacy/retention/run", visitor => visitor.Submit("/admin/privacy/retention", "/admin/privacy/retention/run", ("confirm", "true"))),
        ("POST /value/settings", SaveSettings),
        ("POST /admin/settings/firm", visitor => visitor.Submit("/admin/settings/firm", "/admin/settings/firm", ("currency", "CNY"), ("timeZone", "Asia/Shanghai"), ("rates", "USD 7.12"))),
        ("POST /admin/sign-in", visitor => visitor.Submit("/admin/sign-in", "/admin/sign-in", ("accountTries", "9"), ("accountMinutes", "5"), ("addressTries", "60"), ("addressMinutes", "15"),
            ("linksPerHour", "3"), ("invitationDays", "7"), ("resetHours", "2"), ("idleHours", "12"), ("sessionDays", "30"), ("tokenRequests", "600"))),
        ("POST /admin/users/new", visitor => visitor.Submit("/admin/users/new", "/admin/users/new", ("name", "lihua"), ("displayName", "李华"), ("email", ""), ("role", "executive"))),
        ("POST /admin/users/{id:long}", visitor => visitor.Submit("/admin/users/2", "/admin/users/2", ("displayName", "李华二"), ("email", ""))),
        ("POST /admin/users/{id:long}/link", visitor => visitor.Submit("/admin/users/2", "/admin/users/2/link", ("confirm", "true"))),
        ("POST /admin/users/{id:long}/access", visitor => visitor.Submit("/admin/users/2", "/admin/users/2/access", ("open", "false"))),
        ("POST /admin/users/{id:long}/sessions/end", visitor => visitor.Submit("/admin/users/2", "/admin/users/2/sessions/end", ("confirm", "true"))),
        ("POST /admin/users/{id:long}/second-factor/off", visitor => visitor.Submit("/admin/users/2", "/admin/users/2/second-factor/off", ("confirm", "true"))),
        ("POST /admin/users/{id:long}/passkeys/removal", visitor => visitor.Submit("/admin/users/2", "/admin/users/2/passkeys/removal", ("confirm", "true"))),
        ("POST /account/second-factor/off", visitor => visitor.Submit("/account", "/account/second-factor/off", ("present", HuikeApp.Password))),
        ("POST /account/second-factor/codes", visitor => visitor.Submit("/account", "/account/second-factor/codes", ("present", HuikeApp.Password))),
        ("POST /account/sessions/{session:long}/end", visitor => visitor.Submit("/account", "/account/sessions/99/end", ("confirm", "true"))),
        ("POST /account/password", visitor => visitor.Submit("/account", "/account/password", ("present", HuikeApp.Password), ("chosen", "gemsbok walks at dusk"))),
        ("POST /forgot", visitor => visitor.Submit("/forgot", "/forgot", ("name", "nobody"))),
        ("POST /customers/{id:long}/owner", visitor => visitor.Submit("/customers/1", "/customers/1/owner", ("owner", "admin"))),
        ("POST /customers/{id:long}/shares", visitor => visitor.Submit("/customers/1", "/customers/1/shares", ("purpose", "service"), ("person", "admin"), ("reason", "holiday"))),
        ("POST /customers/{id:long}/shares/{share:long}/end", visitor => visitor.Submit("/customers/1", "/customers/1/shares/1/end", ("confirm", "true"))),
        ("POST /customers/{id:long}/reveal", visitor => visitor.Submit("/customers/1", "/customers/1/reveal", ("field", "phone"), ("reason", "call back"))),
        ("POST /customers/{id:long}/removal", RemoveNew),
        ("POST /admin/organisation/{id:long}/units", visitor => visitor.Submit("/admin/organisation/1", "/admin/organisation/1/units", ("name", "华东"), ("kind", "Branch"))),
        ("POST /admin/organisation/{id:long}", visitor => visitor.Submit("/admin/organisation/2", "/admin/organisation/2", ("name", "华东分公司"), ("kind", "Branch"), ("parent", "1"), ("version", "1"))),
        ("POST /admin/organisation/{id:long}/closing", visitor => visitor.Submit("/admin/organisation/2", "/admin/organisation/2/closing", ("open", "false"))),
        ("POST /admin/calendars", visitor => visitor.Submit("/admin/calendars", "/admin/calendars", ("name", "shift"), ("hours", "1-7 06:00-14:00"))),
        ("POST /admin/calendars/{id:long}", visitor => visitor.Submit("/admin/calendars/2", "/admin/calendars/2", ("name", "night"), ("hours", "1-7 22:00-06:00"), ("version", "1"))),
        ("POST /admin/calendars/{id:long}/days", visitor => visitor.Submit("/admin/calendars/2", "/admin/calendars/2/days", ("from", "2026-12-24"), ("kind", "Holiday"), ("scope", "one"))),
        ("POST /admin/calendars/{id:long}/days/{day:long}/removal", visitor => visitor.Submit("/admin/calendars/2", "/admin/calendars/2/days/1/removal", ("year", "2026"))),
        ("POST /admin/calendars/holidays", visitor => visitor.Submit("/admin/calendars", "/admin/calendars/holidays", ("country", "China"))),
        ("POST /admin/calendars/years", visitor => visitor.Submit("/admin/calendars", "/admin/calendars/years", ("year", "2031"))),
        ("POST /admin/calendars/lists", visitor => visitor.Upload("/admin/calendars/lists", "/admin/calendars/lists", "file", [Given.Written("""{"year":2030,"days":[{"name":"元旦","date":"2030-01-01","isOffDay":true}]}""", ending: "json")], ("next", "load"))),
        ("POST /admin/roles", visitor => visitor.Submit("/admin/roles", "/admin/roles", ("title", "Keeper"))),
        ("POST /admin/roles/{name}", visitor => visitor.Submit("/admin/roles/agent", "/admin/roles/agent", ("customers.read", "Own"), ("version", "0"))),
        ("POST /admin/users/{id:long}/place", visitor => visitor.Submit("/admin/users/1", "/admin/users/1/place", ("unit", "1"), ("calendar", "1"), ("skills", "English"))),
        ("POST /admin/deputies", visitor => visitor.Submit("/admin/deputies", "/admin/deputies", ("for", "admin"), ("deputy", "lihua"), ("from", Day(0)), ("until", Day(2)))),
        ("POST /admin/deputies/{id:long}/end", visitor => visitor.Submit("/admin/deputies", "/admin/deputies/1/end", ("confirm", "true"))),
        ("POST /account/deputies", visitor => visitor.Submit("/account/deputies", "/account/deputies", ("deputy", "lihua"), ("from", Day(0)), ("until", Day(2)))),
        ("POST /account/deputies/{id:long}/end", visitor => visitor.Submit("/account/deputies", "/account/deputies/2/end", ("confirm", "true"))),
        ("POST /account/notifications", visitor => visitor.Submit("/account/notifications", "/account/notifications", ("language", "en"), ("digestHour", "9"))),
        ("POST /admin/approvals/new", visitor => visitor.Submit("/admin/approvals/new", "/admin/approvals/new", Flow("0"))),
        ("POST /admin/approvals/{id:long}", visitor => visitor.Submit("/admin/approvals/1", "/admin/approvals/1", Flow("1"))),
        ("POST /approvals/new", visitor => visitor.Submit("/approvals/new", "/approvals/new", ("flow", "1"), ("title", "ladder"), ("reason", "high shelf"), ("formKey", Key()))),
        ("POST /approvals/{id:long}/act", visitor => visitor.Submit("/approvals/1", "/approvals/1/act", ("act", "send-back"), ("version", "1"), ("comment", "which one?"))),
        ("POST /approvals/{id:long}/again", visitor => visitor.Submit("/approvals/1", "/approvals/1/again", ("version", "2"), ("title", "long ladder"), ("reason", "high shelf"))),
        ("POST /api/approvals", visitor => visitor.Json("POST", "/api/approvals", """{"flow":1,"title":"ladder","reason":"high shelf"}""")),
        ("POST /api/approvals/{id:long}/decisions", visitor => visitor.Json("POST", "/api/approvals/2/decisions", """{"decision":"send-back","comment":"which one?"}""", AnyVersion)),
        ("PUT /api/approvals/{id:long}", visitor => visitor.Json("PUT", "/api/approvals/2", """{"title":"long ladder","reason":"high shelf"}""", AnyVersion)),
        ("POST /account/tokens", visitor => visitor.Submit("/account/tokens", "/account/tokens", ("name", "report"), ("days", "7"), ("formKey", Key()))),
        ("POST /account/tokens/{id:long}/end", visitor => visitor.Submit("/account/tokens", "/account/tokens/2/end", ("confirm", "true"))),
        ("POST /admin/tokens/{id:long}/end", EndNewToken),
        ("POST /admin/tokens/new", visitor => visitor.Submit("/admin/tokens/new", "/admin/tokens/new", ("account", "till-sync"), ("name", "till"), ("days", "7"), ("formKey", Key()))),
        ("POST /admin/users/{id:long}/hand-over", visitor => visitor.Submit("/admin/users/1/hand-over", "/admin/users/1/hand-over", ("to", "lihua"))),
        ("POST /admin/jobs/{id:long}/again", async visitor => await Press(visitor, "/admin/jobs/list", "again")),
        ("POST /admin/jobs/{id:long}/cancel", async visitor => await Press(visitor, "/admin/jobs/list", "cancel")),
        ("POST /admin/jobs/letters/{id:long}/again", visitor => visitor.Submit("/admin/jobs/letters", "/admin/jobs/letters/1001/again", ("handler", "gone"))),
        ("POST /admin/jobs/letters/{id:long}/drop", visitor => visitor.Submit("/admin/jobs/letters", "/admin/jobs/letters/1002/drop", ("handler", "gone"), ("reason", "done by hand"))),
        ("POST /admin/webhooks/new", visitor => visitor.Submit("/admin/webhooks/new", "/admin/webhooks/new", ("url", "https://hooks.invalid/in"), ("description", "stock"), ("formKey", Key()), ("event", "products.changed"))),
        ("POST /admin/webhooks/{id:long}/edit", visitor => visitor.Submit("/admin/webhooks/1000/edit", "/admin/webhooks/1000/edit", ("url", "https://hooks.invalid/in"), ("description", "store"), ("event", "products.changed"), ("version", "1"))),
        ("POST /admin/webhooks/{id:long}/secret", visitor => visitor.Submit("/admin/webhooks/1000", "/admin/webhooks/1000/secret", ("formKey", Key()))),
        ("POST /admin/webhooks/{id:long}/test", visitor => visitor.Submit("/admin/webhooks/1000", "/admin/webhooks/1000/test", ("confirm", "true"))),
        ("POST /admin/webhooks/{id:long}/deliveries/{delivery:long}/again", visitor => visitor.Submit("/admin/webhooks/1000", "/admin/webhooks/1000/deliveries/1001/again", ("confirm", "true"))),
        ("POST /admin/webhooks/{id:long}/again", visitor => visitor.Submit("/admin/webhooks/1000", "/admin/webhooks/1000/again", ("since", "2026-01-01T00:00"))),
        ("POST /admin/webhooks/{id:long}/switch", visitor => visitor.Submit("/admin/webhooks/1000", "/admin/webhooks/1000/switch", ("on", "false"))),
        ("POST /admin/webhooks/{id:long}/removal", visitor => visitor.Submit("/admin/webhooks/1000", "/admin/webhooks/1000/removal", ("confirm", "true"))),
        ("POST /admin/fields/new", visitor => visitor.Submit("/admin/fields/new", "/admin/fields/new", ("kind", "customers"), ("chinese", "规模"), ("name", "size"), ("type", "Number"))),
        ("POST /admin/fields/{id:long}", visitor => visitor.Submit("/admin/fields/1", "/admin/fields/1", ("chinese", "规模"), ("english", "Size"), ("version", "1"))),
        ("POST /admin/fields/{id:long}/state", visitor => visitor.Submit("/admin/fields/1", "/admin/fields/1/state", ("retired", "true"))),
        ("POST /admin/numbers/{kind}", visitor => visitor.Submit("/admin/numbers", "/admin/numbers/customers", ("pattern", "K-{yyyy}-{0000}"))),
        ("POST /admin/rules/{id:long}", visitor => visitor.Submit("/admin/rules/1000", "/admin/rules/1000", Rule("1"))),
        ("POST /admin/rules/runs/{id:long}/again", visitor => visitor.Submit("/admin/rules/1000/runs", "/admin/rules/runs/1000/again", ("confirm", "true"))),
        ("POST /admin/rules/new", visitor => visitor.Submit("/admin/rules/new", "/admin/rules/new", Rule("0"))),
        ("POST /admin/rules/{id:long}/removal", async visitor =>
        {
            using var added = await visitor.Submit("/admin/rules/new", "/admin/rules/new", Rule("0"));
            return await visitor.Submit("/admin/rules", added.Headers.Location + "/removal", ("confirm", "true"));
        }),
        ("POST /sign-out", async visitor => await visitor.Post("/sign-out", ("__RequestVerificationToken", await visitor.Token("/customers/1")))),
    ];

    private static (string, string)[] Flow(string version) => [("version", version), ("name", "purchase"), ("on", "true"), ("step0-name", "boss"), ("step0-by", "People"), ("step0-who", "admin"), ("step0-asker", "Let")];

    private static (string, string)[] Rule(string version) => [("version", version), ("name", "greet"), ("subject", "customers"), ("when", "customers.noted"), ("then0-kind", "note"), ("then0-text", "hello"), ("formKey", Key())];

    private static (string, string)[] Touch => [("type", "basic"), ("channel", "email"), ("after", "purchase"), ("span", "2"), ("unit", "days"), ("chinese", "写信问候"), ("english", "Write and say hello")];

    private static (string, string) AnyVersion => ("If-Match", "*");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Does what each route that writes does, as the administrator: a firm with something of everything.</summary>
    internal static async Task DoEverything(HuikeApp app)
    {
        await app.Number("insert into customers_product (code, name, category) values ('P1', 'pot', '')");
        using var visitor = await app.Administrator();
        await app.AddUser("late");
        await Stuck(app);
        foreach (var (route, done) in Writes)
        {
            using var someone = route is "POST /sign-in" or "POST /forgot" ? app.Anonymous() : null;
            (await done(someone ?? visitor)).Dispose();
        }
    }

    [Theory, OnBothDatabases]
    public async Task Every_route_that_writes_leaves_an_entry(DatabaseKind kind)
    {
        await using (var fresh = await HuikeApp.Start(kind))
        {
            using var first = fresh.Anonymous();
            using var set = await first.Submit("/setup", "/setup", ("name", "anna"), ("password", HuikeApp.Password));
            Assert.StartsWith("anna user.added user ", Assert.Single(await fresh.Entries("user.added")), StringComparison.Ordinal);
        }
        await using var app = await Audits.WithOneCustomer(kind);
        await app.Number("insert into customers_product (code, name, category) values ('P1', 'pot', '')");
        using var visitor = await app.Administrator();
        await app.AddUser("late");
        await Stuck(app);
        var routes = app.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods, (route, method) => $"{method} /{route.RoutePattern.RawText!.Trim('/')}").Where(name => !name.StartsWith("GET ", StringComparison.Ordinal) && !name.StartsWith("PROPFIND ", StringComparison.Ordinal));
        Assert.Equal(routes.Order(StringComparer.Ordinal), Writes.Select(write => write.Route).Concat(Elsewhere).Order(StringComparer.Ordinal));
        foreach (var (route, done) in Writes)
        {
            var before = await app.Count();
            using var someone = route is "POST /sign-in" or "POST /forgot" ? app.Anonymous() : null;
            using var answer = await Audits.Answer(() => done(someone ?? visitor));
            Assert.True(answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent, $"{route} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(Ct)}");
            Assert.True(await app.Count() > before, $"{route} left no entry");
        }
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task An_edit_tells_who_from_where_and_each_field_before_and_after(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator();
        (string, string)[] fields = [("version", "1"), ("name", "新名字"), ("kind", "organisation"), ("phone", ""), ("formKey", Key())];
        using var saved = await visitor.Submit("/customers/1/edit", "/customers/1/edit", fields);
        using var late = await visitor.Submit("/customers/1/edit", "/customers/1/edit", fields);
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity), (saved.StatusCode, late.StatusCode));
        Assert.Equal(["""admin customer.edited customer 1 [{"field":"name","old":"张三","new":"新名字"},{"field":"kind","old":"unknown","new":"organisation"},{"field":"phone","old":"+8613900139000","new":null}]"""], await app.Entries("customer.edited"));
        Assert.Equal(1, await app.Number("select count(*) from platform_audit where action = 'customer.edited' and address in ('127.0.0.1', '::1')"));
        using var pinned = await visitor.Submit("/customers/1", "/customers/1/stage-pin", ("stage", "advocate"), ("reason", "sends friends"), ("until", "2030-12-31"));
        Assert.Equal(["""admin customer.stage-pinned customer 1 [{"field":"stage","old":null,"new":"advocate"},{"field":"until","old":null,"new":"2030-12-31T15:59:59Z"}] sends friends"""], await app.Entries("customer.stage-pinned"));
    }

    [Theory, OnBothDatabases]
    public async Task Coming_being_refused_and_leaving_are_told_without_any_password(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.UserWith(CustomerPermissions.Read, CustomerPermissions.Create);
        using var stranger = app.Anonymous();
        foreach (var name in new[] { "user1", "nobody", new string('长', 300) })
        {
            using var refused = await stranger.Submit("/sign-in", "/sign-in", ("name", name), ("password", "open sesame"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        using var left = await visitor.Post("/sign-out", ("__RequestVerificationToken", await visitor.Token("/customers/new")));
        Assert.Equal(["user1 sign-in.done  0 []"], await app.Entries("sign-in.done"));
        // What nobody is called may be a password in the wrong field.
        Assert.Equal(["user1 sign-in.refused  0 []", " sign-in.refused  0 []", " sign-in.refused  0 []"], await app.Entries("sign-in.refused"));
        Assert.Equal(["user1 sign-out.done  0 []"], await app.Entries("sign-out.done"));
        Assert.Equal(0, await app.Number($"select count(*) from platform_audit where actor like '%sesame%' or changes like '%sesame%' or changes like '%{HuikeApp.Password}%'"));
    }

    [Theory, OnBothDatabases]
    public async Task What_the_lock_out_turns_away_does_not_make_the_audit_grow(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.AddUser("anna");
        using var stranger = app.Anonymous();
        for (var again = 0; again < 12; again++) { (await stranger.Submit("/sign-in", "/sign-in", ("name", "nobody"), ("password", "open sesame"))).Dispose(); }
        Assert.Equal(8, (await app.Entries("sign-in.refused")).Count);
        for (var again = 0; again < 6; again++) { (await stranger.Submit("/forgot", "/forgot", ("name", "nobody"))).Dispose(); }
        Assert.Equal(3, (await app.Entries("sign-in.link-asked")).Count);
    }

    [Theory, OnBothDatabases]
    public async Task An_export_is_told_before_its_first_row_and_after_its_last(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.UserWith(CustomerPermissions.Read, CustomerPermissions.Export);
        await visitor.Text("/customers/export?format=csv&purpose=sales&q=zhang&columns=phone");
        const string what = """{"field":"purpose","old":null,"new":"Sales and contracts"},{"field":"filter","old":null,"new":"q=zhang"},{"field":"format","old":null,"new":"csv"},{"field":"columns","old":null,"new":"phone"}""";
        Assert.Equal([$"user1 export.begun export 1 [{what}]"], await app.Entries("export.begun"));
        Assert.Equal(["""user1 export.ended export 1 [{"field":"rows","old":null,"new":"1"}]"""], await app.Entries("export.ended"));
    }

    [Theory, OnBothDatabases]
    public async Task A_load_is_told_by_its_counts_and_not_row_by_row(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var before = await app.Count();
        await Given.Ledger(app, "customer,date,document,amount\n" + string.Concat(Enumerable.Range(1, 1_000).Select(i => $"K{i % 50},2024-01-05,A{i},10\n")));
        Assert.Equal(before + 3, await app.Count());
        var finished = Assert.Single(await app.Entries("load.finished"));
        Assert.StartsWith("test load.finished load 1 ", finished, StringComparison.Ordinal);
        Assert.Contains("""{"field":"added","old":null,"new":"1000"}""", finished, StringComparison.Ordinal);
        using var visitor = await app.Administrator();
        using var undoing = await visitor.Submit("/imports/1", "/imports/1/undoing", ("confirm", "true"));
        await app.Services.GetRequiredService<JobRunner>().RunUntilDone(await app.Number("select max(id) from platform_job where kind = 'customers.load'"), _ => { }, Ct);
        Assert.StartsWith("admin load.undone load 1 ", Assert.Single(await app.Entries("load.undone")), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Changed_settings_are_told_by_what_is_different(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator();
        using var saved = await SaveSettings(visitor);
        Assert.Equal(["""admin settings.saved ValueSettings 0 [{"field":"loyalFrom","old":"5","new":"7"}]"""], await app.Entries("settings.saved"));
    }

    [Theory, OnBothDatabases]
    public async Task Where_the_entry_cannot_be_written_the_change_is_not_made(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator();
        var token = await visitor.Token("/customers/1");
        await using (var connection = await app.Database.Open(Ct)) { await connection.Run("alter table platform_audit rename to platform_audit_gone", Ct); }
        using var refused = await visitor.Raw(new(HttpMethod.Post, "/customers/1/notes") { Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("body", "called"), new("formKey", Key())]) });
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from customers_note"));
    }

    /// <summary>The form as it stands, with one number changed.</summary>
    private static async Task<HttpResponseMessage> SaveSettings(Visitor visitor)
    {
        var page = await visitor.Page("/value/settings");
        var fields = page.QuerySelectorAll("form[action='/value/settings'] input[name]").Select(input => (Name: input.GetAttribute("name")!, Value: input.GetAttribute("value") ?? ""))
            .Concat(page.QuerySelectorAll("form[action='/value/settings'] select").Select(select => (Name: select.GetAttribute("name")!, Value: select.QuerySelector("option[selected]")?.GetAttribute("value") ?? "")));
        return await visitor.Post("/value/settings", [.. fields.Select(field => field.Name == "loyalFrom" ? (field.Name, "7") : field)]);
    }

    /// <summary>One who never bought; the other has transactions and stays.</summary>
    private static async Task<HttpResponseMessage> RemoveNew(Visitor visitor)
    {
        using var added = await visitor.Submit("/customers/new", "/customers/new", ("name", "Mistake"), ("formKey", Key()));
        var path = added.Headers.Location!.OriginalString;
        return await visitor.Submit(path, path + "/removal", ("confirm", "true"));
    }

    private static async Task<HttpResponseMessage> EndNewToken(Visitor visitor)
    {
        (await visitor.Submit("/account/tokens", "/account/tokens", ("name", "other"), ("days", "7"), ("formKey", Key()))).Dispose();
        return await visitor.Submit("/admin/tokens", "/admin/tokens/3/end", ("confirm", "true"));
    }

    /// <summary>A job that failed, one that waits, two deliveries that were put aside, and two messages of a webhook.</summary>
    private static async Task Stuck(HuikeApp app)
    {
        var at = app.Database.Kind == DatabaseKind.Sqlite ? "4102444800000" : "timestamptz '2100-01-01'";
        foreach (var state in (int[])[3, 0]) { await app.Number($"insert into platform_job (kind, payload, state, progress, message, attempts, created_at, created_by, finished_at, wait_until) values ('platform.retention', '{{}}', {state}, 0, '', 1, {at}, 'admin', {(state == 3 ? at : "null")}, {at})"); }
        foreach (var id in (int[])[1001, 1002])
        {
            await app.Number($"insert into platform_event (id, kind, payload, record_kind, record_id, at, created_by) values ({id}, 'gone', '{{}}', '', 0, {at}, '')");
            await app.Number($"insert into platform_delivery (event_id, handler, state, attempts, error) values ({id}, 'gone', 2, 8, 'broken')");
        }
        await app.Number($"insert into platform_webhook (id, url, description, events, secret, is_on, stopped, version, created_at, created_by) values (1000, 'https://hooks.invalid/', 'stuck', ' gone ', '', {(app.Database.Kind == DatabaseKind.Sqlite ? "1" : "true")}, '', 1, {at}, '')");
        foreach (var id in (int[])[1001, 1002]) { await app.Number($"insert into platform_webhook_delivery (id, webhook_id, message, kind, body, state, attempts, error, created_at) values ({id}, 1000, 'm{id}', 'gone', '{{}}', 2, 10, 'name', {at})"); }
        await app.Number("insert into platform_rule (id, subject, name, is_on, version, begins, hour, again, scanned_on, turn, form_key) values (1000, 'customers', 'stuck', 0, 1, 'gone', 8, 0, '2026-11-23', 0, 'k')");
        await app.Number($"insert into platform_rule_version (rule_id, version, definition, created_at, created_by) values (1000, 1, '{{}}', {at}, '')");
        await app.Number($"insert into platform_rule_run (id, rule_id, version, cause, record_id, trail, state, tries, at, ended_at, code, args) values (1000, 1000, 1, 'event/1', 1, '', 2, 1, {at}, {at}, 'rules.nobody', '[]')");
    }

    /// <summary>Presses the first button of the kind in the list of jobs.</summary>
    private static async Task<HttpResponseMessage> Press(Visitor visitor, string page, string verb)
    {
        var form = (await visitor.Page(page)).QuerySelector($"form[action$='/{verb}']") ?? throw new InvalidOperationException($"{page} has no {verb}");
        return await visitor.Submit(page, form.GetAttribute("action")!, ("confirm", "true"));
    }

    private static string Day(int days) => TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static string Key() => Guid.CreateVersion7().ToString("N");
}
