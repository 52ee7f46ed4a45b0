using Huike.Platform.Access.Sessions;
using Huike.Platform.Access.Users;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Access.SecondFactors;

internal static class SecondFactorEndpoints
{
    public static void MapSecondFactor(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in/code", SecondStep.Show).AllowAnonymous();
        routes.MapPost("/sign-in/code", SecondStep.Post).AllowAnonymous();
        var group = routes.MapGroup("/account/second-factor").RequireAuthorization();
        group.MapGet("/", (HttpContext http, Texts texts, SecondFactor factor) => Offer(http, texts, factor, SecondFactor.NewKey(), error: null));
        group.MapPost("/", TurnOn);
        group.MapPost("/off", (HttpContext http, AccountEndpoints.Account account, SecondFactor factor, CheckPassword check, UserChange change, IFormCollection form, CancellationToken ct) => account.Try(http, async () =>
        {
            var user = await check.Again(http, form["present"].ToString());
            await change.Alone(async () => { await factor.TurnOff(user); return user; }, _ => UserChange.Entry("second-factor-off", user.Id), ct);
            return Results.Redirect("/account");
        }, ct));
        group.MapPost("/codes", (HttpContext http, Texts texts, AccountEndpoints.Account account, SecondFactor factor, CheckPassword check, UserChange change, IFormCollection form, CancellationToken ct) => account.Try(http, async () =>
        {
            var user = await check.Again(http, form["present"].ToString());
            return Codes(http, texts, await change.Alone(() => factor.NewRecoveryCodes(user), _ => UserChange.Entry("recovery-codes-made", user.Id), ct));
        }, ct));
        routes.MapPost("/admin/users/{id:long}/second-factor/off", (HttpContext http, UserEndpoints.Answer answer, UserChange change, SecondFactor factor, long id, IFormCollection form, CancellationToken ct) =>
            answer.After(http, id, () => change.Run(http.User, id, "second-factor-off", (user, _) => factor.TurnOff(user), ct), ct)).RequireAuthorization(Permissions.Users);
    }

    private static async Task<IResult> TurnOn(HttpContext http, Texts texts, SecondFactor factor, CheckPassword check, UserChange change, IFormCollection form, CancellationToken ct)
    {
        var pending = form["pending"].ToString();
        try
        {
            var user = await check.Again(http, form["present"].ToString());
            return Codes(http, texts, await change.Alone(() => factor.TurnOn(user, pending, form["code"].ToString()), _ => UserChange.Entry("second-factor-on", user.Id), ct));
        }
        catch (RuleException refused)
        {
            // The phone has this key already: the same one comes back.
            return Offer(http, texts, factor, factor.Open(pending, http.User.UserId()) ?? SecondFactor.NewKey(), texts[refused.Code]);
        }
    }

    private static IResult Offer(HttpContext http, Texts texts, SecondFactor factor, byte[] key, string? error) => Pages.Show<TurnOnPage>(http, texts["access.factor.on"], new
    {
        Address = SecondFactor.Address(key, texts["shell.product.name"], http.User.Identity!.Name!),
        Key = string.Join(' ', SecondFactor.Base32(key).Chunk(4).Select(four => new string(four))),
        Pending = factor.Seal(key, http.User.UserId()),
        Error = error,
    }, error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private static IResult Codes(HttpContext http, Texts texts, IReadOnlyList<string> codes) =>
        Pages.Show<RecoveryCodesPage>(http, texts["access.factor.codes"], new { Codes = codes });
}
