using System.Net;
using AngleSharp.Dom;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

public sealed class ImportPagesTests
{
    private const string Ledger = "Who,When,Doc,What,Qty,Paid\nK1,2024-01-05,A1,pot,2,10.00\nK2,2024-01-06,A2,pan,1,7.50\nK2,not a day,A3,pan,1,7.50\nK3,2024-02-01,C9,pot,-1,-5.00\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_ledger_comes_in_by_page_is_corrected_tried_loaded_and_undone(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        Assert.NotNull((await visitor.Page("/imports")).QuerySelector("a[href='/imports/new']"));
        using var sent = await visitor.Upload("/imports/new", "/imports/new", "files", [Given.Written(Ledger)], ("kind", "transactions"), ("source", "till"));
        Assert.Equal("/imports/1", sent.Headers.Location?.ToString());

        using var checking = await visitor.Submit("/imports/1", "/imports/1/plan", ("column.customer", "Who"), ("column.date", "When"), ("column.document", "Doc"), ("column.productName", "What"),
            ("column.quantity", "Qty"), ("column.amount", "Paid"), ("dropDuplicates", "false"), ("cancelledPrefix", "C"), ("next", "check"));
        Assert.Equal(HttpStatusCode.Redirect, checking.StatusCode);
        var tried = await Ended(app, visitor);
        Assert.Equal(0, await app.Number("select count(*) from customers_transaction"));
        Assert.Contains("not a day", tried.Body!.TextContent, StringComparison.Ordinal);
        var refused = await visitor.Text(tried.QuerySelector("a[href*='/refused/']")!.GetAttribute("href")!);
        Assert.Contains("K2,not a day,A3", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("A1", refused, StringComparison.Ordinal);

        using var loading = await visitor.Submit("/imports/1", "/imports/1/run", ("confirm", "true"));
        var done = await Ended(app, visitor);
        Assert.Equal(3, await app.Number("select count(*) from customers_transaction"));
        Assert.Equal(1, await app.Number("select count(*) from customers_transaction where is_return " + (kind == DatabaseKind.Sqlite ? "= 1" : "")));
        Assert.NotNull(done.QuerySelector("a[href='/customers']"));
        using var again = await visitor.Submit("/imports/1", "/imports/1/run", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, again.StatusCode);

        Assert.NotNull(done.QuerySelector("dialog form[action='/imports/1/undoing']"));
        using var undoing = await visitor.Submit("/imports/1", "/imports/1/undoing", ("confirm", "true"));
        await Ended(app, visitor);
        Assert.Equal(0, await app.Number("select count(*) from customers_transaction"));
        Assert.Equal(0, await app.Number("select count(*) from customers_customer"));
        Assert.Contains("Undone", (await visitor.Page("/imports")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_mapping_is_saved_under_a_name_and_used_again(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        for (var i = 0; i < 2; i++) { using var sent = await visitor.Upload("/imports/new", "/imports/new", "files", [Given.Written(Ledger)], ("kind", "transactions")); }
        using var saved = await visitor.Submit("/imports/1", "/imports/1/plan", ("column.customer", "Who"), ("column.date", "When"), ("column.amount", "Paid"), ("mappingName", "till"), ("next", "save"));
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        using var applied = await visitor.Submit("/imports/2", "/imports/2/plan", ("mapping", "till"), ("next", "apply"));
        Assert.Equal(HttpStatusCode.Redirect, applied.StatusCode);
        var page = await visitor.Page("/imports/2");
        Assert.Equal("Who", page.QuerySelector("select[name='column.customer'] option[selected]")?.GetAttribute("value"));
        Assert.Equal("Paid", page.QuerySelector("select[name='column.amount'] option[selected]")?.GetAttribute("value"));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_no_table_or_lacks_a_column_is_said_where_it_happened(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        using var empty = await visitor.Upload("/imports/new", "/imports/new", "files", [Given.Written("")], ("kind", "transactions"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
        using var none = await visitor.Upload("/imports/new", "/imports/new", "files", [], ("kind", "transactions"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, none.StatusCode);
        Assert.Empty(Directory.GetFiles(Directory.CreateDirectory(Path.Combine(app.Database.DataFolder, "loads")).FullName));
        using var sent = await visitor.Upload("/imports/new", "/imports/new", "files", [Given.Written("a,b\n1,2\n")], ("kind", "transactions"));
        Assert.NotNull((await visitor.Page("/imports/1")).QuerySelector("[role=alert]"));
        using var short1 = await visitor.Submit("/imports/1", "/imports/1/plan", ("column.date", "a"), ("next", "check"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, short1.StatusCode);
        using var missing = await visitor.Get("/imports/99");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var noFile = await visitor.Get("/imports/1/refused/1");
        Assert.Equal(HttpStatusCode.NotFound, noFile.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_file_without_the_page_s_token_is_not_taken(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        using var form = new MultipartFormDataContent { { new StringContent("transactions"), "kind" }, { new StringContent(Ledger), "files", "../../evil.csv" } };
        using var forged = await visitor.Send(new(HttpMethod.Post, "/imports/new") { Content = form });
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from customers_load"));
    }

    /// <summary>The load's page once its job has ended.</summary>
    private static async Task<IDocument> Ended(HuikeApp app, Visitor visitor)
    {
        for (var i = 0; i < 300 && await app.Number("select count(*) from platform_job where state < 2 and kind = 'customers.load'") > 0; i++) { await Task.Delay(50, Ct); }
        var page = await visitor.Page("/imports/1");
        Assert.Null(page.QuerySelector("progress"));
        return page;
    }

    [Theory]
    [InlineData("--b\r\nContent-Disposition: form-data; name=kind")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=kind\r\n\r\ncut off")]
    [InlineData("no section at all")]
    [InlineData(null)]
    public async Task An_upload_that_is_cut_off_or_overlong_is_a_bad_request_and_no_fault(string? sent)
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        using var visitor = await app.Administrator();
        using var content = new StringContent(sent ?? $"--b\r\nContent-Disposition: form-data; name={new string('x', 20_000)}\r\n\r\n1\r\n--b--");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        using var answer = await visitor.Send(new(HttpMethod.Post, "/imports/new") { Content = content });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(app.Errors);
    }
}
