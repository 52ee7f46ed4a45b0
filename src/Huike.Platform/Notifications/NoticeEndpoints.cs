using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Sessions;
using Huike.Ui;
using Huike.Ui.Kit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Notifications;

/// <summary>Routes of notices: one's own alone.</summary>
internal static class NoticeEndpoints
{
    public const string Path = "/notifications";
    public const string ChoicesPath = "/account/notifications";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization();
        group.MapGet("/", async (HttpContext http, Texts texts, NoticeList list, CancellationToken ct, string show = "", string before = "") =>
        {
            await list.Read(http.User.Access(), NoticeQuery.Read(show, before), ct);
            return Pages.Show<NoticeListPage>(http, texts["notice.list.title"]);
        });
        group.MapGet("/bell", async (HttpContext http, ICountUnread count) => Pages.Fragment<Bell>(http, new { Unread = await count.Of(http) }));
        group.MapPost("/{id:long}/open", async (HttpContext http, MarkRead mark, long id, [FromForm] string? confirm, CancellationToken ct) =>
            TypedResults.LocalRedirect(await mark.One(http.User.UserId(), id, ct) is { Length: > 0 } href ? href : Path));
        group.MapPost("/read", async (HttpContext http, MarkRead mark, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await mark.All(http.User.UserId(), ct);
            return TypedResults.LocalRedirect(Path);
        });
        var choices = routes.MapGroup(ChoicesPath).RequireAuthorization();
        choices.MapGet("/", (HttpContext http, Texts texts, NoticeChoices own, CancellationToken ct) => Choices(http, texts, own, null, ct));
        choices.MapPost("/", (HttpContext http, Texts texts, FormAnswer answer, NoticeChoices own, IFormCollection form, CancellationToken ct) =>
            answer.After(() => own.Save(http.User.UserId(), form, ct), () => ChoicesPath, error => Choices(http, texts, own, error, ct)));
    }

    private static async Task<IResult> Choices(HttpContext http, Texts texts, NoticeChoices own, string? error, CancellationToken ct)
    {
        await own.Read(http.User.UserId(), ct);
        return Pages.Show<NoticeChoicesPage>(http, texts["notice.choices.title"], new { Error = error }, FormAnswer.Status(error));
    }
}
