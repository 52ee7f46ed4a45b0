namespace Huike.IntegrationTests.Platform.Audit;

/// <summary>Of each route that writes a part of a customer's file, one request that does, for <see cref="EntriesTests"/>; in order, on customers 1 and 2.</summary>
internal static class FileWrites
{
    public static readonly (string Route, Func<Visitor, Task<HttpResponseMessage>> Done)[] Forms =
    [
        ("POST /customers/{id:long}/tags", visitor => visitor.Submit("/customers/1", "/customers/1/tags", ("tag", "VIP，展会"))),
        ("POST /customers/{id:long}/tags/removal", visitor => visitor.Submit("/customers/1", "/customers/1/tags/removal", ("tag", "vip"))),
        ("POST /customers/{id:long}/former-names", visitor => visitor.Submit("/customers/1", "/customers/1/former-names", ("name", "张君宝"))),
        ("POST /customers/{id:long}/former-names/{former:long}/removal", visitor => visitor.Submit("/customers/1", "/customers/1/former-names/1/removal", ("confirm", "true"))),
        ("POST /customers/{id:long}/people", visitor => visitor.Submit("/customers/1", "/customers/1/people", ("name", "王芳"), ("role", "payer"), ("influence", "high"), ("formKey", Key()))),
        ("POST /customers/{id:long}/people/{post:long}", visitor => visitor.Submit("/customers/1", "/customers/1/people/1", ("name", "王方"), ("version", "1"), ("role", "payer"), ("influence", "high"), ("formKey", Key()))),
        ("POST /customers/{id:long}/people/{post:long}/removal", async visitor =>
        {
            (await visitor.Submit("/customers/1", "/customers/1/people", ("name", "马超"), ("role", "payer"), ("influence", "high"), ("formKey", Key()))).Dispose();
            return await visitor.Submit("/customers/1", "/customers/1/people/1/removal", ("confirm", "true"));
        }),
        ("POST /customers/{id:long}/relations", visitor => visitor.Submit("/customers/1", "/customers/1/relations", ("relation", "referrer"), ("number", "C0000001"), ("formKey", Key()))),
        ("POST /customers/{id:long}/relations/{relation:long}", visitor => visitor.Submit("/customers/1", "/customers/1/relations/1", ("since", "2020-01-31"), ("version", "1"))),
        ("POST /customers/{id:long}/relations/{relation:long}/removal", async visitor =>
        {
            (await visitor.Submit("/customers/1", "/customers/1/relations", ("relation", "influenced"), ("number", "C0000001"), ("formKey", Key()))).Dispose();
            return await visitor.Submit("/customers/1", "/customers/1/relations/1/removal", ("confirm", "true"));
        }),
        ("POST /customers/{id:long}/addresses", visitor => visitor.Submit("/customers/1", "/customers/1/addresses", ("use", "office"), ("province", "44"), ("city", "4403"), ("detail", "科技园路1号"), ("formKey", Key()))),
        ("POST /customers/{id:long}/addresses/{address:long}", visitor => visitor.Submit("/customers/1", "/customers/1/addresses/1", ("use", "home"), ("detail", "Main Street 1"), ("version", "1"), ("formKey", Key()))),
        ("POST /customers/{id:long}/addresses/{address:long}/preferred", async visitor =>
        {
            (await visitor.Submit("/customers/1", "/customers/1/addresses", ("use", "delivery"), ("detail", "Market Square 2"), ("formKey", Key()))).Dispose();
            return await visitor.Submit("/customers/1", "/customers/1/addresses/2/preferred", ("confirm", "true"));
        }),
        ("POST /customers/{id:long}/addresses/{address:long}/removal", visitor => visitor.Submit("/customers/1", "/customers/1/addresses/1/removal", ("confirm", "true"))),
        ("POST /customers/{id:long}/invoice-titles", visitor => visitor.Submit("/customers/1", "/customers/1/invoice-titles", ("kind", "person"), ("name", "张三"), ("formKey", Key()))),
        ("POST /customers/{id:long}/invoice-titles/{title:long}", visitor => visitor.Submit("/customers/1", "/customers/1/invoice-titles/1", ("kind", "organisation"), ("name", "回客电器有限公司"), ("taxNumber", "91440300708461136T"), ("version", "1"), ("formKey", Key()))),
        ("POST /customers/{id:long}/invoice-titles/{title:long}/preferred", async visitor =>
        {
            (await visitor.Submit("/customers/1", "/customers/1/invoice-titles", ("kind", "person"), ("name", "李四"), ("formKey", Key()))).Dispose();
            return await visitor.Submit("/customers/1", "/customers/1/invoice-titles/2/preferred", ("confirm", "true"));
        }),
        ("POST /customers/{id:long}/invoice-titles/{title:long}/removal", visitor => visitor.Submit("/customers/1", "/customers/1/invoice-titles/1/removal", ("confirm", "true"))),
        ("POST /customers/{id:long}/relationship", visitor => visitor.Submit("/customers/1", "/customers/1/relationship", ("type", "proactive"), ("reason", "asks often"))),
        ("POST /customers/{id:long}/bonds", visitor => visitor.Submit("/customers/1", "/customers/1/bonds", ("kind", "social"), ("what", "knows our founder"), ("formKey", Key()))),
        ("POST /customers/{id:long}/bonds/{bond:long}/removal", visitor => visitor.Submit("/customers/1", "/customers/1/bonds/1/removal", ("confirm", "true"))),
        ("POST /customers/{id:long}/moments", visitor => visitor.Submit("/customers/1", "/customers/1/moments", ("kind", "delight"), ("what", "flowers"), ("formKey", Key()))),
        ("POST /customers/{id:long}/moments/{moment:long}/removal", visitor => visitor.Submit("/customers/1", "/customers/1/moments/1/removal", ("confirm", "true"))),
        ("POST /customers/{id:long}/retention-plan", visitor => visitor.Submit("/customers/1", "/customers/1/retention-plan", ("goal", "a second line"), ("next", "structural"), ("review", "2030-01-31"), ("step", "show the report"), ("due", "2030-01-01"), ("version", "0"), ("formKey", Key()))),
        ("POST /customers/{id:long}/retention-plan/removal", visitor => visitor.Submit("/customers/1", "/customers/1/retention-plan/removal", ("version", "1"))),
    ];

    public static readonly (string Route, Func<Visitor, Task<HttpResponseMessage>> Done)[] Programs =
    [
        ("PUT /api/customers/{id:long}/tags", visitor => visitor.Json("PUT", "/api/customers/1/tags", """{"tags":["VIP"]}""", AnyVersion)),
        ("POST /api/customers/{id:long}/former-names", visitor => visitor.Json("POST", "/api/customers/1/former-names", """{"name":"张通"}""")),
        ("DELETE /api/customers/{id:long}/former-names/{former:long}", visitor => visitor.Json("DELETE", "/api/customers/1/former-names/2", headers: AnyVersion)),
        ("POST /api/customers/{id:long}/people", visitor => visitor.Json("POST", "/api/customers/1/people", """{"name":"赵云"}""")),
        ("PATCH /api/customers/{id:long}/people/{part:long}", visitor => visitor.Json("PATCH", "/api/customers/1/people/3", """{"title":"general"}""", AnyVersion)),
        ("DELETE /api/customers/{id:long}/people/{part:long}", visitor => visitor.Json("DELETE", "/api/customers/1/people/3", headers: AnyVersion)),
        ("POST /api/customers/{id:long}/relations", visitor => visitor.Json("POST", "/api/customers/1/relations", """{"relation":"influencer","other":2}""")),
        ("PATCH /api/customers/{id:long}/relations/{part:long}", visitor => visitor.Json("PATCH", "/api/customers/1/relations/3", """{"note":"old friends"}""", AnyVersion)),
        ("DELETE /api/customers/{id:long}/relations/{part:long}", visitor => visitor.Json("DELETE", "/api/customers/1/relations/3", headers: AnyVersion)),
        ("POST /api/customers/{id:long}/addresses", visitor => visitor.Json("POST", "/api/customers/1/addresses", """{"text":"张三 13800138000 广东省深圳市南山区粤海街道科技园路1号"}""")),
        ("PATCH /api/customers/{id:long}/addresses/{part:long}", visitor => visitor.Json("PATCH", "/api/customers/1/addresses/3", """{"postcode":"518000"}""", AnyVersion)),
        ("DELETE /api/customers/{id:long}/addresses/{part:long}", visitor => visitor.Json("DELETE", "/api/customers/1/addresses/3", headers: AnyVersion)),
        ("POST /api/customers/{id:long}/invoice-titles", visitor => visitor.Json("POST", "/api/customers/1/invoice-titles", """{"text":"名称：回客贸易有限公司\n税号：440300708461136"}""")),
        ("PATCH /api/customers/{id:long}/invoice-titles/{part:long}", visitor => visitor.Json("PATCH", "/api/customers/1/invoice-titles/3", """{"taxNumber":"91440300708461136T"}""", AnyVersion)),
        ("DELETE /api/customers/{id:long}/invoice-titles/{part:long}", visitor => visitor.Json("DELETE", "/api/customers/1/invoice-titles/3", headers: AnyVersion)),
        ("PUT /api/customers/{id:long}/relationship", visitor => visitor.Json("PUT", "/api/customers/1/relationship", """{"type":"basic","reason":"buys once"}""", AnyVersion)),
        ("POST /api/customers/{id:long}/bonds", visitor => visitor.Json("POST", "/api/customers/1/bonds", """{"kind":"financial","what":"yearly bonus"}""")),
        ("DELETE /api/customers/{id:long}/bonds/{bond:long}", async visitor => await visitor.Json("DELETE", $"/api/customers/1/bonds/{await Newest(visitor, "bonds")}", headers: AnyVersion)),
        ("POST /api/customers/{id:long}/moments", visitor => visitor.Json("POST", "/api/customers/1/moments", """{"kind":"favour-to-us","what":"spoke for us"}""")),
        ("DELETE /api/customers/{id:long}/moments/{moment:long}", async visitor => await visitor.Json("DELETE", $"/api/customers/1/moments/{await Newest(visitor, "moments")}", headers: AnyVersion)),
    ];

    private static (string, string) AnyVersion => ("If-Match", "*");

    private static async Task<long> Newest(Visitor visitor, string part) => (long)System.Text.Json.Nodes.JsonNode.Parse(await visitor.Text("/api/customers/1/" + part))!["rows"]![0]!["id"]!;

    private static string Key() => Guid.CreateVersion7().ToString("N");
}
