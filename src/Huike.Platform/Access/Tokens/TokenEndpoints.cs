using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Tokens;

/// <summary>Routes of tokens: everyone's own, and all, with those of service accounts, for who keeps the accounts.</summary>
internal static class TokenEndpoints
{
    public const string Path = "/admin/tokens";
    public const string OwnPath = "/account/tokens";

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup(Path).RequireAuthorization(Permissions.Users);
        all.MapGet("/", (HttpContext http, TokenAnswer answer, CancellationToken ct, long after = 0) => answer.List(http, null, ct, after));
        all.MapGet("/new", (HttpContext http, TokenAnswer answer, CancellationToken ct, long? account = null) => answer.New(http, new(account, "", [], null, TokenWish.Usual), null, ct));
        all.MapPost("/new", AddService);
        all.MapPost("/{id:long}/end", (HttpContext http, TokenAnswer answer, FormAnswer form, TokenRegister tokens, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => tokens.End(id, only: null, ct), () => Path, error => answer.List(http, null, ct, error: error)));
        var own = routes.MapGroup(OwnPath).RequireAuthorization();
        own.MapGet("/", (HttpContext http, TokenAnswer answer, CancellationToken ct, long after = 0) => answer.List(http, http.User.UserId(), ct, after));
        own.MapPost("/", Add);
        own.MapPost("/{id:long}/end", (HttpContext http, TokenAnswer answer, FormAnswer form, TokenRegister tokens, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => tokens.End(id, http.User.UserId(), ct), () => OwnPath, error => answer.List(http, http.User.UserId(), ct, error: error)));
    }

    private static async Task<IResult> Add(HttpContext http, Texts texts, TokenAnswer answer, TokenRegister tokens, IFormCollection posted, CancellationToken ct)
    {
        var wish = TokenWish.Read(posted);
        try
        {
            wish.Demand(tokens.Offered(http.User.Access()));
            var made = await tokens.Add(http.User.UserId(), wish, ct);
            return await answer.List(http, http.User.UserId(), ct, made: made);
        }
        catch (RuleException refused)
        {
            return await answer.List(http, http.User.UserId(), ct, wish: wish, error: texts[refused.Code, [.. refused.Args]]);
        }
    }

    private static async Task<IResult> AddService(HttpContext http, Texts texts, TokenAnswer answer, AddServiceToken add, IFormCollection posted, CancellationToken ct)
    {
        var input = ServiceTokenInput.Read(posted);
        try
        {
            var (_, made) = await add.Run(http.User, input, ct);
            return await answer.List(http, null, ct, made: made);
        }
        catch (RuleException refused) when (refused.Code != "access.user.unknown")
        {
            return await answer.New(http, input, texts[refused.Code, [.. refused.Args]], ct);
        }
    }

    /// <summary>The pages of tokens.</summary>
    internal sealed class TokenAnswer(HuikeDb db, TokenRegister tokens, RoleCover cover, UnitTree tree, Texts texts)
    {
        public async Task<IResult> List(HttpContext http, long? userId, CancellationToken ct, long after = 0, string? made = null, TokenWish? wish = null, string? error = null) =>
            Pages.Show<TokensPage>(http, texts["access.token.list.title"], new
            {
                Shown = await tokens.List(userId, after, ct),
                Soon = await tokens.EndSoon(userId, ct),
                Offered = userId is null ? [] : tokens.Offered(http.User.Access()),
                Wish = wish ?? TokenWish.Usual,
                IsOwn = userId is not null,
                Made = made,
                Error = error,
            }, FormAnswer.Status(error));

        /// <exception cref="RuleException"><c>access.user.unknown</c>: no service account has the number.</exception>
        public async Task<IResult> New(HttpContext http, ServiceTokenInput input, string? error, CancellationToken ct)
        {
            var account = input.AccountId is not { } id ? null : await db.Users.AsNoTracking().FirstOrDefaultAsync(user => user.Id == id && user.Kind == UserKind.Service, ct) ?? throw new RuleException("access.user.unknown");
            return Pages.Show<ServiceTokenPage>(http, texts["access.token.service.make"], new
            {
                Input = input,
                Account = account?.ShownName,
                Offered = tokens.Offered(http.User.Access()),
                Known = await cover.For(http.User.Access(), ct),
                Units = account is null && http.User.Holds(Permissions.Organisation) ? await tree.Run(closed: false, ct) : [],
                Error = error,
            }, FormAnswer.Status(error));
        }
    }
}
