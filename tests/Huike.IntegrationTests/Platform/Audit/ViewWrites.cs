namespace Huike.IntegrationTests.Platform.Audit;

/// <summary>Of each route that writes a view, or changes a customer in a list, one request that does, for <see cref="EntriesTests"/>; in order.</summary>
internal static class ViewWrites
{
    private static readonly (string, string)[] AnyVersion = [("If-Match", "*")];

    public static readonly (string Route, Func<Visitor, Task<HttpResponseMessage>> Done)[] All =
    [
        ("POST /customers/views", visitor => visitor.Submit("/customers/views/new?query=tier%3Dgold", "/customers/views", ("name", "Gold"), ("sharing", "all"), ("query", "tier=gold"), ("formKey", Key()))),
        ("POST /customers/views/{view:long}", visitor => visitor.Submit("/customers/views/1", "/customers/views/1", ("name", "The golden"), ("sharing", "private"), ("version", "1"))),
        ("POST /customers/views/{view:long}/query", visitor => visitor.Submit("/customers?view=1", "/customers/views/1/query", ("query", "tier=platinum"), ("version", "2"))),
        ("POST /customers/views/{view:long}/copies", visitor => visitor.Submit("/customers/views", "/customers/views/1/copies", ("formKey", Key()))),
        ("POST /customers/views/{view:long}/removal", visitor => visitor.Submit("/customers/views/1", "/customers/views/1/removal", ("confirm", "true"))),
        ("POST /api/views", visitor => visitor.Json("POST", "/api/views", """{"name":"Lead","query":"where=tier:is:lead"}""")),
        ("PATCH /api/views/{view:long}", visitor => visitor.Json("PATCH", "/api/views/3", """{"name":"Leaden"}""", AnyVersion)),
        ("DELETE /api/views/{view:long}", visitor => visitor.Json("DELETE", "/api/views/3", headers: AnyVersion)),
        ("POST /customers/{id:long}/cells/{key}", async visitor => await visitor.Submit("/customers/1/cells/category", "/customers/1/cells/category", ("value", "retail"), ("version", await Version(visitor)))),
        ("POST /customers/{id:long}/facts", async visitor => await visitor.Submit("/customers/1", "/customers/1/facts", ("field", "kind"), ("value", "partner"), ("version", await Version(visitor)))),
    ];

    private static async Task<string> Version(Visitor visitor) => (await visitor.Page("/customers/1/cells/category")).QuerySelector("input[name=version]")!.GetAttribute("value")!;

    private static string Key() => Guid.CreateVersion7().ToString("N");
}
