namespace Huike.IntegrationTests.Platform.Audit;

/// <summary>Requests of the routes of exports that write.</summary>
internal static class ExportWrites
{
    /// <summary>Need a file that was made (ExportTests), or only read.</summary>
    public static readonly string[] Elsewhere = ["POST /exports/{export:long}/file", "POST /exports/{export:long}/cancel", "POST /exports/whose"];

    public static readonly (string Route, Func<Visitor, Task<HttpResponseMessage>> Done)[] All =
    [
        ("POST /exports", visitor => visitor.Submit("/exports/new?of=customers", "/exports", ("of", "customers"), ("list", ""), ("columns", "number.phone"), ("why", "sales"), ("words", "for the fair"), ("format", "csv"), ("formKey", Guid.CreateVersion7().ToString("N")))),
        ("POST /admin/exports", visitor => visitor.Submit("/admin/exports", "/admin/exports", ("version", "0"), ("rule0-name", "everything"), ("rule0-verdict", "allow"), ("rule0-downloads", "1"), ("rule0-days", "1"))),
    ];
}
