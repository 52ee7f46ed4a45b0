using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>Lists of customers as people make them: all that belongs to a file, and what becomes of who is there already.</summary>
public sealed class CustomerListFilesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_row_brings_contacts_addresses_consents_tags_owner_and_who_opened_the_file_when(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var admin = await app.Administrator();
        await app.AddUserWith("anna", 1, new(new Dictionary<string, RecordScope>(), new Dictionary<string, FieldAccess>()));
        await Given.Field(admin, "customers", "合同额", "Contract", "contract", "money");
        await Given.Field(admin, "customers", "签约日", "Signed", "signed", "date");
        var outcome = await Loaded(app, """
            客户编号,客户名称,手机,邮箱,微信,省份,城市,区县,详细地址,邮编,收货地址,联系人,职务,联系人角色,联系人电话,联系人生日,联系人2,联系人2电话,负责人,标签,同意事项,同意渠道,同意状态,同意日期,同意方式,同意凭证,发票抬头,开户行,银行账号,创建时间,创建人,合同额,签约日
            K1,晨星商贸有限公司,"13800138000/010-88886666、１３９００１３９０００",a@example.com; b@example.com,chenxing_01,浙江省,杭州市,西湖区,文三路12号,310012,张三 13700137000 浙江省宁波市海曙区药行街1号,王芳,采购经理,Decides,13600136000,1990年5月12日,李雷,13500135000,ANNA,"重点客户、零售",优惠与资讯推送,E-mail,同意,2026年1月3日,Form,展会表 12,晨星商贸有限公司,工商银行杭州支行,1202 0208 0990 0123 456,2019/3/5,老王,3.5万,45292
            """.Replace("            ", "", StringComparison.Ordinal));
        Assert.Equal((1, 1, 0), (Count(outcome, "rows"), Count(outcome, "newCustomers"), Count(outcome, "refused")));
        Assert.Equal(["+8613800138000|a@example.com|浙江省杭州市西湖区文三路12号|王芳|anna"], await Rows(app, "select phone || '|' || email || '|' || address || '|' || contact || '|' || (select user_name from platform_user u where u.id = owner_id) from customers_customer"));
        Assert.Equal(["+861088886666", "+8613900139000", "b@example.com", "chenxing_01"], await Rows(app, "select value from customers_contact_point order by kind, id"));
        Assert.Equal(["李雷||+8613500135000", "王芳|采购经理|+8613600136000"], (await Rows(app, "select p.name || '|' || t.title || '|' || p.phone from customers_post t join customers_person p on p.id = t.person_id")).Order(StringComparer.Ordinal));
        Assert.Equal(1, await app.Number($"select count(*) from customers_post t join customers_person p on p.id = t.person_id where {Yes(kind, "t.is_main")} and t.role = 1 and p.birth_year = 1990 and p.birth_day = 12"));
        Assert.Equal(["浙江省宁波市海曙区药行街1号|张三", "浙江省杭州市西湖区文三路12号|"], (await Rows(app, "select text || '|' || recipient from customers_address")).Order(StringComparer.Ordinal));
        Assert.Equal(1, await app.Number($"select count(*) from customers_address where postcode = '310012' and division_code = '330106' and {Yes(kind, "is_preferred")}"));
        Assert.Equal(["展会表 12"], await Rows(app, $"select proof from customers_consent where {Yes(kind, "given")} and channel = 3 and way = 1 and text_id is null"));
        Assert.Equal(2, await app.Number("select count(*) from customers_tagged"));
        Assert.Equal(1, await app.Number("select count(*) from customers_invoice_title where bank like '工商%'"));
        Assert.Equal(["老王"], await Rows(app, "select created_by from customers_change where field = 'created'"));
        Assert.Equal(1, await app.Number("select count(*) from customers_hand where cause = 8 and from_id is null"));
        Assert.Equal(["35000|2024-01-01"], await Rows(app, "select (custom ->> 'contract') || '|' || (custom ->> 'signed') from customers_customer"));
        var page = (await admin.Page("/customers/1")).Body!.TextContent;
        foreach (var told in new[] { "王芳", "采购经理", "药行街", "重点客户", "展会表 12", "chenxing_01" }) { Assert.Contains(told, page, StringComparison.Ordinal); }
        Assert.Contains("K1", (await admin.Page("/customers?q=13500135000")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_load_with_all_of_it_is_undone_without_a_trace_and_loaded_again_to_the_same(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var admin = await app.Administrator();
        await app.AddUserWith("anna", 1, new(new Dictionary<string, RecordScope>(), new Dictionary<string, FieldAccess>()));
        const string list = "客户编号,客户名称,手机,地址,联系人,联系人电话,负责人,标签\nK1,晨星,13800138000/13900139000,浙江省杭州市西湖区文三路12号,王芳,13600136000,anna,重点\n";
        var id = await Uploaded(app, admin, list);
        await Run(app, admin, id, "run");
        string[] tables = ["customers_customer", "customers_contact_point", "customers_post", "customers_person", "customers_address", "customers_tagged", "customers_hand"];
        foreach (var table in tables) { Assert.Equal((table, 1), (table, await app.Number($"select count(*) from {table}"))); }
        var again = await Loaded(app, list);
        Assert.Equal((1, 0, 0), (Count(again, "known"), Count(again, "changed"), Count(again, "added")));
        foreach (var table in tables) { Assert.Equal((table, 1), (table, await app.Number($"select count(*) from {table}"))); }
        await Run(app, admin, id, "undoing");
        foreach (var table in tables) { Assert.Equal((table, 0), (table, await app.Number($"select count(*) from {table}"))); }
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Consents_of_an_undone_load_stay_in_the_ledger_and_count_no_longer_until_they_are_loaded_again(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var admin = await app.Administrator();
        const string list = "number,name,consent purpose,consent channel,consent,consent date\nK1,Anna,marketing,E-mail,given,2026-01-03\nK2,Ben,,,,\n";
        var id = await Uploaded(app, admin, list);
        await Run(app, admin, id, "run");
        Assert.Equal(0, Count(await Loaded(app, list), "changed"));
        Assert.Equal((1, 1), ((int)await app.Number("select count(*) from customers_consent"), (int)await app.Number("select count(*) from customers_permission")));
        await Run(app, admin, id, "undoing");
        Assert.Equal(["K1"], await Rows(app, "select number from customers_customer"));
        Assert.Equal(["load-" + id.ToString(CultureInfo.InvariantCulture)], await Rows(app, $"select proof from customers_consent where not {Yes(kind, "(given")})"));
        Assert.Contains("Not put back: 1", (await admin.Page($"/imports/{id}")).Body!.TextContent, StringComparison.Ordinal);
        await Loaded(app, list);
        Assert.Equal(3, await app.Number("select count(*) from customers_consent"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_there_already_is_updated_filled_in_skipped_or_sent_back_as_chosen(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Loaded(app, "number,name,phone,industry\nK1,Anna,13800138000,\nK2,Ben,13900139000,Retail\n");
        const string list = "number,name,phone,industry,contact,contact phone\nK1,Anna Li,13700137000,Trade,Wang,13600136000\nK3,Carl,13500135000,,,\n";
        var skipped = await Loaded(app, list, load => load with { DryRun = true, Known = "skip" });
        Assert.Equal((1, 1, 0), (Count(skipped, "skipped"), Count(skipped, "newCustomers"), Count(skipped, "changed")));
        var sent = await Loaded(app, list, load => load with { DryRun = true, Known = "refuse" });
        Assert.Equal((1, 1), (Count(sent, "refused"), Count(sent, "newCustomers")));
        Assert.Equal(2, await app.Number("select count(*) from customers_customer"));
        var filled = await Loaded(app, list, load => load with { Known = "fill" });
        Assert.Equal((1, 1), (Count(filled, "changed"), Count(filled, "newCustomers")));
        Assert.Equal(["Anna|+8613800138000|Trade"], await Rows(app, "select name || '|' || phone || '|' || category from customers_customer where number = 'K1'"));
        Assert.Equal(["+8613700137000"], await Rows(app, "select value from customers_contact_point"));
        var sample = filled.GetProperty("changedSample")[0];
        Assert.Contains("K1", sample.GetProperty("Customer").GetString(), StringComparison.Ordinal);
        var updated = await Loaded(app, list.Replace("K1,", "X9,", StringComparison.Ordinal).Replace("13700137000", "13800138000", StringComparison.Ordinal), load => load with { Key = "phone" });
        Assert.Equal((1, 0, 1), (Count(updated, "changed"), Count(updated, "newCustomers"), Count(updated, "known")));
        Assert.Equal(["Anna Li"], await Rows(app, "select name from customers_customer where number = 'K1'"));
        Assert.Equal(0, Count(await Loaded(app, list.Replace("13700137000", "13800138000", StringComparison.Ordinal)), "changed"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Undoing_puts_updates_back_and_says_what_it_left(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var admin = await app.Administrator();
        await Loaded(app, "number,name,industry\nK1,Anna,Retail\nK2,Ben,Retail\n");
        var id = await Uploaded(app, admin, "number,name,industry,contact,contact phone,owner\nK1,Anna Li,Trade,Wang,13600136000,\nK2,Ben Wu,Trade,,,\n");
        await Run(app, admin, id, "run");
        Assert.Contains("Anna Li", (await admin.Page($"/imports/{id}")).Body!.TextContent, StringComparison.Ordinal);
        await Loaded(app, "number,name\nK2,Ben Later\n");
        await Run(app, admin, id, "undoing");
        Assert.Equal(["Anna|Retail", "Ben Later|Retail"], await Rows(app, "select name || '|' || category from customers_customer order by number"));
        Assert.Equal(0, await app.Number("select count(*) from customers_post"));
        var page = (await admin.Page($"/imports/{id}")).Body!.TextContent;
        Assert.Contains("Not put back: 1", page, StringComparison.Ordinal);
        Assert.Contains("K2", page, StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Further_rows_of_a_customer_and_a_second_sheet_bring_more_contacts(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var admin = await app.Administrator();
        var book = Book(("客户", """<row r="1"><c r="A1" t="inlineStr"><is><t>2026 年客户名单</t></is></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>客户编号</t></is></c><c r="B3" t="inlineStr"><is><t>客户名称</t></is></c><c r="C3" t="inlineStr"><is><t>联系人</t></is></c></row><row r="4"><c r="C4" t="inlineStr"><is><t>姓名</t></is></c><c r="D4" t="inlineStr"><is><t>电话</t></is></c></row><row r="5"><c r="A5" t="inlineStr"><is><t>K1</t></is></c><c r="B5" t="inlineStr"><is><t>晨星</t></is></c><c r="C5" t="inlineStr"><is><t>王芳</t></is></c><c r="D5"><v>13800138000</v></c></row><row r="6"><c r="C6" t="inlineStr"><is><t>李雷</t></is></c><c r="D6"><v>13900139000</v></c></row><row r="7"><c r="A7" t="inlineStr"><is><t>K2</t></is></c><c r="B7" t="inlineStr"><is><t>远山</t></is></c></row>""", """<mergeCells><mergeCell ref="A1:D1"/><mergeCell ref="A3:A4"/><mergeCell ref="B3:B4"/><mergeCell ref="C3:D3"/><mergeCell ref="A5:A6"/><mergeCell ref="B5:B6"/></mergeCells>"""),
            ("联系人", Sheet(["客户名称", "姓名", "手机", "职务"], ["远山", "赵六", "13700137000", "厂长"], ["晨星", "钱七", "13600136000", ""], ["无此客户", "孙八", "13500135000", ""]), ""));
        var outcome = await Given.Loaded(app, [book], load => load with { Customers = true });
        Assert.Equal((6, 1, 2, 5), (Count(outcome, "rows"), Count(outcome, "refused"), Count(outcome, "newCustomers"), Count(outcome, "accepted")));
        Assert.Equal(["K1 李雷 +8613900139000", "K1 王芳 +8613800138000", "K1 钱七 +8613600136000", "K2 赵六 +8613700137000"],
            (await Rows(app, "select c.number || ' ' || p.name || ' ' || p.phone from customers_post t join customers_person p on p.id = t.person_id join customers_customer c on c.id = t.customer_id")).Order(StringComparer.Ordinal));
        Assert.Equal(["王芳", "赵六"], await Rows(app, $"select p.name from customers_post t join customers_person p on p.id = t.person_id where {Yes(kind, "t.is_main")} order by t.id"));
        using var sent = await admin.Upload("/imports/new", "/imports/new", "files", [book], ("kind", "customers"));
        var page = await admin.Page(sent.Headers.Location!.ToString());
        Assert.Equal("people", page.QuerySelector("select[name='part.1'] option[selected]")?.GetAttribute("value"));
        using var without = await admin.Submit(sent.Headers.Location.ToString(), sent.Headers.Location + "/plan", ("part.0", "customers"), ("header.0", "4"), ("merged.0", "true"), ("part.1", "none"), ("header.1", ""), ("known", "skip"), ("key", "number"), ("next", "columns"));
        Assert.Equal(HttpStatusCode.Redirect, without.StatusCode);
        Assert.Equal("none", (await admin.Page(sent.Headers.Location.ToString())).QuerySelector("select[name='part.1'] option[selected]")?.GetAttribute("value"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_a_spreadsheet_lost_or_nobody_can_read_comes_back_with_its_reason(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var outcome = await Loaded(app, """
            number,name,phone,owner,consent,consent purpose,consent date,contact role,contact,created on
            K1,a,1.38E+10,,,,,,,
            K2,b,1.3800138000E+10,,,,,,,
            K3,c,,nobody,,,,,,
            K4,d,,,given,marketing,,,,
            K5,e,,,maybe,marketing,2026-01-03,,,
            K6,f,,,given,sales,2026-01-03,,,
            K7,g,,,,,,Emperor,Wang,
            1.2E+15,h,,,,,,,,
            K9,i,,,,,,,,20260103
            K10,j,13800138001 / nonsense,,,,,,,
            """.Replace("            ", "", StringComparison.Ordinal));
        Assert.Equal((10, 2, 8), (Count(outcome, "rows"), Count(outcome, "accepted"), Count(outcome, "refused")));
        Assert.Equal(["K2|+8613800138000", "K9|"], await Rows(app, "select number || '|' || coalesce(phone, '') from customers_customer order by number"));
        var reasons = outcome.GetProperty("refusedSample").EnumerateArray().Select(row => row.GetProperty("Reason").GetString()!).ToList();
        Assert.Contains("1.38E+10", reasons[0], StringComparison.Ordinal);
        Assert.Contains("nobody", reasons[1], StringComparison.Ordinal);
        Assert.Equal(8, reasons.Distinct().Count());
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_one_may_not_do_on_pages_one_does_not_do_by_a_file(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Loaded(app, "number,name,industry\nK1,Anna,Retail\n");
        using var loader = await app.UserWith(CustomerPermissions.Import, CustomerPermissions.Read);
        var owners = await Uploaded(app, loader, "number,name,owner\nK2,Ben,anna\n");
        await Run(app, loader, owners, "run");
        Assert.Contains("may not assign", (await loader.Page($"/imports/{owners}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(1, await app.Number("select count(*) from customers_customer"));
        var changes = await Uploaded(app, loader, "number,name,industry\nK1,Anna Li,Trade\nK3,Carl,\n");
        await Run(app, loader, changes, "run");
        Assert.Contains("may not change it", (await loader.Page($"/imports/{changes}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Anna|Retail"], await Rows(app, "select name || '|' || category from customers_customer where number = 'K1'"));
        Assert.Equal(2, await app.Number("select count(*) from customers_customer"));
        using var stranger = await app.UserWith(CustomerPermissions.Read);
        using var refused = await stranger.Get("/imports/template");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var fields = await Uploaded(app, loader, "number,name,shoe size\nK9,x,42\n");
        using var noFields = await loader.Submit($"/imports/{fields}", $"/imports/{fields}/plan", ("newField", "shoe size"), ("next", "fields"));
        Assert.Equal(HttpStatusCode.Forbidden, noFields.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task The_template_loads_as_it_is_in_both_languages_and_an_unused_column_becomes_a_field(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        foreach (var language in new[] { "en", "zh-CN" })
        {
            using var admin = await app.Administrator(language);
            using var sent = await admin.Get("/imports/template");
            var path = Given.Written("", ending: "xlsx");
            await File.WriteAllBytesAsync(path, await sent.Content.ReadAsByteArrayAsync(Ct), Ct);
            var outcome = await Given.Loaded(app, [path], load => load with { Customers = true });
            Assert.Equal((language, 2, 0), (language, Count(outcome, "accepted"), Count(outcome, "refused")));
        }
        Assert.Equal(1, await app.Number("select count(*) from customers_consent"));
        Assert.Equal(2, await app.Number("select count(*) from customers_customer"));
        using var visitor = await app.Administrator();
        var id = await Uploaded(app, visitor, "number,name,鞋码\nK9,x,42\n");
        Assert.Contains("鞋码", (await visitor.Page($"/imports/{id}")).QuerySelector("input[name=newField]")!.GetAttribute("value"), StringComparison.Ordinal);
        using var made = await visitor.Submit($"/imports/{id}", $"/imports/{id}/plan", ("newField", "鞋码"), ("next", "fields"));
        await Run(app, visitor, id, "run");
        Assert.Equal(1, await app.Number("select count(*) from customers_customer where custom ->> 'column' = '42'"));
        Assert.Empty(app.Errors);
    }

    [Fact]
    public async Task Nasty_files_go_in_or_come_back_row_by_row_with_their_texts_as_they_were()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        var folder = Path.Combine(Path.GetDirectoryName(FindRecallTests.Shared("csv_dev/PROVENANCE.md"))!, "csv-spectrum");
        var met = 0;
        foreach (var csv in Directory.GetFiles(Path.Combine(folder, "csvs"), "*.csv").Order(StringComparer.Ordinal))
        {
            var wanted = JsonSerializer.Deserialize<List<Dictionary<string, string>>>(await File.ReadAllTextAsync(Path.Combine(folder, "json", Path.GetFileNameWithoutExtension(csv) + ".json"), Ct))!;
            var columns = wanted[0].Keys.ToList();
            if (columns.Count < 2) { continue; }
            var fresh = Path.GetFileNameWithoutExtension(csv);
            var outcome = await Given.Loaded(app, [csv], load => load with { Customers = true, Columns = new Dictionary<string, string> { ["number"] = columns[0], ["name"] = columns[1] }, DryRun = true });
            Assert.Equal((fresh, wanted.Count, wanted.Count), (fresh, Count(outcome, "rows"), Count(outcome, "accepted") + Count(outcome, "refused") + Count(outcome, "twinsLeftOut")));
            Assert.Equal((fresh, wanted.Count(row => row[columns[0]].Trim().Length == 0)), (fresh, Count(outcome, "refused")));
            var loaded = await Given.Loaded(app, [csv], load => load with { Customers = true, Columns = new Dictionary<string, string> { ["number"] = columns[0], ["name"] = columns[1] } });
            foreach (var row in wanted.Where(row => row[columns[0]].Trim().Length > 0).GroupBy(row => row[columns[0]].Trim()).Select(same => same.Last()))
            {
                var names = await Rows(app, $"select name from customers_customer where number = '{Lines(row[columns[0]].Trim())}'");
                Assert.Equal((fresh, Lines(row[columns[1]].Trim())), (fresh, Lines(string.Join("+", names))));
            }
            met++;
        }
        Assert.True(met > 8);
        foreach (var odd in Directory.GetFiles(Path.Combine(folder, "..", "burntsushi"), "*.csv"))
        {
            var outcome = await Given.Loaded(app, [odd], load => load with { Customers = true, DryRun = true, Columns = new Dictionary<string, string> { ["number"] = "1", ["name"] = "", ["company"] = "" } });
            Assert.Equal(Count(outcome, "rows"), Count(outcome, "accepted") + Count(outcome, "refused") + Count(outcome, "twinsLeftOut"));
            Assert.True(Count(outcome, "rows") > 0);
        }
        Assert.Empty(app.Errors);
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\n");

    private static string Yes(DatabaseKind kind, string column) => kind == DatabaseKind.Sqlite ? column + " = 1" : column;

    private static int Count(JsonElement outcome, string name) => outcome.GetProperty(name).GetInt32();

    private static Task<JsonElement> Loaded(HuikeApp app, string csv, Func<FileLoad, FileLoad>? adjust = null) =>
        Given.Loaded(app, [Given.Written(csv)], load => (adjust?.Invoke(load) ?? load) with { Customers = true });

    private static async Task<List<string>> Rows(HuikeApp app, string sql)
    {
        await using var connection = await app.Database.Open(Ct);
        return await connection.Rows(sql, row => row.GetString(0), Ct);
    }

    private static async Task<long> Uploaded(HuikeApp app, Visitor visitor, string csv)
    {
        using var sent = await visitor.Upload("/imports/new", "/imports/new", "files", [Given.Written(csv)], ("kind", "customers"));
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        return long.Parse(sent.Headers.Location!.ToString().Split('/')[^1], CultureInfo.InvariantCulture);
    }

    private static async Task Run(HuikeApp app, Visitor visitor, long id, string what)
    {
        using var begun = await visitor.Submit($"/imports/{id}", $"/imports/{id}/plan", ("next", "check"));
        await Ended(app);
        using var run = await visitor.Submit($"/imports/{id}", $"/imports/{id}/{what}", ("confirm", "true"));
        await Ended(app);
    }

    private static async Task Ended(HuikeApp app)
    {
        for (var i = 0; i < 400 && await app.Number("select count(*) from platform_job where state < 2 and kind = 'customers.load'") > 0; i++) { await Task.Delay(50, Ct); }
    }

    private static string Sheet(params string[][] rows) => string.Concat(rows.Select((row, i) =>
        $"<row r=\"{i + 1}\">{string.Concat(row.Select((cell, j) => $"<c r=\"{(char)('A' + j)}{i + 1}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"))}</row>"));

    /// <summary>A workbook as small as one can be.</summary>
    private static string Book(params (string Name, string Rows, string Merges)[] sheets)
    {
        var path = Given.Written("", ending: "xlsx");
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        Part("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>" + string.Concat(sheets.Select((_, i) => $"<Override PartName=\"/xl/worksheets/sheet{i + 1}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>")) + "</Types>");
        Part("_rels/.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
        Part("xl/workbook.xml", "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>" + string.Concat(sheets.Select((sheet, i) => $"<sheet name=\"{sheet.Name}\" sheetId=\"{i + 1}\" r:id=\"rId{i + 1}\"/>")) + "</sheets></workbook>");
        Part("xl/_rels/workbook.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" + string.Concat(sheets.Select((_, i) => $"<Relationship Id=\"rId{i + 1}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{i + 1}.xml\"/>")) + "</Relationships>");
        for (var i = 0; i < sheets.Length; i++) { Part($"xl/worksheets/sheet{i + 1}.xml", $"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{sheets[i].Rows}</sheetData>{sheets[i].Merges}</worksheet>"); }
        return path;

        void Part(string name, string xml)
        {
            using var part = new StreamWriter(archive.CreateEntry(name).Open(), new UTF8Encoding(false));
            part.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml);
        }
    }
}
