using Huike.Platform.Access.Sessions;
using Huike.Platform.Audit;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Access.OpenIdConnect;

internal static class ProviderEndpoints
{
    public static void AddProviders(this IServiceCollection services)
    {
        services.AddSingleton<ProviderDirectory>().AddSingleton<AttemptCookie>();
        services.AddScoped<AskProvider>().AddScoped<LinkedAccounts>().AddScoped<Answer>();
    }

    public static void MapProviders(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in/with/{provider}", (HttpContext http, Answer answer, AskProvider ask, string provider, string? returnUrl) =>
            answer.Try(http, ask.Known(provider), async known => Results.Redirect(await ask.Begin(http, known, SignIn.Local(returnUrl), userId: 0)))).AllowAnonymous();
        routes.MapGet("/sign-in/with/{provider}/return", (HttpContext http, Answer answer, AskProvider ask, string provider) => answer.Return(http, ask.Known(provider))).AllowAnonymous();
        var group = routes.MapGroup("/account/providers/{provider}").RequireAuthorization();
        // A page with a link, not a redirect: our forms lead nowhere else, says the content policy.
        group.MapPost("/", (HttpContext http, Texts texts, Answer answer, AccountEndpoints.Account account, AskProvider ask, CheckPassword check, string provider, IFormCollection form, CancellationToken ct) =>
            account.Try(http, async () =>
            {
                await check.Again(http, form["present"].ToString());
                return await answer.Try(http, ask.Known(provider), async known =>
                    Pages.Show<LinkPage>(http, texts["access.with.link", known.Name], new { known.Name, Address = await ask.Begin(http, known, "/account", http.User.UserId()) }));
            }, ct));
        group.MapPost("/removal", async (HttpContext http, LinkedAccounts accounts, AskProvider ask, string provider, IFormCollection form, CancellationToken ct) =>
        {
            await accounts.Unlink(http.User.UserId(), ask.Known(provider), ct);
            return TypedResults.Redirect("/account");
        });
    }

    /// <summary>What a visitor sees who comes from a provider.</summary>
    internal sealed class Answer(AskProvider ask, LinkedAccounts accounts, Entrance entrance, Texts texts, ILogger<Answer> log)
    {
        /// <summary>Does something with a provider; what goes wrong becomes a page.</summary>
        public async Task<IResult> Try(HttpContext http, ProviderOptions provider, Func<ProviderOptions, Task<IResult>> work)
        {
            try
            {
                return await work(provider);
            }
            catch (ProviderException wrong)
            {
                log.LogWarning("Sign-in with {Provider}: {What}", provider.Key, wrong.Message);
                return Wrong(http, provider, wrong.Code);
            }
            catch (RuleException refused)
            {
                return Wrong(http, provider, refused.Code);
            }
        }

        public Task<IResult> Return(HttpContext http, ProviderOptions provider) => Try(http, provider, async known =>
        {
            if (!await entrance.Try(http, account: null)) { throw new RuleException("access.with.error.unlinked"); }
            var (attempt, identity) = await ask.Hear(http, known);
            if (attempt.UserId == 0) { return await Enter(http, known, identity, attempt.ReturnUrl); }
            // Whoever began it may have left since, or another have come.
            if (http.User.Identity?.IsAuthenticated != true || http.User.UserId() != attempt.UserId) { throw new RuleException("access.with.error.state"); }
            await accounts.Link(attempt.UserId, known, identity, http.RequestAborted);
            return TypedResults.LocalRedirect("/account");
        });

        private async Task<IResult> Enter(HttpContext http, ProviderOptions provider, Identity identity, string returnUrl)
        {
            var user = await accounts.Find(provider, identity, http.RequestAborted);
            if (user is not { MaySignIn: true } || !await entrance.TryAccount(http, user))
            {
                await entrance.Refuse(user);
                throw new RuleException("access.with.error.unlinked");
            }
            var by = AuditChange.Is("provider", provider.Name);
            if (!provider.TrustSecondFactor) { return TypedResults.LocalRedirect(await entrance.OpenOrAsk(http, user, returnUrl, by)); }
            await entrance.Open(http, user, by);
            return TypedResults.LocalRedirect(returnUrl);
        }

        private IResult Wrong(HttpContext http, ProviderOptions provider, string code)
        {
            var isIn = http.User.Identity?.IsAuthenticated == true;
            return Pages.ShowBare<ProviderErrorPage>(http, texts["access.with.error.title"], new { Text = texts[code, provider.Name], Back = isIn ? "/account" : "/sign-in" }, StatusCodes.Status422UnprocessableEntity);
        }
    }
}
