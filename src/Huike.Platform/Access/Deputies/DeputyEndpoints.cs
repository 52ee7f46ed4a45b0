using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Access.Deputies;

/// <summary>Routes of deputies: an administrator appoints anybody's, everyone his own.</summary>
internal static class DeputyEndpoints
{
    public const string Path = "/admin/deputies";

    public static void MapDeputies(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization(Permissions.Organisation);
        group.MapGet("/", (HttpContext http, DeputyAnswer answer, CancellationToken ct, long after = 0) => answer.Show(http, null, after, null, ct));
        group.MapPost("/", (HttpContext http, DeputyAnswer answer, FormAnswer form, IFormCollection posted, CancellationToken ct) =>
            form.After(() => answer.Appoint(http, posted, ct), () => Path, error => answer.Show(http, null, 0, error, ct)));
        group.MapPost("/{id:long}/end", (HttpContext http, DeputyAnswer answer, FormAnswer form, DeputyRegister deputies, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => deputies.End(id, only: null, ct), () => Path, error => answer.Show(http, null, 0, error, ct)));
        var own = routes.MapGroup("/account/deputies").RequireAuthorization();
        own.MapGet("/", (HttpContext http, DeputyAnswer answer, CancellationToken ct, long after = 0) => answer.Show(http, http.User.UserId(), after, null, ct));
        own.MapPost("/", (HttpContext http, DeputyAnswer answer, FormAnswer form, DeputyRegister deputies, IFormCollection posted, CancellationToken ct) =>
            form.After(() => deputies.Appoint(http.User.UserId(), posted["deputy"].ToString().Trim(), posted["from"].ToString(), posted["until"].ToString(), posted["reason"].ToString().Trim(), ct),
                () => "/account/deputies", error => answer.Show(http, http.User.UserId(), 0, error, ct)));
        own.MapPost("/{id:long}/end", (HttpContext http, DeputyAnswer answer, FormAnswer form, DeputyRegister deputies, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => deputies.End(id, http.User.UserId(), ct), () => "/account/deputies", error => answer.Show(http, http.User.UserId(), 0, error, ct)));
    }

    /// <summary>The page of deputies.</summary>
    internal sealed class DeputyAnswer(DeputyRegister deputies, People people, Data.Database database, SettingsStore settings, Texts texts)
    {
        /// <param name="http">The request.</param>
        /// <param name="userId">Whose; null for everybody's.</param>
        /// <param name="after">Number of the last one before the page.</param>
        /// <param name="error">What is wrong.</param>
        /// <param name="ct">Ends the read.</param>
        public async Task<IResult> Show(HttpContext http, long? userId, long after, string? error, CancellationToken ct) =>
            Pages.Show<DeputiesPage>(http, texts["access.deputy.list.title"], new
            {
                Shown = await deputies.List(userId, after, ct),
                Own = userId,
                Choices = await people.ToChoose(ct),
                (await settings.Get<FirmSettings>(ct)).Zone,
                Error = error,
            }, FormAnswer.Status(error));

        public async Task Appoint(HttpContext http, IFormCollection posted, CancellationToken ct)
        {
            await using var connection = await database.Open(ct);
            var name = posted["for"].ToString().Trim();
            await deputies.Appoint((await Owner.Find(connection, name, ct)).Id, posted["deputy"].ToString().Trim(), posted["from"].ToString(), posted["until"].ToString(), posted["reason"].ToString().Trim(), ct);
        }
    }
}
