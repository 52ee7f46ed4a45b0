using Huike.Customers.Addresses;
using Huike.Customers.ContactPoints;
using Huike.Customers.People;

namespace Huike.Customers.PhoneCards;

/// <summary>A phone, mail address or WeChat id on a card.</summary>
/// <param name="Point">Checked and in its normal form.</param>
/// <param name="IsUsual">The card doesn't say what it is for: <see cref="ContactPoint.Use"/> is guessed from its form.</param>
internal sealed record CardPoint(ContactPoint Point, bool IsUsual)
{
    public ContactKind Kind => Point.Kind;

    public string Value => Point.Value;

    /// <summary>Whether the two say the same of the same number.</summary>
    public bool Agrees(CardPoint other) => Kind == other.Kind && Value == other.Value && (IsUsual || other.IsUsual || Point.Use == other.Point.Use) && Point.Label == other.Point.Label;
}

/// <summary>An address on a card.</summary>
/// <param name="Text">The whole of it in one line.</param>
/// <param name="Use">Null: the card doesn't say.</param>
/// <param name="Postcode">Empty for none.</param>
internal sealed record CardPlace(string Text, AddressUse? Use, string Postcode)
{
    /// <summary>As it is kept; null: it was read from a card.</summary>
    public Address? Kept { get; init; }

    public bool Agrees(CardPlace other) => Text == other.Text && (Postcode == other.Postcode || other.Postcode.Length == 0 || Postcode.Length == 0);
}

/// <summary>What we understand of a card.</summary>
/// <param name="Name">Of the person or the organisation.</param>
internal sealed record CardFacts(string Name)
{
    public bool IsOrganisation { get; init; }

    /// <summary>Where a person works; null: nothing is said.</summary>
    public string? Organisation { get; init; }

    public string? Title { get; init; }

    public IReadOnlyList<CardPoint> Points { get; init; } = [];

    public IReadOnlyList<CardPlace> Places { get; init; } = [];

    /// <summary>By the solar calendar.</summary>
    public Birthday? Birthday { get; init; }

    public string? Note { get; init; }

    public IEnumerable<CardPoint> Of(ContactKind kind) => Points.Where(point => point.Kind == kind);

    /// <summary>The one of a kind that is preferred, or else the first.</summary>
    public CardPoint? First(ContactKind kind) => Of(kind).OrderByDescending(point => point.Point.IsPreferred).FirstOrDefault();
}

/// <summary>Of what a card is.</summary>
internal enum CardKind
{
    Customer = 0,
    Contact = 1,
}

/// <summary>A card as the reader may have it: what is masked for him isn't in it.</summary>
/// <param name="Kind">Of what.</param>
/// <param name="Id">Number of the customer or of the contact's post.</param>
/// <param name="CustomerId">On whose file.</param>
/// <param name="MadeAt">When the record was made: a later one that got the number of one that was removed is told apart by it.</param>
/// <param name="Facts">What it says.</param>
internal sealed record CardRecord(CardKind Kind, long Id, long CustomerId, DateTimeOffset MadeAt, CardFacts Facts)
{
    /// <summary>What of the record the card tells; the rest of a kept card is the program's own.</summary>
    public CardShare Share { get; init; } = new(SeesPersonal: true, TellsNote: true, HasLunarBirthday: false);

    public (CardKind, long, DateTimeOffset) Key => (Kind, Id, MadeAt);
}

/// <summary>What a card may tell of its record.</summary>
/// <param name="SeesPersonal">Numbers, addresses and birthdays.</param>
/// <param name="TellsNote">The note.</param>
/// <param name="HasLunarBirthday">Which no card can tell.</param>
internal sealed record CardShare(bool SeesPersonal, bool TellsNote, bool HasLunarBirthday);
