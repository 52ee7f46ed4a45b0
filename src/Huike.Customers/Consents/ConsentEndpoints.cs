using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Processing;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Retention;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Consents;

/// <summary>What the page of consent texts shows.</summary>
/// <param name="Purposes">Those that rest on consent, in use.</param>
/// <param name="Versions">All texts, newest first.</param>
/// <param name="Zone">In which days are told.</param>
internal sealed record ConsentTextsView(IReadOnlyList<Purpose> Purposes, ILookup<long, ConsentText> Versions, TimeZoneInfo Zone)
{
    /// <summary>What was typed for which purpose and why it can't be taken; null at first.</summary>
    public (long Purpose, string Chinese, string English, string Fault)? Refused { get; init; }
}

/// <summary>Reads what the page of consent texts shows.</summary>
internal sealed class ReadTexts(Database database, Register register, SettingsStore settings)
{
    public async Task<ConsentTextsView> Run(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return new([.. (await register.InUse(ct)).Where(purpose => purpose.Basis == LawfulBasis.Consent)], (await ConsentText.All(connection, ct)).ToLookup(text => text.PurposeId), (await settings.Get<FirmSettings>(ct)).Zone);
    }
}

/// <summary>Routes of consents and of their texts.</summary>
internal static class ConsentEndpoints
{
    public const string Path = "/admin/privacy/consent-texts";

    public static void MapConsents(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/customers/{id:long}/consents", async (HttpContext http, RecordConsent record, IFormCollection form, long id, CancellationToken ct) =>
        {
            await record.Run(id, form, FileEndpoints.By(http.User), ct);
            return TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{id}#consents"));
        }).RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        var group = routes.MapGroup(Path).RequireAuthorization(PrivacyPermissions.Settings);
        group.MapGet("/", async (HttpContext http, Texts texts, ReadTexts read, Shown<ConsentTextsView> shown, CancellationToken ct) =>
        {
            shown.Value = await read.Run(ct);
            return Pages.Show<ConsentTextsPage>(http, texts["privacy.text.title"]);
        });
        group.MapPost("/{purpose:long}", Publish);
    }

    private static async Task<IResult> Publish(HttpContext http, Texts texts, PublishText publish, ReadTexts read, Shown<ConsentTextsView> shown, IFormCollection form, long purpose, CancellationToken ct)
    {
        var (chinese, english) = (form["chinese"].ToString(), form["english"].ToString());
        try
        {
            await publish.Run(purpose, chinese, english, FileEndpoints.By(http.User), ct);
            return TypedResults.LocalRedirect(Path);
        }
        catch (RuleException refused) when (refused.Code != "privacy.purpose.unknown")
        {
            shown.Value = await read.Run(ct) with { Refused = (purpose, chinese, english, texts[refused.Code, [.. refused.Args]]) };
            return Pages.Show<ConsentTextsPage>(http, texts["privacy.text.title"], status: StatusCodes.Status422UnprocessableEntity);
        }
    }
}
