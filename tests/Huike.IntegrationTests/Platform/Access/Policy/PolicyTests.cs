using System.Net;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Live;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Access.Policy;

/// <summary>One policy decides: lists, single records, searches, exports, the palette, files, writes, live updates and the inspector say the same, and the same as counting out.</summary>
public sealed class PolicyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Every_way_to_a_customer_says_what_counting_out_says(DatabaseKind kind)
    {
        for (var seed = 1; seed <= 6; seed++) { await Try(kind, seed); }
    }

    private static async Task Try(DatabaseKind kind, int seed)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        var firm = new GeneratedFirm(seed);
        await firm.Make(app);
        foreach (var user in firm.People)
        {
            using var visitor = await app.As(user.Name);
            var seen = firm.Files.Where(file => firm.May(user, RecordAction.Read, file)).ToList();
            if (!firm.Holds(user, RecordAction.Read))
            {
                Assert.Empty(seen);
                Assert.Equal(HttpStatusCode.Forbidden, (await visitor.Get("/api/customers")).StatusCode);
                continue;
            }
            await Lists(seen, visitor);
            await Export(firm, user, visitor);
            await OneByOne(firm, user, visitor);
            var pages = firm.Files[(int)(user.Id % firm.Files.Count)];
            Assert.Equal(firm.May(user, RecordAction.Read, pages) ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await visitor.Get($"/customers/{pages.Id}")).StatusCode);
            Assert.Equal(firm.May(user, RecordAction.Read, pages), (await (await visitor.Get($"/palette?q={Uri.EscapeDataString(pages.Name)}")).Content.ReadAsStringAsync(Ct)).Contains(pages.Name, StringComparison.Ordinal));
            await Inspect(firm, user, administrator, pages);
        }
        await Streams(app, firm);
        Assert.Empty(app.Errors);
    }

    /// <summary>Of all who look on, those are told of a customer who may see it.</summary>
    private static async Task Streams(HuikeApp app, GeneratedFirm firm)
    {
        await using var connection = await app.Database.Open(Ct);
        var access = app.Services.GetRequiredService<ReadAccess>();
        var streams = new List<LiveStream>();
        foreach (var user in firm.People) { streams.Add(new(user.Id, 0, [], await access.Of(connection, user.Id, Ct))); }
        foreach (var file in firm.Files)
        {
            var told = await app.Services.GetRequiredService<LiveRows>().Allowed(CustomerPermissions.Records, file.Id, streams, Ct);
            Assert.Equal(firm.People.Where(user => firm.May(user, RecordAction.Read, file)).Select(user => user.Id).Order(), told.Select(stream => stream.UserId).Order());
        }
    }

    private static async Task Lists(List<(long Id, string Name, long? Owner, long? Unit)> seen, Visitor visitor)
    {
        foreach (var query in new[] { "limit=200", "limit=200&sort=sales", "limit=200&q=wanda", "limit=200&kind=unknown&sort=created" })
        {
            var list = JsonElement.Parse(await visitor.Text("/api/customers?" + query));
            Assert.Equal(seen.Select(file => file.Name).Order(StringComparer.Ordinal), list.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
            Assert.Equal(seen.Count, list.GetProperty("total").GetInt64());
        }
    }

    private static async Task OneByOne(GeneratedFirm firm, GeneratedUser user, Visitor visitor)
    {
        var token = await visitor.Token("/account");
        foreach (var file in firm.Files)
        {
            var (read, edit) = (firm.May(user, RecordAction.Read, file), firm.May(user, RecordAction.Edit, file));
            Assert.Equal(read ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await visitor.Get($"/api/customers/{file.Id}")).StatusCode);
            using var listed = await visitor.Get($"/customers/{file.Id}/files");
            Assert.Equal(read ? HttpStatusCode.OK : HttpStatusCode.NotFound, listed.StatusCode);
            using var noted = await visitor.Post($"/customers/{file.Id}/notes", ("__RequestVerificationToken", token), ("body", "seen"), ("formKey", $"{Guid.CreateVersion7():N}"));
            var expected = !firm.Holds(user, RecordAction.Edit) ? HttpStatusCode.Forbidden : !read ? HttpStatusCode.NotFound : edit ? HttpStatusCode.Redirect : HttpStatusCode.Forbidden;
            Assert.True(expected == noted.StatusCode, $"{user.Name} noting {file.Name}: expected {expected}, got {noted.StatusCode}");
        }
    }

    private static async Task Export(GeneratedFirm firm, GeneratedUser user, Visitor visitor)
    {
        using var answer = await visitor.Get("/customers/export?format=csv&purpose=sales");
        if (!firm.Holds(user, RecordAction.Export))
        {
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            return;
        }
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Equal(firm.Files.Where(file => firm.May(user, RecordAction.Export, file)).Select(file => file.Name), firm.Files.Where(file => text.Contains(file.Name, StringComparison.Ordinal)).Select(file => file.Name));
    }

    private static async Task Inspect(GeneratedFirm firm, GeneratedUser user, Visitor administrator, (long Id, string Name, long? Owner, long? Unit) file)
    {
        var page = await administrator.Page($"/admin/why?kind=customers&record={file.Id}&user={user.Name}");
        var told = page.QuerySelectorAll("tbody tr").ToDictionary(row => row.Children[1].TextContent.Trim(), row => row.Children[2].TextContent.Trim());
        Assert.Equal((firm.May(user, RecordAction.Read, file) ? "Yes" : "No", firm.May(user, RecordAction.Edit, file) ? "Yes" : "No", firm.May(user, RecordAction.Export, file) ? "Yes" : "No"), (told["See"], told["Change"], told["Export"]));
    }
}
