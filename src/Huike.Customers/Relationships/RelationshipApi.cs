using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Customers.Relationships.Bonds;
using Huike.Customers.Relationships.Health;
using Huike.Customers.Relationships.Plans;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Relationships;

/// <summary>A customer's relationship as programs read it.</summary>
/// <param name="Type">Set by hand; null: nobody did.</param>
/// <param name="Reason">Why; null: nobody set one.</param>
/// <param name="Suggested">By margin and number of customers in the tier; null: nothing was bought.</param>
/// <param name="InForce">The one that the contact plan goes by; null: none.</param>
/// <param name="Health">Each indicator, 0 to 100; null: unknown.</param>
/// <param name="Touches">Of the contact plan, the nearest first.</param>
internal sealed record RelationshipRecord(RelationshipType? Type, string? Reason, RelationshipType? Suggested, RelationshipType? InForce, HealthRecord Health, IReadOnlyList<TouchRecord> Touches);

/// <summary>关系健康度 as programs read it.</summary>
internal sealed record HealthRecord(int? Trust, int? Responsibility, int? Dependence, int? Reciprocity, int? Emotion, int? Interaction);

/// <summary>A touch that is due.</summary>
/// <param name="What">What is to be done.</param>
/// <param name="Due">Last day.</param>
/// <param name="Open">Its next step is there.</param>
internal sealed record TouchRecord(string What, DateOnly Due, bool Open);

/// <summary>What type it is to be.</summary>
/// <param name="Type">Null: as suggested.</param>
/// <param name="Reason">1–400 characters.</param>
internal sealed record RelationshipInput(RelationshipType? Type, string? Reason);

/// <summary>A bond as programs read it.</summary>
internal sealed record BondRecord(long Id, BondKind Kind, string What, DateOnly? Since, int Version);

/// <summary>A new bond.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="What">1–400 characters.</param>
/// <param name="Since">First day; null: not known.</param>
internal sealed record BondInput(BondKind? Kind, string? What, DateOnly? Since = null);

/// <summary>A moment as programs read it.</summary>
internal sealed record MomentRecord(long Id, MomentKind Kind, DateOnly On, string What, string Who, string? Reaction, int? Tone, int Version);

/// <summary>A new moment.</summary>
/// <param name="Kind">Delight, or a favour one way or the other.</param>
/// <param name="What">1–400 characters.</param>
/// <param name="On">The day; null: today.</param>
/// <param name="Who">Who of us or of them; null: the writer.</param>
/// <param name="Reaction">What the customer said or did.</param>
/// <param name="Tone">How the customer sounded, −2 to 2; null: nobody said.</param>
internal sealed record MomentInput(MomentKind? Kind, string? What, DateOnly? On = null, string? Who = null, string? Reaction = null, int? Tone = null);

/// <summary>Relationships for programs.</summary>
internal static class RelationshipApi
{
    public static void MapRelationshipApi(this IEndpointRouteBuilder routes)
    {
        routes.MapApi("contacts-due").MapGet("/", Due).RequireAuthorization(CustomerPermissions.Read).WithName("listContactsDue").Produces<ApiList<DueContact>>().Takes(new ApiParameter("view"), new ApiParameter("owner"), new ApiParameter("before") { IsNumber = true });
        var one = routes.MapApi("customers/{id:long}/relationship");
        one.MapGet("/", Read).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("readRelationship").Produces<RelationshipRecord>();
        one.MapPut("/", Set).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<RelationshipInput, RelationshipRecord>("setRelationship", matched: true);
        var bonds = routes.MapApi("customers/{id:long}/bonds");
        bonds.MapGet("/", Bonds).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("listBonds").Produces<ApiList<BondRecord>>();
        bonds.MapPost("/", AddBond).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<BondInput, BondRecord>("addBond", StatusCodes.Status201Created);
        bonds.MapDelete("/{bond:long}", RemoveBond).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes("removeBond", matched: true);
        var moments = routes.MapApi("customers/{id:long}/moments");
        moments.MapGet("/", Moments).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("listMoments").Produces<ApiList<MomentRecord>>();
        moments.MapPost("/", AddMoment).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<MomentInput, MomentRecord>("addMoment", StatusCodes.Status201Created);
        moments.MapDelete("/{moment:long}", RemoveMoment).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes("removeMoment", matched: true);
    }

    private static async Task<IResult> Due(HttpContext http, DueContacts contacts, CancellationToken ct) =>
        TypedResults.Json(ApiList.Of(await contacts.Page(DueQuery.Read(http, "before"), Viewer.InternalOrNobody(http), ct), contact => contact.Id), ApiAnswer.Json);

    private static async Task<IResult> Read(HttpContext http, Database database, ReadRelationship read, long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        http.Response.Headers.ETag = ApiVersion.Tag((int)await connection.Number("select version from customers_customer where id = @id", ct, ("id", id)));
        return TypedResults.Json(await Record(http, read, id, ct), ApiAnswer.Json);
    }

    private static Task Set(HttpContext http, ApiWrites writes, SetRelationship set, ReadRelationship read, Database database, long id, CancellationToken ct) => writes.Change(http, CustomerApi.Table, id, async (input, _) =>
    {
        var wanted = input.As<RelationshipInput>().Value;
        await set.Run(FileWriter.Of(http, id), wanted.Type is { } type ? CustomerFilter.Kebab(type) : "", wanted.Reason, ct);
        await using var connection = await database.Open(ct);
        return ApiAnswer.Of(await Record(http, read, id, ct)) with { Version = (int)await connection.Number("select version from customers_customer where id = @id", ct, ("id", id)), About = About(id) };
    }, ct);

    private static async Task<RelationshipRecord> Record(HttpContext http, ReadRelationship read, long id, CancellationToken ct)
    {
        Viewer.Internal(http);
        var now = await read.Run(id, ct);
        var health = now.Health.ToDictionary(one => one.Indicator, one => one.Value);
        return new(now.Type.Set?.Type, now.Type.Set?.Reason, now.Type.Suggested?.Type, now.Type.InForce,
            new(health[Indicator.Trust], health[Indicator.Responsibility], health[Indicator.Dependence], health[Indicator.Reciprocity], health[Indicator.Emotion], health[Indicator.Interaction]),
            [.. now.Touches.Select(touch => new TouchRecord(touch.Touch.Text(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName), touch.On, touch.IsOpen))]);
    }

    private static async Task<IResult> Bonds(HttpContext http, Database database, long id, CancellationToken ct)
    {
        Viewer.Internal(http);
        await using var connection = await database.Open(ct);
        return TypedResults.Json(new ApiList<BondRecord>([.. (await Bond.Of(connection, id, ct)).Select(Of)], null), ApiAnswer.Json);
    }

    private static Task AddBond(HttpContext http, ApiWrites writes, Database database, ChangeBonds change, long id, CancellationToken ct) => writes.Run(http, async input =>
    {
        var wanted = input.As<BondInput>().Value;
        var added = await change.Add(FileWriter.Of(http, id), Bond.Read(Name(wanted.Kind), wanted.What, Day(wanted.Since)), FormKey.Read(FormKey.New()), ct);
        await using var connection = await database.Open(ct);
        return Made(Of((await Bond.Of(connection, id, ct)).Single(one => one.Id == added)), id, "bonds");
    }, ct);

    private static Task RemoveBond(HttpContext http, ApiWrites writes, ChangeBonds change, long id, long bond, CancellationToken ct) => FileParts.OnOne(http, writes, Bond.Table, id, bond, async _ =>
    {
        await change.RemoveBond(FileWriter.Of(http, id), bond, ct);
        return ApiAnswer.Nothing;
    }, ct);

    private static async Task<IResult> Moments(HttpContext http, Database database, SettingsStore settings, long id, CancellationToken ct)
    {
        Viewer.Internal(http);
        return TypedResults.Json(new ApiList<MomentRecord>([.. (await All(database, settings, id, ct)).Select(Of)], null), ApiAnswer.Json);
    }

    private static Task AddMoment(HttpContext http, ApiWrites writes, Database database, ChangeBonds change, SettingsStore settings, TimeProvider clock, long id, CancellationToken ct) => writes.Run(http, async input =>
    {
        var wanted = input.As<MomentInput>().Value;
        var today = RelationshipEndpoints.Today(clock, (await settings.Get<FirmSettings>(ct)).Zone);
        var moment = Moment.Read(Name(wanted.Kind), Day(wanted.On), (wanted.What, wanted.Who, wanted.Reaction), null, today) with { Tone = Tones.Read(wanted.Tone) };
        var added = await change.Add(FileWriter.Of(http, id), moment, FormKey.Read(FormKey.New()), ct);
        return Made(Of((await All(database, settings, id, ct)).Single(one => one.Id == added)), id, "moments");
    }, ct);

    private static Task RemoveMoment(HttpContext http, ApiWrites writes, ChangeBonds change, long id, long moment, CancellationToken ct) => FileParts.OnOne(http, writes, Moment.Table, id, moment, async _ =>
    {
        await change.RemoveMoment(FileWriter.Of(http, id), moment, ct);
        return ApiAnswer.Nothing;
    }, ct);

    private static async Task<List<Moment>> All(Database database, SettingsStore settings, long id, CancellationToken ct)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        await using var connection = await database.Open(ct);
        return await Moment.Of(connection, id, zone, ct);
    }

    private static ApiAnswer Made<T>(T record, long id, string part) => ApiAnswer.Of(record, StatusCodes.Status201Created) with { Location = string.Create(CultureInfo.InvariantCulture, $"/api/customers/{id}/{part}"), Version = 1, About = About(id) };

    private static RecordName About(long id) => new(CustomerPermissions.Records.Name, id);

    private static BondRecord Of(Bond bond) => new(bond.Id, bond.Kind, bond.What, bond.Since, bond.Version);

    private static MomentRecord Of(Moment moment) => new(moment.Id, moment.Kind, moment.On, moment.What, moment.Who, moment.Reaction.Length > 0 ? moment.Reaction : null, moment.Tone, moment.Version);

    private static string Name<T>(T? value) where T : struct, Enum => value is { } chosen ? CustomerFilter.Kebab(chosen) : "";

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
