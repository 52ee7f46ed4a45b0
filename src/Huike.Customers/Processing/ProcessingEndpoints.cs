using System.Globalization;
using Huike.Platform;
using Huike.Platform.Retention;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Processing;

/// <summary>Routes of the register.</summary>
internal static class ProcessingEndpoints
{
    public const string Path = "/admin/privacy/processing";

    public static void MapProcessing(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization(PrivacyPermissions.Settings);
        group.MapGet("/", async (HttpContext http, Texts texts, Register register, Shown<List<Purpose>> shown, CancellationToken ct) =>
        {
            shown.Value = await register.All(ct);
            return Pages.Show<ProcessingPage>(http, texts["privacy.processing.title"]);
        });
        group.MapGet("/new", (HttpContext http, Texts texts, Shown<PurposeView> shown) => Form(http, texts, shown, new(null, null, null)));
        group.MapPost("/new", (HttpContext http, Texts texts, SavePurpose save, Register register, Shown<PurposeView> shown, IFormCollection form, CancellationToken ct) => Save(http, texts, save, register, shown, form, null, ct));
        group.MapGet("/{id:long}", async (HttpContext http, Texts texts, Register register, Shown<PurposeView> shown, long id, CancellationToken ct) => Form(http, texts, shown, new(await register.Find(id, ct), null, null)));
        group.MapPost("/{id:long}", (HttpContext http, Texts texts, SavePurpose save, Register register, Shown<PurposeView> shown, IFormCollection form, long id, CancellationToken ct) => Save(http, texts, save, register, shown, form, id, ct));
    }

    private static async Task<IResult> Save(HttpContext http, Texts texts, SavePurpose save, Register register, Shown<PurposeView> shown, IFormCollection form, long? id, CancellationToken ct)
    {
        try
        {
            await save.Run(id, form, ct);
            return TypedResults.LocalRedirect(Path);
        }
        catch (RuleException refused) when (refused.Code != "privacy.purpose.unknown")
        {
            return Form(http, texts, shown, new(id is { } known ? await register.Find(known, ct) : null, form, texts[refused.Code, [.. refused.Args]]));
        }
    }

    private static IResult Form(HttpContext http, Texts texts, Shown<PurposeView> shown, PurposeView view)
    {
        shown.Value = view;
        return Pages.Show<PurposePage>(http, view.Purpose?.Name(texts) ?? texts["privacy.purpose.new"], status: view.Fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>Address of one.</summary>
    public static string Href(Purpose purpose) => string.Create(CultureInfo.InvariantCulture, $"{Path}/{purpose.Id}");
}

/// <summary>What the form shows.</summary>
/// <param name="Purpose">Null for a new one.</param>
/// <param name="Typed">What was typed, where it comes back.</param>
/// <param name="Fault">What is wrong, in the reader's language; null at first.</param>
internal sealed record PurposeView(Purpose? Purpose, IFormCollection? Typed, string? Fault);
