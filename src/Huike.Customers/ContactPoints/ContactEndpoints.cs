using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Platform.Access.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.ContactPoints;

/// <summary>Routes of the contact points on a customer's file.</summary>
internal static class ContactEndpoints
{
    public static void MapContactPoints(this IEndpointRouteBuilder routes)
    {
        var edit = routes.MapGroup("/customers/{id:long}").RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        edit.MapPost("/contact-points", async (HttpContext http, long id, ChangeContacts change, IFormCollection form, CancellationToken ct) =>
        {
            var kind = TypedText.Chosen<ContactKind>(form["kind"], "customers.contact.kindWrong");
            await change.Add(FileWriter.Of(http, id) with { Anyway = form["anyway"] == "true" }, ContactPoint.Read(kind, Use(form), form["value"], form["label"]), form["preferred"] == "true", FormKey.Read(form[FormKey.Name]), ct);
            return Back(id);
        });
        edit.MapPost("/contact-points/{point:long}", async (HttpContext http, long id, long point, ChangeContacts change, IFormCollection form, CancellationToken ct) =>
        {
            var version = int.TryParse(form["version"], CultureInfo.InvariantCulture, out var shown) ? shown : 0;
            await change.Change(FileWriter.Of(http, id) with { Anyway = form["anyway"] == "true" }, point, version, old => ContactPoint.Read(old.Kind, Use(form), form["value"], form["label"]), ct);
            return Back(id);
        });
        edit.MapPost("/contact-points/{point:long}/preferred", async (HttpContext http, long id, long point, ChangeContacts change, IFormCollection form, CancellationToken ct) =>
        {
            await change.Change(FileWriter.Of(http, id), point, null, old => old with { IsPreferred = true }, ct);
            return Back(id);
        });
        edit.MapPost("/contact-points/{point:long}/removal", async (HttpContext http, long id, long point, ChangeContacts change, IFormCollection form, CancellationToken ct) =>
        {
            await change.Remove(FileWriter.Of(http, id), point, ct);
            return Back(id);
        });
        edit.MapPost("/reach", async (HttpContext http, long id, SetReach reach, IFormCollection form, CancellationToken ct) =>
        {
            await reach.Run(id, ReachWish.Read(form), FileEndpoints.By(http.User), ct);
            return Back(id);
        });
    }

    private static ContactUse? Use(IFormCollection form) => form["use"].ToString() is { Length: > 0 } use ? TypedText.Chosen<ContactUse>(use, "customers.contact.use.wrong") : null;

    private static RedirectHttpResult Back(long id) => TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{id}#contact-points"));
}
