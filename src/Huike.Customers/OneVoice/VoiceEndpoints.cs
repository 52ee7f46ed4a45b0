using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.OneVoice;

/// <summary>Routes of contacts with one customer.</summary>
internal static class VoiceEndpoints
{
    public static void MapVoice(this IEndpointRouteBuilder routes)
    {
        var edit = routes.MapGroup("/customers").RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        edit.MapPost("/{id:long}/notes", async (HttpContext http, long id, TellContact tell, IFormCollection posted, CancellationToken ct) =>
        {
            var untold = await tell.Run(id, posted, FileEndpoints.By(http.User), ct);
            return TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{id}{(untold.Count == 0 ? "" : "?untold=" + string.Join(',', untold.Select(who => who.Id)))}"));
        });
        edit.MapPost("/{id:long}/contact", async (HttpContext http, long id, BeginContact begin, ShowFile show, Shown<CustomerFile> shown, IFormCollection posted, CancellationToken ct) =>
        {
            var asked = new ContactQuestion(id, (http.User.Access().UserId, FileEndpoints.By(http.User)), ContactIntent.Read(posted["channel"], posted["purpose"]));
            if (await begin.Run(asked, posted["anyway"] == "true", ct) is not { } against) { return (IResult)FileEndpoints.Back(id); }
            await show.Run(http, id, ct);
            shown.Value = shown.Value with { Against = against };
            return Pages.Show<CustomerFilePage>(http, shown.Value.Name, status: StatusCodes.Status409Conflict);
        });
        edit.MapPost("/{id:long}/contact/end", async (long id, BeginContact begin, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await begin.GiveUp(id, ct);
            return FileEndpoints.Back(id);
        });
    }
}
