using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Customers.Tags;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.People;

/// <summary>Routes of the contacts on a customer's file.</summary>
internal static class PeopleEndpoints
{
    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var edit = routes.MapGroup("/customers/{id:long}/people").RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        edit.MapPost("/", async (HttpContext http, long id, ChangePeople change, IFormCollection form, CancellationToken ct) =>
        {
            await change.Add(FileWriter.Of(http, id), Read(form), FormKey.Read(form[FormKey.Name]), ct);
            return Back(id);
        });
        edit.MapPost("/{post:long}", async (HttpContext http, long id, long post, ChangePeople change, IFormCollection form, CancellationToken ct) =>
        {
            var version = int.TryParse(form["version"], CultureInfo.InvariantCulture, out var shown) ? shown : 0;
            await change.Change(FileWriter.Of(http, id), post, version, _ => Read(form), ct);
            return Back(id);
        });
        edit.MapPost("/{post:long}/removal", async (HttpContext http, long id, long post, ChangePeople change, IFormCollection form, CancellationToken ct) =>
        {
            await change.Remove(FileWriter.Of(http, id), post, ct);
            return Back(id);
        });
        routes.MapFileParts<ChangePeople, PersonInput, PersonInput, PersonRecord>("people", ("Person", "People"));
    }

    private static Contact Read(IFormCollection form) => Contact.Read(form["name"], form["title"], form["preferences"], (form["phone"], form["email"], form["wechat"])) with
    {
        Role = TypedText.Chosen<PostRole>(form["role"], "customers.person.roleWrong"),
        Influence = TypedText.Chosen<Influence>(form["influence"], "customers.person.influenceWrong"),
        IsMain = form["main"] == "true",
        Birthday = Birthday.Read(form["calendar"] == "lunar" ? BirthCalendar.Lunar : BirthCalendar.Solar, Number(form["year"]), Number(form["month"]), Number(form["day"]), form["leap"] == "true"),
    };

    private static int? Number(string? text) => TypedText.Clean(text) is not { Length: > 0 } typed ? null : int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static RedirectHttpResult Back(long id) => TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{id}#people"));
}
