using System.Globalization;
using System.Text.Json.Nodes;
using Huike.IntegrationTests.Privacy;

namespace Huike.IntegrationTests.Platform.Audit;

/// <summary>Of each route that changes many customers, or brings one back from the bin, one request that does, for <see cref="EntriesTests"/>.</summary>
internal static class BulkWrites
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static readonly (string Route, Func<Visitor, Task<HttpResponseMessage>> Done)[] All =
    [
        ("POST /customers/bulk", async visitor => await Persons.Form(visitor, "/customers", "/customers/bulk", ("verb", "set"), ("id", await New(visitor)))),
        ("POST /customers/bulk/{bulk:long}/run", async visitor =>
        {
            using var chosen = await Persons.Form(visitor, "/customers", "/customers/bulk", ("verb", "set"), ("id", await New(visitor)));
            var path = chosen.Headers.Location!.ToString().Split('?')[0];
            return await visitor.Submit(path, path + "/run", ("verb", "set"), ("field", "place"), ("value", "Wuhan"));
        }),
        ("POST /customers/bulk/{bulk:long}/undo", async visitor => await Done(visitor) is var id ? await visitor.Submit("/customers", $"/customers/bulk/{id}/undo", ("confirm", "true")) : null!),
        ("POST /api/customers/bulk-change", async visitor => await visitor.Json("POST", "/api/customers/bulk-change", $$"""{"verb":"set","field":"place","value":"Wuhan","ids":[{{await New(visitor)}}]}""")),
        ("POST /api/customers/bulk-change/{bulk:long}/undo", async visitor => await visitor.Json("POST", $"/api/customers/bulk-change/{await Done(visitor)}/undo", "{}")),
        ("POST /customers/bin/{binned:long}/restore", async visitor => await visitor.Submit("/customers", $"/customers/bin/{await Binned(visitor)}/restore", ("confirm", "true"))),
        ("POST /customers/bin/restore", async visitor => await Persons.Form(visitor, "/customers", "/customers/bin/restore", ("id", await Binned(visitor)))),
        ("POST /customers/bin/purge", async visitor => await visitor.Submit("/customers", "/customers/bin/purge", ("id", await Binned(visitor)))),
        ("POST /api/customers/bin/{binned:long}/restore", async visitor => await visitor.Json("POST", $"/api/customers/bin/{await Binned(visitor)}/restore", "{}")),
        ("POST /api/customers/bin/{binned:long}/purge", async visitor => await visitor.Json("POST", $"/api/customers/bin/{await Binned(visitor)}/purge", "{}")),
    ];

    private static async Task<string> New(Visitor visitor)
    {
        using var added = await visitor.Json("POST", "/api/customers", """{"name":"one of many"}""");
        return added.Headers.Location!.ToString().Split('/')[^1];
    }

    private static async Task<string> Binned(Visitor visitor)
    {
        var id = await New(visitor);
        (await visitor.Json("DELETE", "/api/customers/" + id, null, ("If-Match", "*"))).Dispose();
        return id;
    }

    /// <summary>Number of a change that has ended.</summary>
    private static async Task<string> Done(Visitor visitor)
    {
        using var begun = await visitor.Json("POST", "/api/customers/bulk-change", $$"""{"verb":"set","field":"place","value":"Wuhan","ids":[{{await New(visitor)}}]}""");
        var id = ((long)JsonNode.Parse(await begun.Content.ReadAsStringAsync(Ct))!["id"]!).ToString(CultureInfo.InvariantCulture);
        while (!(bool)JsonNode.Parse(await visitor.Text("/api/customers/bulk-change/" + id))!["finished"]!) { await Task.Delay(20, Ct); }
        return id;
    }
}
