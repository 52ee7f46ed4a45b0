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
internal sealed record PersonRecord : IPartRecord
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
