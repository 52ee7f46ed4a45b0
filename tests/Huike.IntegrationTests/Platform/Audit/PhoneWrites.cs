namespace Huike.IntegrationTests.Platform.Audit;

/// <summary>Requests that write for phones.</summary>
internal static class PhoneWrites
{
    /// <summary>What phones send themselves is looked at in PhoneBookTests.</summary>
    public static readonly string[] Elsewhere = ["POST /customers/vcards", "OPTIONS /dav/{**rest}", "REPORT /dav/books/customers", "PUT /dav/books/customers/{name}", "DELETE /dav/books/customers/{name}"];

    public static readonly (string Route, Func<Visitor, Task<HttpResponseMessage>> Done)[] All =
    [
        ("POST /customers/vcards/taking", visitor => visitor.Submit("/customers/vcards", "/customers/vcards/taking", ("cards", "BEGIN:VCARD\nVERSION:3.0\nFN:Mei\nEND:VCARD\n"), ("card", "0"), ("formKey", Guid.CreateVersion7().ToString("N")))),
        ("POST /account/phone-book", visitor => visitor.Submit("/account/phone-book", "/account/phone-book", ("name", "phone"), ("formKey", Guid.CreateVersion7().ToString("N")))),
        ("POST /account/phone-book/{key:long}/end", async visitor =>
        {
            var page = await visitor.Page("/account/phone-book");
            return await visitor.Submit("/account/phone-book", page.QuerySelector("form[action$='/end']")!.GetAttribute("action")!, ("confirm", "true"));
        }),
    ];
}
