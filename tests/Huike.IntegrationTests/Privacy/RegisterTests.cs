using System.Net;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Privacy;

public sealed class RegisterTests
{
    private const string Path = "/admin/privacy/processing";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task It_comes_filled_in_both_languages_and_keeps_what_the_firm_says(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var english = await app.Administrator("en");
        using var chinese = await app.Administrator("zh-CN");
        Assert.Equal(7, (await english.Page(Path)).QuerySelectorAll("section.card").Length);
        Assert.Contains("Sales and contracts", (await english.Page(Path)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("销售与履行合同", (await chinese.Page(Path)).Body!.TextContent, StringComparison.Ordinal);
        // Left as shipped but for the recipients.
        var form = (await english.Page($"{Path}/1")).QuerySelectorAll("main form :is(input, textarea)[name]").Where(input => input.GetAttribute("name") is not ("__RequestVerificationToken" or "retired"))
            .Select(input => (input.GetAttribute("name")!, input.TagName == "TEXTAREA" ? input.TextContent : input.GetAttribute("value")!)).Append(("basis", "contract")).ToList();
        using var saved = await english.Submit($"{Path}/1", $"{Path}/1", [.. form.Select(field => field.Item1 == "recipients" ? (field.Item1, "SF Express") : field)]);
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        Assert.Equal(["""admin purpose.edited purpose 1 [{"field":"recipients","old":"Carriers, payment providers, as far as an order needs","new":"SF Express"}]"""], await app.Entries("purpose.edited"));
        var told = (await chinese.Page(Path)).QuerySelector("section.card")!.TextContent;
        Assert.Contains("销售与履行合同", told, StringComparison.Ordinal);
        Assert.Contains("SF Express", told, StringComparison.Ordinal);
        using var late = await english.Submit($"{Path}/1", $"{Path}/1", [.. form]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
        Assert.Contains("changed this purpose meanwhile", await late.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Purposes_are_added_and_retired_and_bad_ones_refused(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        using var added = await visitor.Submit($"{Path}/new", $"{Path}/new", ("name", "Warranty cards"), ("basis", "contract"), ("persons", "Buyers"));
        Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
        Assert.Equal(1, await app.Number("select count(*) from customers_purpose where id = 8 and code = 'own-8' and name = 'Warranty cards' and persons = 'Buyers'"));
        using var retired = await visitor.Submit($"{Path}/8", $"{Path}/8", ("name", "Warranty cards"), ("basis", "contract"), ("version", "1"), ("retired", "true"));
        Assert.Equal(HttpStatusCode.Redirect, retired.StatusCode);
        Assert.Contains("Not pursued any more", (await visitor.Page(Path)).QuerySelectorAll("section.card")[7].TextContent, StringComparison.Ordinal);
        foreach (var (path, fields, status) in new (string, (string, string)[], HttpStatusCode)[]
        {
            ("/new", [("name", " "), ("basis", "consent")], HttpStatusCode.UnprocessableEntity), ("/new", [("name", "x"), ("basis", "whim")], HttpStatusCode.UnprocessableEntity),
            ("/new", [("name", new string('x', 1_001)), ("basis", "consent")], HttpStatusCode.UnprocessableEntity), ("/99", [("name", "x"), ("basis", "consent")], HttpStatusCode.NotFound),
        })
        {
            using var refused = await visitor.Submit($"{Path}/new", Path + path, fields);
            Assert.Equal(status, refused.StatusCode);
        }
        Assert.Equal(8, await app.Number("select count(*) from customers_purpose"));
    }

    [Theory, OnBothDatabases]
    public async Task An_export_says_what_it_is_for_or_is_refused(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator();
        await app.Number("update customers_purpose set retired_at = " + (kind == DatabaseKind.Sqlite ? "1" : "now()") + " where code = 'survey'");
        foreach (var query in (string[])["", "&purpose=", "&purpose=whim", "&purpose=survey"])
        {
            using var refused = await visitor.Get("/customers/export?format=csv" + query);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains("Say what the export is for", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        Assert.Empty(await app.Entries("export.begun"));
        Assert.Equal("", (await visitor.Page("/customers")).QuerySelector("select[name=purpose] option[selected]")?.GetAttribute("value") ?? "");
        Assert.Contains("K1", await visitor.Text("/customers/export?format=csv&purpose=marketing"), StringComparison.Ordinal);
        Assert.Contains("""{"field":"purpose","old":null,"new":"Offers and news"}""", Assert.Single(await app.Entries("export.begun")), StringComparison.Ordinal);
        var chosen = (await visitor.Page("/customers")).QuerySelectorAll("select[name=purpose] option");
        Assert.Equal("marketing", chosen.Single(option => option.HasAttribute("selected")).GetAttribute("value"));
        Assert.DoesNotContain(chosen, option => option.GetAttribute("value") == "survey");
    }
}
