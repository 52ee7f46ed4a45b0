using Huike.Customers.ContactPoints;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.OneVoice;

/// <summary>Who wants to contact a customer.</summary>
/// <param name="Channel">By which way.</param>
/// <param name="Purpose">What for: <c>service</c>, <c>sales</c> or <c>marketing</c>.</param>
/// <param name="Anyway">Knows what speaks against it.</param>
internal sealed record ContactClaimInput(string? Channel, string? Purpose, bool Anyway = false);

/// <summary>Who is about to contact a customer.</summary>
internal sealed record ContactClaimRecord(string By, bool IsMine, DateTimeOffset At, DateTimeOffset Until, string? Channel, string? Purpose);

/// <summary>A contact that was.</summary>
internal sealed record PastContactRecord(DateTimeOffset At, InteractionKind Kind, InteractionSide Side, string By, string Body);

/// <summary>Something that was promised and is still open.</summary>
internal sealed record PromiseRecord(long Id, string What, DateTimeOffset DueAt, string CreatedBy);

/// <summary>One thing that speaks against a contact.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Holds">Nobody may go on; otherwise whoever knows of it may, by <c>anyway</c>.</param>
/// <param name="Detail">In words, with the facts.</param>
/// <param name="By">Who of us; null: nobody.</param>
/// <param name="At">When that was, or until when it holds; null: that says nothing.</param>
internal sealed record HindranceRecord(string Kind, bool Holds, string Detail, string? By, DateTimeOffset? At);

/// <summary>What one of us should know before he contacts a customer.</summary>
/// <param name="Last">The last contact; null: none is known.</param>
/// <param name="Claim">Who is about to; null: nobody.</param>
/// <param name="Reasons">What speaks against a contact by the caller now.</param>
/// <param name="Promised">What is still open, where something speaks against it.</param>
internal sealed record VoiceRecord(PastContactRecord? Last, ContactClaimRecord? Claim, IReadOnlyList<HindranceRecord> Reasons, IReadOnlyList<PromiseRecord> Promised);

/// <summary>One voice for programs: of two that are about to contact a customer one is told of the other.</summary>
internal static class VoiceApi
{
    public static void MapVoiceApi(this IEndpointRouteBuilder routes)
    {
        var claim = routes.MapApi("customers/{id:long}/contact-claim");
        claim.MapGet("/", Read).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("readContactClaim").Produces<VoiceRecord>()
            .Takes(new ApiParameter("channel", [.. Enum.GetValues<ReachChannel>().Select(CustomerFilter.Kebab)]), new ApiParameter("purpose", ContactIntent.Purposes));
        claim.MapPost("/", Begin).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<ContactClaimInput, ContactClaimRecord>("beginContact");
        claim.MapDelete("/", GiveUp).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes("giveUpContact");
    }

    private static async Task<IResult> Read(HttpContext http, Database database, BeginContact begin, FileSurroundings around, Texts texts, TimeProvider clock, long id, CancellationToken ct, string? channel = null, string? purpose = null)
    {
        var user = (http.User.Access().UserId, FileEndpoints.By(http.User));
        await using var connection = await database.Open(ct);
        var voice = await Voice.Read(connection, id, clock.GetUtcNow(), ct);
        var against = await begin.Against(connection, new(id, user, channel is null && purpose is null ? null : ContactIntent.Read(channel, purpose)), ct);
        var words = await around.Words(texts, ct);
        return TypedResults.Json(new VoiceRecord(voice.Last is { } last ? new(last.At, last.Kind, last.Side, last.By, last.Body) : null, voice.Claim is { } claim ? Of(claim, user.UserId) : null,
            [.. (against?.Reasons ?? []).Select(reason => Of(reason, texts, words))], [.. (against?.Promised ?? []).Select(Of)]), ApiAnswer.Json);
    }

    private static Task Begin(HttpContext http, ApiWrites writes, Database database, BeginContact begin, FileSurroundings around, TimeProvider clock, long id, CancellationToken ct) => writes.Run(http, async input =>
    {
        var wanted = input.As<ContactClaimInput>().Value;
        var user = (http.User.Access().UserId, FileEndpoints.By(http.User));
        if (await begin.Run(new(id, user, ContactIntent.Read(wanted.Channel, wanted.Purpose)), wanted.Anyway, ct) is { } against) { throw Held(http, against, await around.Words(TextsOf(http), ct)); }
        await using var connection = await database.Open(ct);
        var claim = (await Voice.Read(connection, id, clock.GetUtcNow(), ct)).Claim!;
        return ApiAnswer.Of(Of(claim, user.UserId)) with { About = new(CustomerPermissions.Records.Name, id) };
    }, ct);

    private static Task GiveUp(HttpContext http, ApiWrites writes, BeginContact begin, long id, CancellationToken ct) => writes.Run(http, async _ =>
    {
        await begin.GiveUp(id, ct);
        return ApiAnswer.Nothing;
    }, ct);

    private static Texts TextsOf(HttpContext http) => (Texts)http.RequestServices.GetService(typeof(Texts))!;

    /// <summary>Nothing is kept under the caller's key: asked again, it is looked at again.</summary>
    private static RuleException Held(HttpContext http, ContactHindrance against, ListWording words) => new(against.MayAnyway ? "customers.voice.warned" : "customers.voice.blocked")
    {
        Status = StatusCodes.Status409Conflict,
        Members = new Dictionary<string, object>
        {
            ["mayAnyway"] = against.MayAnyway,
            ["reasons"] = against.Reasons.Select(reason => Of(reason, TextsOf(http), words)).ToList(),
            ["promised"] = against.Promised.Select(Of).ToList(),
        },
    };

    private static HindranceRecord Of(Hindrance reason, Texts texts, ListWording words) =>
        new(CustomerFilter.Kebab(reason.Kind), reason.Holds, reason.Told(texts, words), reason.Claim?.By ?? reason.Contact?.By, reason.Claim?.At ?? (reason.At == default ? reason.Contact?.At : reason.At));

    private static PromiseRecord Of(OpenStep step) => new(step.Id, step.What, step.DueAt, step.CreatedBy);

    private static ContactClaimRecord Of(ContactClaim claim, long user) =>
        new(claim.By, claim.UserId == user, claim.At, claim.Until, claim.Intent is { } intent ? CustomerFilter.Kebab(intent.Channel) : null, claim.Intent?.Purpose);
}
