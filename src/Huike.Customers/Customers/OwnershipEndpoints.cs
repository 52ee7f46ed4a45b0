using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Processing;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Shares;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers;

/// <summary>Routes of who looks after a customer, with whom the file is shared, and what of it is shown.</summary>
internal static class OwnershipEndpoints
{
    public static void MapOwnership(this IEndpointRouteBuilder routes)
    {
        var one = routes.MapGroup("/customers/{id:long}");
        one.MapPost("/owner", async (long id, AssignCustomer assign, IFormCollection form, CancellationToken ct) =>
        {
            await assign.Run(id, form["owner"].ToString().Trim(), ct);
            return Back(id);
        }).RequireRecord(CustomerPermissions.Records, RecordAction.Assign);
        one.MapPost("/removal", async (HttpContext http, long id, RemoveCustomer remove, IFormCollection form, CancellationToken ct) =>
        {
            await remove.Run(id, FileEndpoints.By(http.User), ct);
            return TypedResults.LocalRedirect("/customers");
        }).RequireRecord(CustomerPermissions.Records, RecordAction.Delete);
        one.MapPost("/shares", async (long id, ShareRecords shares, Register register, IFormCollection form, CancellationToken ct) =>
        {
            var purpose = await register.Demand(form["purpose"], ct);
            var unit = long.TryParse(form["unit"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            await shares.Add(CustomerPermissions.Records, id, new(form["person"].ToString().Trim(), unit, form["edit"] == "true", form["until"].ToString(), purpose.Code, form["reason"].ToString().Trim()), ct);
            return Back(id);
        }).RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        one.MapPost("/shares/{share:long}/end", async (long id, long share, ShareRecords shares, IFormCollection form, CancellationToken ct) =>
        {
            await shares.End(CustomerPermissions.Records, id, share, ct);
            return Back(id);
        }).RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        one.MapPost("/reveal", Reveal).RequireRecord(CustomerPermissions.Records, RecordAction.Read);
    }

    private static async Task<IResult> Reveal(HttpContext http, long id, RevealField reveal, ShowFile show, Shown<CustomerFile> shown, IFormCollection form, CancellationToken ct)
    {
        var field = form["field"].ToString();
        var value = await reveal.Run(http.User.Access(), id, field, form["reason"].ToString().Trim(), ct);
        await show.Run(http, id, ct);
        shown.Value = shown.Value with { Revealed = (field.Split('-')[0], value ?? "") };
        return Pages.Show<CustomerFilePage>(http, shown.Value.Name);
    }

    private static RedirectHttpResult Back(long id) => TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{id}"));
}
