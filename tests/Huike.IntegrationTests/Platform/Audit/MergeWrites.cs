using System.Globalization;
using System.Text.Json.Nodes;

namespace Huike.IntegrationTests.Platform.Audit;

/// <summary>Of each route that merges or parts files, one request that does, for <see cref="EntriesTests"/>.</summary>
internal static class MergeWrites
{
    public static readonly (string Route, Func<Visitor, Task<HttpResponseMessage>> Done)[] All =
    [
        ("POST /customers/{id:long}/merge/{other:long}", async visitor => await Pair(visitor) is var (one, two) ? await visitor.Submit($"/customers/{one}/merge/{two}", $"/customers/{one}/merge/{two}", ("version", "1"), ("otherVersion", "1")) : null!),
        ("POST /customers/{id:long}/merges/{merge:long}/undo", async visitor => await Merged(visitor) is var (one, merge) ? await visitor.Submit($"/customers/{one}/merges/{merge}", $"/customers/{one}/merges/{merge}/undo") : null!),
        ("POST /api/customers/{id:long}/merges", async visitor => await Pair(visitor) is var (one, two) ? await visitor.Json("POST", $"/api/customers/{one}/merges", $$"""{"absorbed":{{two}}}""", AnyVersion) : null!),
        ("POST /api/customers/{id:long}/merges/{merge:long}/undo", async visitor => await Merged(visitor) is var (one, merge) ? await visitor.Json("POST", $"/api/customers/{one}/merges/{merge}/undo", "{}") : null!),
    ];

    private static (string, string) AnyVersion => ("If-Match", "*");

    /// <summary>Two new customers.</summary>
    private static async Task<(long One, long Two)> Pair(Visitor visitor)
    {
        var ids = new List<long>();
        for (var i = 0; i < 2; i++)
        {
            using var added = await visitor.Json("POST", "/api/customers", """{"name":"twin"}""");
            ids.Add(long.Parse(added.Headers.Location!.ToString().Split('/')[^1], CultureInfo.InvariantCulture));
        }
        return (ids[0], ids[1]);
    }

    /// <summary>A customer of two files, and the merge's number.</summary>
    private static async Task<(long One, long Merge)> Merged(Visitor visitor)
    {
        var (one, two) = await Pair(visitor);
        using var merged = await visitor.Json("POST", $"/api/customers/{one}/merges", $$"""{"absorbed":{{two}}}""", AnyVersion);
        return (one, (long)JsonNode.Parse(await merged.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["id"]!);
    }
}
