using System.Globalization;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Calendar;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Webhooks;

/// <summary>Routes of webhooks.</summary>
public static class WebhookEndpoints
{
    /// <summary>Maps the pages.</summary>
    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(WebhooksModule.Path).RequireAuthorization(WebhooksModule.Manage);
        group.MapGet("/", async (HttpContext http, Texts texts, WebhookView view, CancellationToken ct, long after = 0) =>
        {
            await view.ReadList(after, ct);
            return Pages.Show<WebhookListPage>(http, texts["webhooks.title"]);
        });
        group.MapGet("/new", (HttpContext http, Texts texts) => Form(http, texts, 0, WebhookInput.Empty, null));
        group.MapPost("/new", Add);
        group.MapGet("/{id:long}", (HttpContext http, Texts texts, WebhookView view, long id, CancellationToken ct, long? before = null, string show = "") => One(http, texts, view, id, null, ct, before: before, onlyDead: show == "dead"));
        group.MapGet("/{id:long}/edit", async (HttpContext http, Texts texts, WebhookView view, long id, CancellationToken ct) =>
        {
            await view.ReadOne(id, 0, false, ct);
            return Form(http, texts, id, WebhookInput.Of(view.Shown!), null);
        });
        group.MapPost("/{id:long}/edit", (HttpContext http, Texts texts, FormAnswer form, ChangeWebhook change, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => change.Edit(id, WebhookInput.Read(posted), ct), () => At(id), error => Task.FromResult(Form(http, texts, id, WebhookInput.Read(posted), error))));
        group.MapPost("/{id:long}/secret", async (HttpContext http, Texts texts, WebhookView view, ChangeWebhook change, long id, [FromForm] string? formKey, CancellationToken ct) =>
            await One(http, texts, view, id, null, ct, made: await change.NewSecret(id, formKey ?? "", ct)));
        group.MapPost("/{id:long}/switch", async (ChangeWebhook change, long id, [FromForm] string? on, CancellationToken ct) =>
        {
            await change.Switch(id, on == "true", ct);
            return TypedResults.LocalRedirect(At(id));
        });
        group.MapPost("/{id:long}/removal", async (ChangeWebhook change, long id, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await change.Remove(id, ct);
            return TypedResults.LocalRedirect(WebhooksModule.Path);
        });
        group.MapPost("/{id:long}/test", (HttpContext http, Texts texts, WebhookView view, FormAnswer form, SendAgain send, long id, [FromForm] string? confirm, CancellationToken ct) =>
            form.After(() => send.Try(id, ct), () => At(id), error => One(http, texts, view, id, error, ct)));
        group.MapPost("/{id:long}/deliveries/{delivery:long}/again", (HttpContext http, Texts texts, WebhookView view, FormAnswer form, SendAgain send, long id, long delivery, [FromForm] string? confirm, CancellationToken ct) =>
            form.After(() => send.One(id, delivery, ct), () => At(id), error => One(http, texts, view, id, error, ct)));
        group.MapPost("/{id:long}/again", AllDead);
    }

    private static string At(long id) => string.Create(CultureInfo.InvariantCulture, $"{WebhooksModule.Path}/{id}");

    private static async Task<IResult> Add(HttpContext http, Texts texts, WebhookView view, ChangeWebhook change, IFormCollection posted, CancellationToken ct)
    {
        var input = WebhookInput.Read(posted);
        try
        {
            var (id, secret) = await change.Add(input, ct);
            return await One(http, texts, view, id, null, ct, made: secret);
        }
        catch (RuleException refused)
        {
            return Form(http, texts, 0, input, texts[refused.Code, [.. refused.Args]]);
        }
    }

    private static async Task<IResult> AllDead(HttpContext http, Texts texts, WebhookView view, FormAnswer form, SendAgain send, SettingsStore settings, long id, [FromForm] string? since, CancellationToken ct)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        return await form.After(() => CalendarForm.Moment(since) is { } at ? send.AllDead(id, new(at, zone.GetUtcOffset(at)), ct) : throw new RuleException("webhooks.since.wrong"), () => At(id), error => One(http, texts, view, id, error, ct));
    }

    private static IResult Form(HttpContext http, Texts texts, long id, WebhookInput input, string? error) =>
        Pages.Show<WebhookFormPage>(http, texts[id == 0 ? "webhooks.add" : "webhooks.edit"], new { Id = id, Input = input, Error = error }, FormAnswer.Status(error));

    private static async Task<IResult> One(HttpContext http, Texts texts, WebhookView view, long id, string? error, CancellationToken ct, string? made = null, long? before = null, bool onlyDead = false)
    {
        await view.ReadOne(id, before, onlyDead, ct);
        var history = http.User.Holds(Permissions.Audit) ? AuditModule.HistoryOf(WebhooksModule.Audited.Name, id) : null;
        return Pages.Show<WebhookPage>(http, view.Shown!.Description, new { Made = made, Error = error, History = history }, FormAnswer.Status(error));
    }
}
