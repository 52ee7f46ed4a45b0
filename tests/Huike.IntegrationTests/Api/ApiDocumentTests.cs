using System.Text.Json.Nodes;
using Huike.IntegrationTests.Web;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Routing;

namespace Huike.IntegrationTests.Api;

/// <summary>The description of the interface is the interface.</summary>
public sealed class ApiDocumentTests
{
    private static readonly string Committed = Path.Combine(Root(), "docs", "openapi.json");

    [Fact]
    public async Task The_committed_document_is_the_one_that_is_served()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        using var visitor = await app.Administrator();
        var served = JsonNode.Parse(await visitor.Text("/api/openapi/en.json"))!.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
        if (Environment.GetEnvironmentVariable("HUIKE_WRITE_OPENAPI") == "1") { await File.WriteAllTextAsync(Committed, served, TestContext.Current.CancellationToken); }
        Assert.Equal(await File.ReadAllTextAsync(Committed, TestContext.Current.CancellationToken), served);
    }

    [Fact]
    public async Task Every_route_for_programs_is_told_in_both_languages()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        using var visitor = await app.Administrator();
        var routes = AppRoute.Of(app).Where(route => route.Pattern.StartsWith("/api/", StringComparison.Ordinal) && !route.Pattern.StartsWith("/api/openapi", StringComparison.Ordinal) && route.Pattern != "/api/mcp").ToList();
        Assert.NotEmpty(routes);
        foreach (var language in (string[])["en", "zh-CN"])
        {
            var document = JsonNode.Parse(await visitor.Text($"/api/openapi/{language}.json"))!;
            Assert.StartsWith("3.1", (string?)document["openapi"], StringComparison.Ordinal);
            foreach (var route in routes)
            {
                var operation = document["paths"]![route.Pattern.Replace(":long", "", StringComparison.Ordinal)]?[route.Method.ToLowerInvariant()];
                Assert.True(operation is not null, $"{route} is told nowhere");
                var name = (string)operation["operationId"]!;
                Assert.Equal(TextCatalog.For(language)["api.op." + name], (string?)operation["summary"]);
                Assert.All(operation["parameters"]?.AsArray() ?? [], parameter => Assert.DoesNotContain("api.param.", (string?)parameter!["description"] ?? "api.param.", StringComparison.Ordinal));
            }
        }
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Huike.slnx"))) { folder = Path.GetDirectoryName(folder)!; }
        return folder;
    }
}
