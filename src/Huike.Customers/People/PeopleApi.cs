using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Customers.Tags;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.People;

/// <summary>A birthday as programs read and write it.</summary>
/// <param name="Calendar">By which it is kept.</param>
/// <param name="Month">1–12.</param>
/// <param name="Day">Of the month.</param>
/// <param name="Year">Of that calendar; null: not known.</param>
/// <param name="Leap">Of a lunar leap month.</param>
internal sealed record BirthdayRecord(BirthCalendar Calendar, int Month, int Day, int? Year = null, bool Leap = false);

/// <summary>A contact as programs read it; what the reader may not see is masked or null.</summary>
internal sealed record PersonRecord
{
    /// <summary>Null: only the name was said, as the customer's <c>contact</c>.</summary>
    public long? Id { get; init; }

    /// <summary>Number of the person, the same at all his posts.</summary>
    public long? Person { get; init; }

    public string Name { get; init; } = "";

    public PostRole Role { get; init; }

    public string? Title { get; init; }

    public Influence Influence { get; init; }

    /// <summary>The first contact, whose name is the customer's <c>contact</c>.</summary>
    public bool Main { get; init; }

    public string? Phone { get; init; }

    public string? Email { get; init; }

    public string? WeChat { get; init; }

    public BirthdayRecord? Birthday { get; init; }

    public string? Preferences { get; init; }

    /// <summary>Further customers at which the person has a post, as far as the reader sees them.</summary>
    public IReadOnlyList<long> Others { get; init; } = [];

    public int Version { get; init; }

    public static PersonRecord Of(Contact contact) => new()
    {
        Id = contact.Id == 0 ? null : contact.Id,
        Person = contact.Id == 0 ? null : contact.PersonId,
        Name = contact.Name,
        Role = contact.Role,
        Title = contact.Title.Length > 0 ? contact.Title : null,
        Influence = contact.Influence,
        Main = contact.IsMain,
        Phone = contact.Phone,
        Email = contact.Email,
        WeChat = contact.WeChat,
        Birthday = contact.Birthday is { } day ? new(day.Calendar, day.Month, day.Day, day.Year, day.Leap) : null,
        Preferences = contact.Preferences.Length > 0 ? contact.Preferences : null,
        Others = [.. contact.Others.Select(other => other.Id).OfType<long>()],
        Version = contact.Version,
    };
}

/// <summary>What a program says of a contact. Of a change only the members that are given count; null empties one.</summary>
internal sealed record PersonInput
{
    public string? Name { get; init; }

    public PostRole? Role { get; init; }

    public string? Title { get; init; }

    public Influence? Influence { get; init; }

    /// <summary>True: it takes the place of the first one. The first one stays so until another takes its place.</summary>
    public bool Main { get; init; }

    public string? Phone { get; init; }

    public string? Email { get; init; }

    public string? WeChat { get; init; }

    public BirthdayRecord? Birthday { get; init; }

    public string? Preferences { get; init; }

    /// <summary>The contact with what was given.</summary>
    public Contact On(Contact old, IReadOnlySet<string> given)
    {
        return Contact.Read(Has("name") ? Name : old.Name, Has("title") ? Title : old.Title, Has("preferences") ? Preferences : old.Preferences,
            (Has("phone") ? Phone : old.PhoneRaw, Has("email") ? Email : old.Email, Has("weChat") ? WeChat : old.WeChat)) with
        {
            Role = Has("role") ? Role ?? PostRole.Other : old.Role,
            Influence = Has("influence") ? Influence ?? People.Influence.Unknown : old.Influence,
            IsMain = Main || old.IsMain,
            Birthday = !Has("birthday") ? old.Birthday : Birthday is { } day ? People.Birthday.Read(day.Calendar, day.Year, day.Month, day.Day, day.Leap) : null,
        };

        bool Has(string member) => given.Contains(member);
    }
}

/// <summary>Contacts for programs.</summary>
internal static class PeopleApi
{
    public static void MapPeopleApi(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapApi("customers/{id:long}/people");
        people.MapGet("/", List).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("listPeople").Produces<ApiList<PersonRecord>>();
        people.MapPost("/", Add).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<PersonInput, PersonRecord>("addPerson", StatusCodes.Status201Created);
        people.MapGet("/{post:long}", One).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("readPerson").Produces<PersonRecord>();
        people.MapPatch("/{post:long}", Change).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<PersonInput, PersonRecord>("changePerson", matched: true);
        people.MapDelete("/{post:long}", Remove).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes("removePerson", matched: true);
    }

    private static async Task<IResult> List(HttpContext http, Database database, long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var viewer = Viewer.Of(http);
        return TypedResults.Json(new ApiList<PersonRecord>([.. (await Contact.Of(connection, id, viewer, ct)).Select(contact => PersonRecord.Of(contact.For(viewer)))], null), ApiAnswer.Json);
    }

    private static async Task<IResult> One(HttpContext http, Database database, long id, long post, CancellationToken ct)
    {
        var found = await Find(http, database, id, post, ct);
        http.Response.Headers.ETag = ApiVersion.Tag(found.Version);
        return TypedResults.Json(found, ApiAnswer.Json);
    }

    private static Task Add(HttpContext http, ApiWrites writes, Database database, ChangePeople change, long id, CancellationToken ct) => writes.Run(http, async input =>
    {
        var (wanted, given) = input.As<PersonInput>();
        var post = await change.Add(FileWriter.Of(http, id), wanted.On(new(0, 0, ""), given), FormKey.Read(FormKey.New()), ct);
        return await Answer(http, database, id, post, StatusCodes.Status201Created, ct) with { Location = string.Create(CultureInfo.InvariantCulture, $"/api/customers/{id}/people/{post}") };
    }, ct);

    private static Task Change(HttpContext http, ApiWrites writes, Database database, ChangePeople change, long id, long post, CancellationToken ct) => Parts.FileParts.OnOne(http, writes, "customers_post", id, post, async input =>
    {
        var (wanted, given) = input.As<PersonInput>();
        await change.Change(FileWriter.Of(http, id), post, null, old => wanted.On(old, given), ct);
        return await Answer(http, database, id, post, StatusCodes.Status200OK, ct);
    }, ct);

    private static Task Remove(HttpContext http, ApiWrites writes, ChangePeople change, long id, long post, CancellationToken ct) => Parts.FileParts.OnOne(http, writes, "customers_post", id, post, async _ =>
    {
        await change.Remove(FileWriter.Of(http, id), post, ct);
        return ApiAnswer.Nothing;
    }, ct);

    private static async Task<ApiAnswer> Answer(HttpContext http, Database database, long id, long post, int status, CancellationToken ct)
    {
        var found = await Find(http, database, id, post, ct);
        return ApiAnswer.Of(found, status) with { Version = found.Version, About = new(CustomerPermissions.Records.Name, id) };
    }

    private static async Task<PersonRecord> Find(HttpContext http, Database database, long id, long post, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var viewer = Viewer.Of(http);
        return (await Contact.Of(connection, id, viewer, ct)).Find(known => known.Id == post && post > 0) is { } found ? PersonRecord.Of(found.For(viewer)) : throw new RuleException("customers.person.unknown");
    }
}
