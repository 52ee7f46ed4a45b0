using System.Net;
using System.Text.Json;
using Huike.Customers.Find;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

public sealed class FindTests
{
    /// <summary>What people type, and whose file they mean.</summary>
    private static readonly (string Typed, string Number)[] Meant =
    [
        ("张伟", "K1"), ("张", "K1"), ("伟", "K1"), ("zhangwei", "K1"), ("Zhang Wei", "K1"), ("zhang", "K1"), ("zhangw", "K1"), ("zw", "K1"), ("zhang伟", "K1"), ("张w", "K1"), ("K1", "K1"), ("k1", "K1"),
        ("8000", "K1"), ("138 0013 8000", "K1"), ("1380013", "K1"), ("0013800", "K1"), ("张伟 8000", "K1"), ("8000 zhang", "K1"),
        // Further contact points.
        ("9527", "K1"), ("13912349527", "K1"), ("张伟 9527", "K1"), ("9123495", "K1"), ("zhangwei@corp.example", "K1"), ("wei.home@", "K1"), ("wx_weige", "K1"),
        ("shanxx", "K2"), ("danxx", "K2"), ("单小霞", "K2"), ("sxx", "K2"),
        ("xiezhen", "K3"), ("jiezhen", "K3"), ("xz", "K3"),
        ("ouyunfei", "K4"), ("oyf", "K4"), ("quyunfei", "K4"),
        ("zhaliangyong", "K5"), ("zly", "K5"), ("chaliang", "K5"),
        ("qiuying", "K6"), ("qy", "K6"), ("chouying", "K6"),
        ("华为", "K7"), ("华为技术", "K7"), ("华为技术有限公司", "K7"), ("北京 技术", "K7"), ("huawei", "K7"), ("bjhw", "K7"), ("91110108551385082Q", "K7"), ("91110108", "K7"), ("5082Q", "K7"), ("任正", "K7"),
        ("Müller", "K8"), ("muller", "K8"), ("Mueler", "K8"), ("Mulller", "K8"), ("Jurgne", "K8"), ("juergen muller", "K8"), ("Jurgen Mullr", "K8"),
        ("Zeta 9", "K9"), ("宁波一厂", "K9"), ("zeta", "K9"),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Every_way_of_meaning_a_customer_finds_the_file_in_the_box_the_list_and_the_interface(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.As("keeper");
        var missed = new List<string>();
        foreach (var (typed, number) in Meant.Append(("冰箱", "K8")).Append(("fridge", "K8")).Append(("BX-2000", "K8")))
        {
            var (q, id) = (Uri.EscapeDataString(typed), number[1..]);
            if (!(await Visitor.Parsed(await visitor.Text("/palette?q=" + q))).QuerySelectorAll("a").Any(link => link.GetAttribute("href") == $"/customers/{id}")) { missed.Add($"{typed} in the box"); }
            if (!(await visitor.Page("/customers?q=" + q)).QuerySelectorAll("a").Any(link => link.GetAttribute("href") == $"/customers/{id}")) { missed.Add($"{typed} in the list"); }
            if (!(await Found(visitor, typed)).Contains(number)) { missed.Add($"{typed} by the interface"); }
        }
        Assert.Equal([], missed);
    }

    [Theory, OnBothDatabases]
    public async Task Who_looks_after_few_finds_them_in_every_way_and_by_all_that_was_typed(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        await app.AddUserWithRoles("anna", 1, "salesperson");
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'anna'), unit_id = 1");
        using var anna = await app.As("anna");
        var missed = new List<string>();
        foreach (var (typed, number) in Meant.Append(("冰箱", "K8")))
        {
            if (!(await Found(anna, typed)).Contains(number)) { missed.Add(typed); }
        }
        Assert.Equal([], missed);
        // One word of two is hers, the other another's.
        foreach (var typed in new[] { "华 8000", "h 9527", "zhang 技术" }) { Assert.True((await Found(anna, typed)).Count == 0, typed); }
    }

    [Theory, OnBothDatabases]
    public async Task What_nobody_is_called_finds_nobody(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.As("keeper");
        foreach (var typed in (string[])["伟张", "zhangweiwei", "华技", "8001", "91380013", "Schmidt", "Mxxler", "张伟 8001", "!!!", "'; drop table customers_customer; --", "冰柜", "91110108551385083Q"])
        {
            Assert.True((await Found(visitor, typed)).Count == 0, typed);
        }
    }

    [Theory, OnBothDatabases]
    public async Task The_very_one_stands_first_then_who_sounds_so_then_who_is_meant_otherwise(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name,phone\nK1,王小李,\nK2,李莉,\nK3,Lily,\nK4,黎,\nK5,李,\nK6,Li,\nK7,赵一,13800006677\n");
        Assert.Equal("K5", (await Found(visitor, "李"))[0]);
        var sounds = await Found(visitor, "li");
        Assert.Equal(["K6", "K3", "K5", "K4", "K2", "K1"], [sounds[0], .. sounds[1..].Where(one => one == "K3"), .. sounds.Where(one => one is "K5" or "K4").OrderDescending(), .. sounds.Where(one => one is "K2" or "K1")]);
        Assert.Equal("K1", sounds[^1]);
        await Note(visitor, 1, "Li was here");
        Assert.Equal("K6", (await Found(visitor, "Li"))[0]);
        Assert.Equal(["K1"], await Found(visitor, "was here"));
    }

    [Theory, OnBothDatabases]
    public async Task The_box_groups_what_it_finds_by_why(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.As("keeper");
        await Given.Ledger(app, "customer,date,document,amount,product\nK1,2024-02-05,A1,10,Fridge BX\n");
        using var asked = await visitor.Submit("/admin/privacy/requests/new", "/admin/privacy/requests/new", ("customer", "K8"), ("kind", "correction"), ("channel", "phone"), ("identity", "none"), ("formKey", Key()));
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.Equal("Customers: Müller, Jürgen; Data requests: Müller, Jürgen", await Groups(visitor, "muller"));
        Assert.Equal("By phone, number or address: 张伟", await Groups(visitor, "9527"));
        Assert.StartsWith("Spelt alike: Müller, Jürgen", await Groups(visitor, "mullr"), StringComparison.Ordinal);
        Assert.Equal("In notes: Müller, Jürgen; Products: Fridge BX", await Groups(visitor, "fridge"));
        Assert.Contains("的新冰箱 BX-2000", await visitor.Text("/palette?q=" + Uri.EscapeDataString("冰箱")), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_finds_a_file_or_a_note_that_he_may_not_read_nor_hidden_numbers_by_their_parts(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        await app.AddUserWithRoles("anna", 1, "salesperson");
        await app.AddUserWithRoles("agent", 1, "agent");
        await app.AddUserWith("narrow", 1, new(new Dictionary<string, RecordScope> { ["customers.read"] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(1, 1) }));
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'anna'), unit_id = 1 where number = 'K1'");
        using var anna = await app.As("anna");
        using var narrow = await app.As("narrow");
        foreach (var (typed, number) in Meant.Where(one => one.Number != "K1").Append(("冰箱", "K8")))
        {
            Assert.False((await Found(anna, typed)).Contains(number), typed);
            Assert.DoesNotContain($"\"/customers/{number[1..]}\"", await anna.Text("/palette?q=" + Uri.EscapeDataString(typed)), StringComparison.Ordinal);
        }
        Assert.Equal(["K1"], await Found(anna, "张伟 9527"));
        // Who sees nothing internal reads no notes, and finds nobody by them.
        Assert.Empty(await Found(narrow, "冰箱"));
        Assert.DoesNotContain("冰箱", await narrow.Text("/palette?q=" + Uri.EscapeDataString("冰箱")), StringComparison.Ordinal);
        using var agent = await app.As("agent");
        foreach (var (typed, found) in new[] { ("8000", true), ("9527", true), ("张伟 9527", true), ("张伟 13912349527", true), ("13912349527", true), ("95270", false), ("52", false), ("张伟 527", false), ("张伟 49527", false), ("张伟 1391", false), ("9123495", false), ("0013800", false), ("张伟 380013800", false), ("1380013800", false), ("wei.home@", false), ("wei.home@corp.example", true) })
        {
            Assert.True(found == (await Found(agent, typed)).Contains("K1"), $"{typed} should {(found ? "" : "not ")}be found");
            var box = await agent.Text("/palette?q=" + Uri.EscapeDataString(typed));
            Assert.Equal(found, box.Contains("\"/customers/1\"", StringComparison.Ordinal));
            Assert.DoesNotContain("138 0013 8000", box, StringComparison.Ordinal);
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_is_removed_edited_or_taken_away_is_found_no_more(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.As("keeper");
        var notes = await app.Number("select count(*) from customers_note_search");
        using var removed = await visitor.Submit("/customers/8", "/customers/8/removal");
        Assert.Equal(HttpStatusCode.Redirect, removed.StatusCode);
        Assert.Equal(notes - 2, await app.Number("select count(*) from customers_note_search"));
        foreach (var typed in (string[])["冰箱", "fridge", "muller", "mullr"]) { Assert.True((await Found(visitor, typed)).Count == 0, typed); }
        var point = await app.Number("select id from customers_contact_point where value = '+8613912349527'");
        Assert.True((await visitor.Json("DELETE", $"/api/customers/1/contact-points/{point}", null, ("If-Match", "*"))).IsSuccessStatusCode);
        foreach (var typed in (string[])["9527", "张伟 9527", "9123495"]) { Assert.True((await Found(visitor, typed)).Count == 0, typed); }
        Assert.True((await visitor.Json("PATCH", "/api/customers/2", """{"name":"李四"}""", ("If-Match", "*"))).IsSuccessStatusCode);
        // By the name that it went by it is found until that was a slip of the pen.
        Assert.Equal(["K2"], await Found(visitor, "shanxx"));
        Assert.True((await visitor.Json("DELETE", "/api/customers/2/former-names/1", null, ("If-Match", "*"))).IsSuccessStatusCode);
        Assert.Empty(await Found(visitor, "shanxx"));
        Assert.Equal(["K2"], await Found(visitor, "lisi"));
    }

    [Theory, OnBothDatabases]
    public async Task After_an_upgrade_the_job_makes_everybody_found_by_everything(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.As("keeper");
        foreach (var sql in (string[])["delete from customers_search", "delete from customers_note_search", "update customers_customer set name_pinyin = null, name_initials = null"]) { await app.Number(sql); }
        Assert.Empty(await Found(visitor, "zw"));
        await app.Services.GetRequiredService<JobQueue>().Add(RebuildSearch.KindName, "{}", "upgrade", false, Ct);
        await Given.Drained(app);
        foreach (var (typed, number) in Meant.Append(("冰箱", "K8"))) { Assert.True((await Found(visitor, typed)).Contains(number), typed); }
        Assert.Equal(0, await app.Number("select count(*) from platform_job where state > 2"));
    }

    /// <summary>People and firms of every kind, with contact points, own fields and notes.</summary>
    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await app.AddUserWithRoles("keeper", 1, RoleBook.Administrator);
        using var keeper = await app.As("keeper");
        await Given.Field(keeper, "customers", "机型", "", "machine", "Text", ("indexed", "true"));
        await Given.Customers(app, """
            number,name,phone,email,credit_code,contact
            K1,张伟,13800138000,zhangwei@corp.example,,
            K2,单小霞,,,,
            K3,解震,,,,
            K4,区云飞,,,,
            K5,查良镛,,,,
            K6,仇英,,,,
            K7,北京华为技术有限公司,010-82882008,,91110108551385082Q,任正
            K8,"Müller, Jürgen",+49 30 901820,,,
            K9,孙九,,,,

            """);
        Assert.True((await keeper.Json("PATCH", "/api/customers/9", """{"custom":{"machine":"Zeta 9 宁波一厂"}}""", ("If-Match", "*"))).IsSuccessStatusCode);
        foreach (var point in (string[])["""{"kind":"phone","value":"139 1234 9527"}""", """{"kind":"email","value":"wei.home@corp.example"}""", """{"kind":"we-chat","value":"wx_weige"}"""])
        {
            Assert.True((await keeper.Json("POST", "/api/customers/1/contact-points", point)).IsSuccessStatusCode);
        }
        await Note(keeper, 8, "他问了我们的新冰箱 BX-2000，下周再打");
        await Note(keeper, 8, "Wants another Fridge\nin spring");
        return app;
    }

    private static async Task Note(Visitor visitor, int customer, string body) =>
        Assert.True((await visitor.Json("POST", $"/api/customers/{customer}/notes", JsonSerializer.Serialize(new { body }))).IsSuccessStatusCode);

    private static async Task<List<string>> Found(Visitor visitor, string typed) =>
        [.. JsonElement.Parse(await visitor.Text($"/api/customers?limit=200&q={Uri.EscapeDataString(typed)}")).GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("number").GetString()!)];

    private static async Task<string> Groups(Visitor visitor, string typed) => string.Join("; ",
        (await Visitor.Parsed(await visitor.Text("/palette?q=" + Uri.EscapeDataString(typed)))).QuerySelectorAll("[role=group]")
            .Select(group => $"{group.GetAttribute("aria-label")}: {string.Join(", ", group.QuerySelectorAll("a > span:not(.palette-detail):not([aria-hidden]):not(.avatar)").Select(title => title.TextContent))}"));

    private static string Key() => Guid.CreateVersion7().ToString("N");
}
