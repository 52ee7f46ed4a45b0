using System.Globalization;
using Huike.Platform.Access.Sessions;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Access.Tokens;

/// <summary>Routes of tokens: everyone's own, and all for who keeps the accounts.</summary>
internal static class TokenEndpoints
{
    public const string Path = "/admin/tokens";
    public const string OwnPath = "/account/tokens";

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup(Path).RequireAuthorization(Permissions.Users);
        all.MapGet("/", (HttpContext http, Texts texts, TokenRegister tokens, CancellationToken ct, long after = 0) => Show(http, texts, tokens, null, ct, after));
        all.MapPost("/{id:long}/end", (HttpContext http, Texts texts, FormAnswer form, TokenRegister tokens, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => tokens.End(id, only: null, ct), () => Path, error => Show(http, texts, tokens, null, ct, error: error)));
        var own = routes.MapGroup(OwnPath).RequireAuthorization();
        own.MapGet("/", (HttpContext http, Texts texts, TokenRegister tokens, CancellationToken ct, long after = 0) => Show(http, texts, tokens, http.User.UserId(), ct, after));
        own.MapPost("/", Add);
        own.MapPost("/{id:long}/end", (HttpContext http, Texts texts, FormAnswer form, TokenRegister tokens, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => tokens.End(id, http.User.UserId(), ct), () => OwnPath, error => Show(http, texts, tokens, http.User.UserId(), ct, error: error)));
    }

    private static async Task<IResult> Add(HttpContext http, Texts texts, TokenRegister tokens, IFormCollection posted, CancellationToken ct)
    {
        try
        {
            var days = int.TryParse(posted["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            var made = await tokens.Add(http.User.UserId(), posted["name"].ToString().Trim(), days, ct);
            return await Show(http, texts, tokens, http.User.UserId(), ct, made: made);
        }
        catch (RuleException refused)
        {
            return await Show(http, texts, tokens, http.User.UserId(), ct, error: texts[refused.Code, [.. refused.Args]]);
        }
    }

    private static async Task<IResult> Show(HttpContext http, Texts texts, TokenRegister tokens, long? userId, CancellationToken ct, long after = 0, string? made = null, string? error = null) =>
        Pages.Show<TokensPage>(http, texts["access.token.list.title"], new { Shown = await tokens.List(userId, after, ct), IsOwn = userId is not null, Made = made, Error = error }, FormAnswer.Status(error));
}
