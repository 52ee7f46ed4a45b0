namespace Huike.IntegrationTests.Platform.Audit;

/// <summary>Requests of the routes of pools that write.</summary>
internal static class PoolWrites
{
    /// <summary>Need a second person or customers without an owner.</summary>
    public static readonly string[] Elsewhere = ["POST /pools/extensions/{extension:long}", "POST /api/pools/extensions/{extension:long}/decision", "POST /api/customers/{id:long}/extension", "POST /pools/{pool:long}/gathering"];

    public static readonly (string Route, Func<Visitor, Task<HttpResponseMessage>> Done)[] All =
    [
        ("POST /api/pools", visitor => visitor.Json("POST", "/api/pools", Pool("East"))),
        ("PUT /api/pools/{pool:long}", visitor => visitor.Json("PUT", "/api/pools/1", Pool("East coast"), ("If-Match", "*"))),
        ("POST /pools/new", visitor => visitor.Submit("/pools/new", "/pools/new", ("name", "West"), ("isOpen", "true"), ("formKey", Key()))),
        ("POST /pools/{pool:long}/settings", visitor => visitor.Submit("/pools/2/settings", "/pools/2/settings", ("name", "Far west"), ("formKey", Key()))),
        ("POST /api/pools/{pool:long}/customers", visitor => visitor.Json("POST", "/api/pools/1/customers", """{"customers":[1],"reason":"nobody has time"}""")),
        ("POST /api/pools/{pool:long}/claims", visitor => visitor.Json("POST", "/api/pools/1/claims", """{"customers":[1]}""")),
        ("POST /customers/{id:long}/pool", visitor => visitor.Submit("/customers/1", "/customers/1/pool", ("pool", "1"), ("reason", "too far"))),
        ("POST /api/pools/{pool:long}/assignments", visitor => visitor.Json("POST", "/api/pools/1/assignments", """{"customers":[1],"owner":"admin"}""")),
        ("POST /customers/{id:long}/extension", visitor => visitor.Submit("/customers/1", "/customers/1/extension", ("reason", "comes back in May"), ("formKey", Key()))),
        ("POST /pools/{pool:long}/assignments", async visitor =>
        {
            (await visitor.Submit("/customers/1", "/customers/1/pool", ("pool", "1"), ("reason", "too far"))).Dispose();
            return await visitor.Submit("/pools/1", "/pools/1/assignments", ("customer", "1"), ("owner", "admin"));
        }),
        ("POST /pools/{pool:long}/claims", async visitor =>
        {
            (await visitor.Submit("/customers/1", "/customers/1/pool", ("pool", "1"), ("reason", "too far"))).Dispose();
            return await visitor.Submit("/pools/1", "/pools/1/claims", ("count", "1"), ("formKey", Key()));
        }),
    ];

    private static string Pool(string name) => $$"""{"name":"{{name}}","administrators":["admin"],"rules":{"places":["Nowhere"],"staysWithStep":false,"returns":[{"lack":"contact","days":1}]} }""";

    private static string Key() => Guid.CreateVersion7().ToString("N");
}
