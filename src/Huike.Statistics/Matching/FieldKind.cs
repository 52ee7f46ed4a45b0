namespace Huike.Statistics.Matching;

/// <summary>What a field holds, which says how two of its values are compared and by what pairs are looked for.</summary>
public enum FieldKind
{
    /// <summary>A name of a person, firm or place: letters by Jaro–Winkler, several words by their rarity.</summary>
    Name,

    /// <summary>An address: words by their rarity, those with a typing error too.</summary>
    Address,

    /// <summary>An identifier: phone, e-mail, credit code, number of a document, postcode. Letters and digits count alone.</summary>
    Key,

    /// <summary>A day, its digits in one order for all values, such as 1971-06-24.</summary>
    Date,

    /// <summary>A description of many words.</summary>
    Text,

    /// <summary>One of a few words: the same or not; nothing is looked for by it.</summary>
    Category,

    /// <summary>A quantity such as a price, written with a decimal point; nothing is looked for by it.</summary>
    Number,
}

/// <summary>A field of the records to be compared.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Values">The value of each record, by its place; null or blank is unknown and says neither for nor against.</param>
public sealed record MatchField(string Name, FieldKind Kind, IReadOnlyList<string?> Values);

/// <summary>What one field says of a pair.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Agreement">How alike, in [0, 1]; null where one of the two is unknown.</param>
/// <param name="Weight">For (above 0) or against (below 0), in bits.</param>
public sealed record FieldSays(string Field, double? Agreement, double Weight);
