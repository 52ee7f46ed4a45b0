using Huike.Platform.Calendar;

namespace Huike.Platform.Access.Organisation;

/// <summary>Where a user belongs, and what else could be chosen.</summary>
/// <param name="Place">As it is.</param>
/// <param name="Units">The tree.</param>
/// <param name="Calendars">All calendars.</param>
/// <param name="Choices">Who can be leader.</param>
/// <param name="InForce">The calendar that holds for the user.</param>
public sealed record Belonging(PersonPlace Place, IReadOnlyList<PlacedUnit> Units, IReadOnlyList<WorkingCalendar> Calendars, IReadOnlyList<Person> Choices, CalendarInForce InForce);

/// <summary>Reads it for the user's page.</summary>
internal sealed class UserPlace(PlacePerson place, UnitTree tree, Calendars calendars, People people)
{
    public async Task<Belonging> Find(long userId, CancellationToken ct) => new(await place.Find(userId, ct), await tree.Run(closed: false, ct), (await calendars.Read(ct)).Calendars, await people.ToChoose(ct), await calendars.OfPerson(userId, ct));
}

/// <summary>Units and people to choose from, for pages of other modules.</summary>
public sealed class OrganisationChoices
{
    private readonly UnitTree tree;
    private readonly People people;

    internal OrganisationChoices(UnitTree tree, People people) => (this.tree, this.people) = (tree, people);

    /// <summary>Open units in the order of the tree.</summary>
    public Task<IReadOnlyList<PlacedUnit>> Units(CancellationToken ct) => tree.Run(closed: false, ct);

    /// <summary>Staff and partners by sign-in name; the first of them.</summary>
    public async Task<IReadOnlyList<Person>> People(CancellationToken ct) => await people.ToChoose(ct);
}
