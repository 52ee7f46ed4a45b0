using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Huike.IntegrationTests.Web;

/// <summary>Requests as nobody's browser sends them: real routes with values that break careless programs. The same numbers give the same requests.</summary>
/// <param name="random">Decides everything.</param>
/// <param name="routes">What there is to ask for.</param>
internal sealed class Hostile(Random random, IReadOnlyList<AppRoute> routes)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "QUERY"];

    private static readonly string[] Names =
    [
        "q", "tier", "stage", "kind", "place", "category", "rfm", "cohort", "contribution", "top", "sort", "dir", "limit", "after", "before", "columns", "format", "period", "by", "from", "to", "at", "number",
        "name", "phone", "email", "address", "contact", "remark", "creditCode", "version", "key", "text", "note", "due", "until", "reason", "displayName", "permission", "password", "present", "next", "code",
        "returnUrl", "back", "theme", "lang", "action", "actor", "record", "source", "mapping", "mappingName", "dropDuplicates", "cancelledPrefix", "margins", "defaultMargin", "nightlyHour", "files", "id", "purpose", "channel", "way", "proof", "given", "on", "customer", "identity", "received", "details", "outcome", "words", "confirm", "answer", "unit", "ledgerYears", "basis", "persons", "retired", "chinese", "english", "dry", "view", "formKey", "x",
    ];

    private static readonly string[] Values =
    [
        "", " ", "0", "-1", "1", "2", "50", "200", "201", "2147483648", "9223372036854775807", "9223372036854775808", "1e309", "-1e309", "NaN", "Infinity", "-0", "0x10", "١٢٣", "null", "true", "on",
        "' or '1'='1", "1; drop table customers_customer--", "\" onmouseover=\"x", "<script>alert(1)</script>", "{{7*7}}", "{0}", "%s%n%x", "../../../etc/passwd", "..\\..\\x", "\0", "a\0b", "\uFFFF", "\u202E",
        "2026-11-22", "2026-02-30", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59.9999999Z", "24:00", "=cmd|' /C calc'!A0", "sales:0.2", "sales:-1", "sales:1e9", "contribution:0", "55", "06", "first-time-buyer",
        "platinum", "asc", "desc", "name", "relevance", "risk", "xlsx", "csv", "WyJ4Il0", "WyJuYW1lKyIsIjQ5IiwiYSIsIjEiXQ", "negative", "*", "%", "_", "张三", "zhang", "13800138000", "//evil.example", "/\\evil", "javascript:alert(1)",
        new('9', 400), new('长', 3000), string.Concat(Enumerable.Repeat("💥", 60)), "a,b\r\nc,d\r\n", "1,5", "1.234.567,89", "𠮷", "é", "e\u0301",
    ];

    /// <summary>The next request; <paramref name="token"/> is one that forms of this session carry.</summary>
    public HttpRequestMessage Next(string token)
    {
        var route = routes[random.Next(routes.Count)];
        // A null in a path is refused by the server before the program is asked, and the connection with it.
        var path = route.With(_ => random.Next(10) < 6 ? "1" : Escaped(Value().Replace("\0", "", StringComparison.Ordinal)));
        if (random.Next(20) == 0) { path = path.TrimEnd('/') + "/x" + Escaped(Value().Replace("\0", "", StringComparison.Ordinal)); }
        var query = string.Join('&', Enumerable.Range(0, random.Next(5)).Select(_ => $"{Name()}={(random.Next(15) == 0 ? Broken() : Escaped(Value()))}"));
        var request = new HttpRequestMessage(new HttpMethod(random.Next(8) == 0 ? Pick(Methods) : route.Method), query.Length > 0 ? $"{path}?{query}" : path);
        if (request.Method.Method is "POST" or "PUT" or "PATCH" or "QUERY") { request.Content = Body(token); }
        if (random.Next(4) == 0) { request.Headers.TryAddWithoutValidation("HX-Request", "true"); }
        if (random.Next(6) == 0) { request.Headers.TryAddWithoutValidation(Pick(["Accept-Language", "X-Forwarded-For", "X-Forwarded-Proto", "Accept-Encoding", "Accept", "Range", "If-None-Match", "Sec-Fetch-Site", "User-Agent"]), Plain(Value())); }
        return request;
    }

    /// <summary>Further cookies of the program's own, with any value.</summary>
    public string Cookies() => random.Next(8) == 0 ? $"; {Pick(["theme", "lang", "huike-columns-customers", "huike-columns-products", "columns"])}={Plain(Value()).Replace(';', '.').Replace(',', '.')}" : "";

    private HttpContent Body(string token)
    {
        switch (random.Next(12))
        {
            case 0: return new StringContent(Value() + Value(), Encoding.UTF8, "application/json");
            case 1:
                var bytes = new byte[random.Next(300)];
                random.NextBytes(bytes);
                var raw = new ByteArrayContent(bytes);
                raw.Headers.ContentType = new MediaTypeHeaderValue(Pick(["application/x-www-form-urlencoded", "text/csv", "application/octet-stream"]));
                return raw;
            case 2 or 3:
                var form = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" } };
                foreach (var (name, value) in Fields()) { form.Add(new StringContent(value), name); }
                form.Add(new StringContent($"customer,date,document,amount\r\nK1,{Value()},D1,{Value()}\r\n{Value()},2026-01-01,D2,5\r\n"), "files", $"{Plain(Value()).Replace('"', '.')}.csv");
                return form;
            default:
                return new FormUrlEncodedContent(Fields().Prepend(("__RequestVerificationToken", random.Next(12) == 0 ? Value() : token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        }
    }

    private IEnumerable<(string, string)> Fields() => Enumerable.Range(0, random.Next(8)).Select(_ => (Name(), Value()));

    private string Name() => random.Next(25) == 0 && Escaped(Value()) is { Length: > 0 } invented ? invented : Pick(Names);

    private string Value()
    {
        var value = Pick(Values);
        return random.Next(6) switch
        {
            0 => value + Pick(Values),
            1 when value.Length > 1 => value[..random.Next(1, value.Length)],
            2 when value.Length > 0 => value.Insert(random.Next(value.Length), ((char)random.Next(1, 0xD800)).ToString()),
            3 => random.NextInt64().ToString(CultureInfo.InvariantCulture),
            _ => value,
        };
    }

    /// <summary>Bytes that are no text, or a null within one.</summary>
    private string Broken() => Pick(["%FF%FE", "%C0%80", "%00", "%ED%A0%80", "a%00b", "%F4%90%80%80", "+%2B+"]);

    private string Pick(string[] some) => some[random.Next(some.Length)];

    private static string Escaped(string value) => Uri.EscapeDataString(value);

    private static string Plain(string value) => string.Concat(value.Where(letter => letter is >= ' ' and < (char)127)).Trim() is { Length: > 0 } plain ? plain : "x";
}
