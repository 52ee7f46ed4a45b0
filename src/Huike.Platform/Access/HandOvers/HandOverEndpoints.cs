using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Users;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.HandOvers;

/// <summary>Routes of handing over, and of somebody's place in the organisation: both lie on the user's page.</summary>
internal static class HandOverEndpoints
{
    public static void MapHandOvers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/admin/users/{id:long}").RequireAuthorization(Permissions.Organisation);
        group.MapGet("/hand-over", (HttpContext http, HandOverAnswer answer, long id, CancellationToken ct, string to = "") => answer.Show(http, id, to, null, ct));
        group.MapPost("/hand-over", (HttpContext http, HandOverAnswer answer, FormAnswer form, HandOver handOver, long id, IFormCollection posted, CancellationToken ct) =>
        {
            var to = posted["to"].ToString().Trim();
            return form.After(() => handOver.Run(id, to, Places(posted), ct), () => $"/admin/users/{id}", error => answer.Show(http, id, to, error, ct));
        });
        group.MapPost("/place", (HttpContext http, FormAnswer form, PlacePerson place, UserEndpoints.Answer answer, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => place.Run(id, PersonPlace.Read(posted), ct), () => $"/admin/users/{id}", error => answer.Show(http, id, ct, error: error)));
    }

    private static Dictionary<string, long> Places(IFormCollection posted) => posted.Where(pair => pair.Key.StartsWith("place.", StringComparison.Ordinal))
        .Select(pair => (Kind: pair.Key["place.".Length..], Place: long.TryParse(pair.Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : 0)).Where(one => one.Place > 0).ToDictionary(one => one.Kind, one => one.Place);

    /// <summary>The page of handing over: what would go, before it goes.</summary>
    internal sealed class HandOverAnswer(HuikeDb db, HandOver handOver, HandOverKinds kinds, Database database, People people, Texts texts)
    {
        public async Task<IResult> Show(HttpContext http, long id, string to, string? error, CancellationToken ct)
        {
            var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(user => user.Id == id, ct) ?? throw new RuleException("access.user.unknown");
            await using var connection = await database.Open(ct);
            return Pages.Show<HandOverPage>(http, texts["access.handOver.title"], new { From = user, Places = await kinds.Places(connection, ct), Parts = await handOver.DryRun(id, ct), Choices = await people.ToChoose(ct), To = to, Error = error }, FormAnswer.Status(error));
        }
    }
}
