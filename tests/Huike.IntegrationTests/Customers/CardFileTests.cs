using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>Cards as files: in with a look before, and out with a purpose.</summary>
public sealed class CardFileTests
{
    private const string File = "BEGIN:VCARD\nVERSION:3.0\nFN:West Lake Tea\nORG:West Lake Tea\nTEL;TYPE=WORK:0571-85551234\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:Han Mei\nORG:West Lake Tea\nTITLE:Buyer\nTEL;TYPE=CELL:13912345678\nEMAIL:mei@example.com\nEND:VCARD\n"
        + "BEGIN:VCARD\nVERSION:3.0\nFN:Old Friend\nTEL:13800138001\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:Wrong\nTEL:none\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nno line\nEND:VCARD\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_file_is_shown_first_and_what_was_chosen_is_added_once(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name,phone\nK1,Old Friend,13800138001\n");
        using var looked = await visitor.Upload("/customers/vcards", "/customers/vcards", "file", [Given.Written(File)]);
        var page = await Visitor.Parsed(await looked.Content.ReadAsStringAsync(Ct));
        var text = page.Body!.TextContent;
        foreach (var said in (string[])["May be here already: Old Friend", "A contact of West Lake Tea", "A new customer, a firm", "Line 23:", "Line 27:"]) { Assert.Contains(said, text, StringComparison.Ordinal); }
        Assert.Equal(1, await app.Number("select count(*) from customers_customer"));
        var chosen = page.QuerySelectorAll("input[name=card][checked]").Select(box => ("card", box.GetAttribute("value")!)).ToArray();
        Assert.Equal(2, chosen.Length);
        (string, string)[] form = [("cards", page.QuerySelector("input[name=cards]")!.GetAttribute("value")!), ("formKey", page.QuerySelector("form[action$='/taking'] input[name=formKey]")!.GetAttribute("value")!), .. chosen];
        for (var twice = 0; twice < 2; twice++)
        {
            using var done = await visitor.Submit("/customers/vcards", "/customers/vcards/taking", form);
            Assert.Contains("2 taken over, 0 not", await done.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        Assert.Equal(2, await app.Number("select count(*) from customers_customer"));
        var person = JsonNode.Parse(await visitor.Text("/api/customers/2/people"))!["rows"]![0]!;
        Assert.Equal("Han Mei Buyer +8613912345678", $"{person["name"]} {person["title"]} {person["phone"]}");
    }

    [Theory, OnBothDatabases]
    public async Task A_card_leaves_with_permission_and_purpose_and_stands_in_the_audit(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name,phone\nK1,Anna,13800138001\n");
        using var reader = await app.UserWith(CustomerPermissions.Read);
        using (var refused = await reader.Get("/customers/1/vcard?purpose=sales")) { Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode); }
        using (var refused = await reader.Get("/customers/vcards")) { Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode); }
        using var taker = await app.UserWith(CustomerPermissions.Read, CustomerPermissions.Export);
        using (var aimless = await taker.Get("/customers/1/vcard")) { Assert.Equal(HttpStatusCode.UnprocessableEntity, aimless.StatusCode); }
        var four = await taker.Text("/customers/1/vcard?purpose=sales&version=4.0");
        Assert.Contains("VERSION:4.0\r\n", four, StringComparison.Ordinal);
        Assert.Contains("TEL;TYPE=CELL;PREF=1:+8613800138001", four, StringComparison.Ordinal);
        Assert.Equal(2, await app.Number("select count(*) from platform_audit where action in ('export.begun', 'export.ended') and record_id = 1"));
    }
}
