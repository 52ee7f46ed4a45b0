using Huike.Customers.Contracts;
using Huike.Customers.Exports;
using Huike.Customers.Find;
using Huike.Customers.Views;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
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
    public static void MapCustomerPages(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/customers").RequireAuthorization(CustomerPermissions.Read);
        read.MapGet("/", List);
        read.MapGet("/export", (HttpContext http, TakeExport take, CancellationToken ct) => take.Run(http, ExportedCustomers.Name, ct)).RequireAuthorization(CustomerPermissions.Export);
        Palette.Map(routes);
    }

    private static async Task<IResult> List(HttpContext http, Texts texts, CustomerList list, ShowList show, SettingsStore settings, Shown<CustomerListView> shown, CancellationToken ct)
    {
        if (await show.First(http, ct) is { } first) { return TypedResults.LocalRedirect(first); }
        var asked = await AskedList.Read(http, ct);
        var query = CustomerQuery.Read(asked.Query, Viewer.Of(http));
        var shape = ListShape.Read(asked.Query, query.Viewer);
        var firm = await settings.Get<FirmSettings>(ct);
        // Groups, boards and lists by place show no rows of their own.
        var page = shape is { Kind: ListKind.Table, Group: null } ? await list.Page(query, ct) : new([], 0, 0, false, null, null);
        var mayExport = http.User.Holds(CustomerPermissions.Export);
        var view = new CustomerListView(query, page, CustomerListColumns.Chosen(http, query.Viewer, asked.Query), new(texts, firm.Currency, firm.Zone),
            await list.Choices("place", ct), await list.Choices("category", ct), mayExport, http.User.Holds(CustomerPermissions.Create))
        {
            Asked = asked,
            Shape = shape,
            Tags = query.Viewer.SeesInternal ? await list.Tags(ct) : [],
        };
        shown.Value = await show.Run(http, view, ct);
        return Pages.Show<CustomerListPage>(http, texts["customers.list.title"], new
        {
            Editable = CellEndpoints.Editable(http, view.Columns),
            IsOwn = asked.View?.OwnerId == http.User.Access().UserId,
            IsMovable = shape.Group is { } group && Board.IsMovable(http, group.Name),
        });
    }
}
