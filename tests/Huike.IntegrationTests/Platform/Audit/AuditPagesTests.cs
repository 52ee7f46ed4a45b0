using System.Net;
using AngleSharp.Dom;
using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Platform.Audit;

public sealed class AuditPagesTests
{
    [Theory, OnBothDatabases]
    public async Task The_list_is_walked_page_by_page_newest_first_and_back(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.Write(120);
        using var visitor = await app.UserWith(Permissions.Audit);
        var seen = new List<long>();
        var pages = new List<long[]>();
        for (var next = "/admin/audit?action=test.done"; next is not null;)
        {
            var page = await visitor.Page(next);
            pages.Add(Ids(page));
            seen.AddRange(pages[^1]);
            next = page.QuerySelector(".pager a[rel=next]")?.GetAttribute("href");
        }
        Assert.Equal(Enumerable.Range(1, 120).Reverse().Select(id => (long)id), seen);
        var second = await visitor.Page($"/admin/audit?action=test.done&before={pages[0][^1]}");
        var back = await visitor.Page(second.QuerySelector(".pager a[rel=prev]")!.GetAttribute("href")!);
        Assert.Equal(pages[0], Ids(back));
        Assert.Null(back.QuerySelector(".pager a[rel=prev]")!.GetAttribute("href"));
    }

    [Theory, OnBothDatabases]
    public async Task Person_act_record_and_days_narrow_the_list(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator();
        using var note = await visitor.Submit("/customers/1", "/customers/1/notes", ("body", "called"), ("formKey", Guid.CreateVersion7().ToString("N")));
        var today = TimeZoneInfo.ConvertTime(app.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        (string Query, int Rows)[] asked =
        [
            ("actor=admin", 3), ("actor=nobody", 0), ("action=customer.noted", 1), ("kind=customer&record=1", 1), ("kind=customer&record=2", 0), ("actor=admin&kind=load", 0),
            ($"actor=admin&from={today:yyyy-MM-dd}&to={today:yyyy-MM-dd}", 3), ($"to={today.AddDays(-1):yyyy-MM-dd}", 0), ($"from={today.AddDays(1):yyyy-MM-dd}", 0),
        ];
        foreach (var (query, rows) in asked)
        {
            var found = Ids(await visitor.Page("/admin/audit?" + query)).Length;
            Assert.True(rows == found, $"{query}: {found}");
        }
        foreach (var wrong in new[] { "from=tomorrow", "record=x", "before=-", "actor=" + new string('a', 101) })
        {
            using var answer = await visitor.Get("/admin/audit?" + wrong);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        }
    }

    [Theory, OnBothDatabases]
    public async Task An_entry_opens_to_its_fields_and_leads_to_its_record(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator("zh-CN");
        using var saved = await visitor.Submit("/customers/1/edit", "/customers/1/edit", ("version", "1"), ("name", "<新名字>"), ("kind", "organisation"), ("phone", "13900139000"), ("formKey", Guid.CreateVersion7().ToString("N")));
        var file = await visitor.Page("/customers/1");
        var history = await visitor.Page(file.QuerySelector("a[href^='/admin/audit']:not(nav a)")!.GetAttribute("href")!);
        var entry = await visitor.Page(history.QuerySelector("a.row-link")!.GetAttribute("href")!);
        Assert.Equal(["名称", "张三", "<新名字>", "类型", "未注明", "企业客户"], entry.QuerySelectorAll("tbody td").Select(cell => cell.TextContent.Trim()));
        Assert.NotNull(entry.QuerySelector("a.button.primary[href='/customers/1']"));
        using var unknown = await visitor.Get("/admin/audit/999999");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_see_the_audit_is_neither_let_in_nor_led_there(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.UserWith(CustomerPermissions.Read, CustomerPermissions.Edit);
        foreach (var path in new[] { "/admin/audit", "/admin/audit/1" })
        {
            using var answer = await visitor.Get(path);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        Assert.Null((await visitor.Page("/customers/1")).QuerySelector("a[href^='/admin/audit']"));
    }

    private static long[] Ids(IDocument page) =>
        [.. page.QuerySelectorAll("a.row-link").Select(link => long.Parse(link.GetAttribute("href")!.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture))];
}
