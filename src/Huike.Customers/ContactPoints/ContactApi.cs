using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.ContactPoints;

/// <summary>A contact point as programs read it. Who may not see it reads it masked, and nothing of how it was written.</summary>
/// <param name="Id">Null: the customer's own phone or mail address, of which nothing more was said; it is changed there.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Use">What it is for.</param>
/// <param name="Value">The normal form.</param>
/// <param name="Raw">As it was written.</param>
/// <param name="Label">A remark.</param>
/// <param name="Preferred">Of its kind.</param>
/// <param name="Version">Grows with each change.</param>
internal sealed record ContactRecord(long? Id, ContactKind Kind, ContactUse Use, string Value, string? Raw, string? Label, bool Preferred, int Version) : IPartRecord
{
    public static ContactRecord Of(ContactPoint point) => new(point.Id == 0 ? null : point.Id, point.Kind, point.Use, point.Value, point.Raw.Length > 0 ? point.Raw : null, point.Label.Length > 0 ? point.Label : null, point.IsPreferred, point.Version);
}

/// <summary>A new contact point.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">As it is written.</param>
internal sealed record NewContactInput(ContactKind Kind, string Value)
{
    /// <summary>What it is for; null: told by its form.</summary>
    public ContactUse? Use { get; init; }

    public string? Label { get; init; }

    /// <summary>It takes the place of the one that is preferred now.</summary>
    public bool Preferred { get; init; }

    /// <summary>Add it although another customer has it.</summary>
    public bool Anyway { get; init; }
}

/// <summary>What becomes of a contact point; only the members that are given count.</summary>
internal sealed record ContactInput
{
    public string? Value { get; init; }

    public ContactUse? Use { get; init; }

    public string? Label { get; init; }

    /// <summary>True: it takes the place of the one that is preferred now. One that is preferred stays so until another takes its place.</summary>
    public bool Preferred { get; init; }

    /// <summary>Take it although another customer has it.</summary>
    public bool Anyway { get; init; }

    /// <summary>The contact point with what was given.</summary>
    public ContactPoint On(ContactPoint old, IReadOnlySet<string> given) => (given.Contains("value") || given.Contains("use") || given.Contains("label")
        ? ContactPoint.Read(old.Kind, given.Contains("use") ? Use : old.Use, given.Contains("value") ? Value : old.Raw, given.Contains("label") ? Label : old.Label)
        : old) with
    { IsPreferred = Preferred };
}

/// <summary>How and when a customer likes to be reached; what isn't given is not said.</summary>
/// <param name="Channel">By which channel.</param>
/// <param name="Days">On which days.</param>
/// <param name="From">As 09:00, in the firm's zone.</param>
/// <param name="To">As 18:00, later on the same day.</param>
internal sealed record ReachInput(ReachChannel? Channel = null, IReadOnlyList<DayOfWeek>? Days = null, string? From = null, string? To = null);

/// <summary>Contact points for programs.</summary>
internal static class ContactApi
{
    public static void MapContactApi(this IEndpointRouteBuilder routes)
    {
        routes.MapFileParts<ChangeContacts, NewContactInput, ContactInput, ContactRecord>("contact-points", ("ContactPoint", "ContactPoints"));
        routes.MapApi("customers/{id:long}/reach").MapPut("/", Reach).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<ReachInput, CustomerRecord>("setReach", matched: true);
    }

    private static Task Reach(HttpContext http, ApiWrites writes, Database database, SetReach reach, long id, CancellationToken ct) => writes.Change(http, CustomerApi.Table, id, async (input, _) =>
    {
        var wish = input.As<ReachInput>().Value;
        await reach.Run(id, ReachWish.Read(wish.Channel is { } channel ? CustomerFilter.Kebab(channel) : null, (wish.Days ?? []).Select(CustomerFilter.Kebab), wish.From, wish.To), FileEndpoints.By(http.User), ct);
        return await CustomerApi.Answer(http, database, id, StatusCodes.Status200OK, ct);
    }, ct);
}
