using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Access.Limits;

/// <summary>Changes how often one may try and how long things hold. In force at the next request, on other nodes within five seconds; for links that were made and cookies that were given, the earlier of old and new.</summary>
internal sealed class SaveLimits(SettingsStore settings)
{
    private const string Path = "/admin/sign-in";

    /// <returns>Names of fields that can't be taken; empty where all was saved.</returns>
    public async Task<IReadOnlyList<string>> Run(IFormCollection form, string by, CancellationToken ct)
    {
        var read = LimitField.All.Select(field => (Field: field, Value: field.Read(form[field.Name]))).ToList();
        var wrong = read.Where(one => one.Value is null).Select(one => one.Field.Name).ToList();
        if (wrong.Count == 0) { await settings.Save(read.Aggregate(await settings.Get<SignInSettings>(ct), (now, one) => one.Field.With(now, one.Value!.Value)), by, ct); }
        return wrong;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization(Permissions.Users);
        group.MapGet("/", (HttpContext http, Texts texts) => Pages.Show<LimitsPage>(http, texts["access.limit.title"]));
        group.MapPost("/", async (HttpContext http, Texts texts, SaveLimits save, IFormCollection form, CancellationToken ct) =>
        {
            var wrong = await save.Run(form, http.User.Identity!.Name!, ct);
            return Pages.Show<LimitsPage>(http, texts["access.limit.title"], new { Wrong = wrong, Form = form, IsSaved = wrong.Count == 0 }, wrong.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
        });
    }
}
