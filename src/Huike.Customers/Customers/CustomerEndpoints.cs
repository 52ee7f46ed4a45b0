using Huike.Customers.Contracts;
using Huike.Customers.Find;
using Huike.Customers.Processing;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Settings;
using Huike.Ui;
using Huike.Ui.Kit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers;

/// <summary>Routes of the list and of the file.</summary>
internal static class CustomerEndpoints
{
    private const string LastPurpose = "huike-export-purpose";

    public static void MapCustomerPages(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/customers").RequireAuthorization(CustomerPermissions.Read);
        read.MapGet("/", List);
        read.MapGet("/export", Export).RequireAuthorization(CustomerPermissions.Export);
        Palette.Map(routes);
    }

    private static async Task<IResult> List(HttpContext http, Texts texts, CustomerList list, SettingsStore settings, Register register, Remembered remembered, FieldReferences references, Shown<CustomerListView> shown, CancellationToken ct)
    {
        var query = CustomerQuery.Read(http.Request.Query, Viewer.Of(http));
        var mayExport = http.User.Holds(CustomerPermissions.Export);
        var firm = await settings.Get<FirmSettings>(ct);
        var (page, columns) = (await list.Page(query, ct), CustomerListColumns.Chosen(http, query.Viewer));
        var names = await references.Names([.. columns.Select(column => column.Own).OfType<CustomField>()], [.. page.Rows.Select(row => row.Own)], http.User.Access(), ct);
        shown.Value = new(query, page, columns, new(texts, firm.Currency, firm.Zone) { Names = names },
            await list.Choices("place", ct), await list.Choices("category", ct), mayExport, http.User.Holds(CustomerPermissions.Create))
        {
            Tags = query.Viewer.SeesInternal ? await list.Tags(ct) : [],
            Purposes = mayExport ? await remembered.Get("purposes", () => register.InUse(ct)) : [],
            LastPurpose = http.Request.Cookies[LastPurpose],
        };
        return Pages.Show<CustomerListPage>(http, texts["customers.list.title"]);
    }

    private static async Task Export(HttpContext http, ExportCustomers export, Register register, CancellationToken ct)
    {
        var purpose = await register.Demand(http.Request.Query["purpose"], ct);
        var workbook = http.Request.Query["format"].ToString() switch { "csv" => false, "xlsx" or "" => true, var other => throw new RuleException("customers.filter.wrong", "format", other) };
        var query = CustomerQuery.Read(http.Request.Query, Viewer.Of(http, RecordAction.Export));
        http.Response.Cookies.Append(LastPurpose, purpose.Code, new() { Path = "/customers", HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), IsEssential = true });
        await export.Run(http, query, CustomerListColumns.Chosen(http, query.Viewer), workbook, purpose, ct);
    }
}
