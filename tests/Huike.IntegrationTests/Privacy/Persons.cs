using System.Globalization;
using System.Net;
using System.Text;
using Huike.Customers.SubjectRequests;
using Huike.Platform.Approvals;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Privacy;

/// <summary>What tests of personal information share: a person of whom the firm knows everything, beside another.</summary>
internal static class Persons
{
    /// <summary>By which the person is known, in every spelling that was typed somewhere.</summary>
    public static readonly string[] Words =
        ["欧阳晓鸥", "欧阳小鸥", "13987654321", "139 8765 4321", "13812121212", "ouyang.xo@example.cn", "琴海路78号", "司徒琴", "likes jasmine tea", "call her in May", "visit in June", "sends her sister", "recording 4711", "erase me please", "xo_ouyang_88"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A firm in which customer 1 is known by all <see cref="Words"/>, and customer 2 is someone else.</summary>
    public static async Task<HuikeApp> Firm(DatabaseKind kind) => await Known(await HuikeApp.Start(kind));

    /// <summary>Makes the two known.</summary>
    public static async Task<HuikeApp> Known(HuikeApp app)
    {
        using var visitor = await app.Administrator();
        await Loaded(app, visitor, "customers", "number,name,phone,email,address,contact,notes,created\nK1,欧阳小鸥,139 8765 4321,ouyang.xo@example.cn,琴海路78号,司徒琴,likes jasmine tea,2024-01-02\nK2,李雷,13700137000,,,,,2024-01-02\nK1,欧阳小鸥,139-8765-4321,,,,,no day\n");
        await Loaded(app, visitor, "transactions", "customer,date,document,product,quantity,amount,remark\nK1,2024-01-05,A1,P1,2,19.90,欧阳小鸥\nK1,2024-02-05,A2,P1,1,10.00,\nK2,2024-03-05,A3,P2,1,77.00,\n");
        using var edited = await Form(visitor, "/customers/1/edit", "/customers/1/edit", ("version", "1"), ("name", "欧阳晓鸥"), ("kind", "person"), ("phone", "13812121212"), ("email", "ouyang.xo@example.cn"), ("address", "琴海路78号"), ("contact", "司徒琴"), ("remark", "likes jasmine tea"));
        Assert.Equal(HttpStatusCode.Redirect, edited.StatusCode);
        foreach (var (action, fields) in new (string, (string, string)[])[]
        {
            ("notes", [("body", "call her in May")]), ("next-steps", [("what", "visit in June"), ("due", "2030-06-01")]), ("stage-pin", [("stage", "advocate"), ("reason", "sends her sister"), ("until", "2030-12-31")]),
            ("permission-pin", [("stage", "loyalty"), ("reason", "sends her sister"), ("until", "2030-12-31")]), ("contact-points", [("kind", "we-chat"), ("value", "xo_ouyang_88")]), ("invoice-titles", [("kind", "person"), ("name", "欧阳小鸥"), ("mobile", "13987654321")]), ("claims", [("evidence", "visit in June")]), ("relationship", [("type", "proactive"), ("reason", "likes jasmine tea")]), ("bonds", [("kind", "social"), ("what", "sings with 司徒琴")]), ("moments", [("kind", "delight"), ("what", "call her in May"), ("reaction", "sends her sister")]), ("retention-plan", [("goal", "visit in June"), ("next", "social"), ("review", "2030-06-01"), ("version", "0")]), ("contact", [("anyway", "true"), ("channel", "email"), ("purpose", "service")]),
            ("consents", [("purpose", "marketing"), ("channel", "phone"), ("given", "true"), ("way", "call"), ("proof", "recording 4711")]),
        })
        {
            using var done = await Form(visitor, "/customers/1", $"/customers/1/{action}", fields);
            Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        }
        foreach (var (path, body) in new[] { ("/api/pools", """{"name":"East","administrators":["admin"],"rules":{"staysWithStep":false,"returns":[{"lack":"contact","days":1}]}}"""), ("/api/pools/1/customers", """{"customers":[1],"reason":"call her in May"}"""), ("/api/pools/1/claims", """{"customers":[1]}"""), ("/api/customers/1/extension", """{"reason":"visit in June"}""") })
        {
            using var done = await visitor.Json("POST", path, body);
            Assert.True(done.IsSuccessStatusCode, $"{path}: {await done.Content.ReadAsStringAsync(Ct)}");
        }
        await app.Number("insert into customers_card_kept (user_id, customer_id, kind, record_id, made_at, body) select 1, id, 0, id, created_at, 'BEGIN:VCARD FN:欧阳小鸥 TEL:13987654321' from customers_customer where id = 1");
        // As a rule asks, by the customer's name.
        using var flow = await Form(visitor, "/admin/approvals/new", "/admin/approvals/new", ("version", "0"), ("name", "chief"), ("on", "true"), ("step0-name", "chief"), ("step0-by", "People"), ("step0-who", "admin"), ("step0-asker", "Let"));
        await app.In(services => services.GetRequiredService<AskApproval>().Run(1, "customers", 1, new("欧阳晓鸥 as a partner", "likes jasmine tea", null), 1, Guid.CreateVersion7().ToString("N"), Ct));
        (await visitor.Get("/customers/export?format=csv&purpose=sales&q=ouyang.xo@example.cn")).Dispose();
        (await visitor.Get("/customers/export?format=csv&purpose=sales&q=" + Uri.EscapeDataString("欧阳晓鸥"))).Dispose();
        return app;
    }

    /// <summary>A form with a key of its own.</summary>
    public static Task<HttpResponseMessage> Form(Visitor visitor, string page, string action, params (string, string)[] fields) => visitor.Submit(page, action, [("formKey", Guid.CreateVersion7().ToString("N")), .. fields]);

    /// <summary>Opens a request.</summary>
    /// <returns>Its page.</returns>
    public static async Task<string> Asks(Visitor visitor, string kind, string number = "K1", string identity = "call-back", string received = "", string details = "")
    {
        using var opened = await Form(visitor, $"{RequestEndpoints.Path}/new", $"{RequestEndpoints.Path}/new", ("customer", number), ("kind", kind), ("channel", "phone"), ("received", received), ("identity", identity), ("details", details));
        Assert.Equal(HttpStatusCode.Redirect, opened.StatusCode);
        return opened.Headers.Location!.ToString();
    }

    /// <summary>Erases the person of a customer who asks for it.</summary>
    public static async Task Erase(Visitor visitor, string number = "K1")
    {
        var request = await Asks(visitor, "deletion", number, details: "erase me please");
        using var erased = await visitor.Submit(request + "/erasure", request + "/erasure", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.Redirect, erased.StatusCode);
    }

    /// <summary>Sends a file in and loads it, by the pages, as people do.</summary>
    public static async Task Loaded(HuikeApp app, Visitor visitor, string kind, string csv)
    {
        using var sent = await visitor.Upload("/imports/new", "/imports/new", "files", [Given.Written(csv)], ("kind", kind));
        var load = sent.Headers.Location!.ToString();
        using var begun = await visitor.Submit(load, load + "/run", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        await Ended(app);
    }

    /// <summary>Waits for everything in the background.</summary>
    public static async Task Ended(HuikeApp app)
    {
        while (await app.Number("select count(*) from platform_job where state < 2") > 0) { await Task.Delay(20, Ct); }
    }

    /// <summary>Runs the retention job.</summary>
    public static async Task Retain(HuikeApp app)
    {
        var job = await app.Services.GetRequiredService<JobQueue>().Add("platform.retention", "{}", "test", false, Ct);
        Assert.Equal((JobState.Done, ""), (await app.Services.GetRequiredService<JobRunner>().RunUntilDone(job, _ => { }, Ct)) is var done ? (done.State, done.Message) : default);
    }

    /// <summary>
    /// Where any of the words stands: in which table and column, and in which files of the data folder but the database's own. The pages of SQLite's search index are left out:
    /// what is deleted there can't be found any more and goes in the night, when the whole file is looked at.
    /// </summary>
    public static async Task<List<string>> Sweep(HuikeApp app, params string[] words)
    {
        var found = new List<string>();
        await using var connection = await app.Database.Open(Ct);
        foreach (var table in await Tables(connection, app.Database.Kind))
        {
            await using var command = connection.Command($"select * from {table}");
            await using var reader = await command.ExecuteReaderAsync(Ct);
            while (await reader.ReadAsync(Ct))
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    var text = reader.GetValue(i) switch { byte[] bytes => Encoding.UTF8.GetString(bytes), var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "" };
                    found.AddRange(words.Where(word => Holds(text, word)).Select(word => $"{table}.{reader.GetName(i)}: {word}"));
                }
            }
        }
        foreach (var path in Directory.EnumerateFiles(app.Database.DataFolder, "*", SearchOption.AllDirectories).Where(path => !Path.GetFileName(path).StartsWith("huike.db", StringComparison.Ordinal)))
        {
            var text = await File.ReadAllTextAsync(path, Ct);
            found.AddRange(words.Where(word => Holds(text, word)).Select(word => $"{Path.GetFileName(path)}: {word}"));
        }
        return [.. found.Distinct()];
    }

    /// <summary>Plain, as JSON writes it, and as addresses do.</summary>
    private static bool Holds(string text, string word) =>
        text.Contains(word, StringComparison.OrdinalIgnoreCase) || text.Contains(System.Text.Json.JsonSerializer.Serialize(word)[1..^1], StringComparison.OrdinalIgnoreCase) || text.Contains(Uri.EscapeDataString(word), StringComparison.OrdinalIgnoreCase);

    private static Task<List<string>> Tables(System.Data.Common.DbConnection connection, DatabaseKind kind) => connection.Rows(kind == DatabaseKind.Sqlite
        ? "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name not like 'customers_search_%' and name not like 'customers_note_search_%'"
        : "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'", row => row.GetString(0), Ct);
}
