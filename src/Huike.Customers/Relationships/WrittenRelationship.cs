using System.Globalization;
using Huike.Ui;

namespace Huike.Customers.Relationships;

/// <summary>What history kept of a relationship: a word of ours, then what people wrote.</summary>
internal static class WrittenRelationship
{
    private static readonly string[] Groups = ["relationship.type.", "relationship.bond.", "relationship.moment."];

    /// <summary>In the reader's words.</summary>
    public static string Told(Texts texts, string written)
    {
        var (word, rest) = written.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? (written[..end], written[(end + 1)..]) : (written, "");
        if (Array.Find(Groups, group => texts.Has(group + word)) is not { } known) { return written; }
        // A retention plan has the day of its review between the two.
        var day = rest.Length > 10 && DateOnly.TryParseExact(rest[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) ? texts.ShortDate(on) + " · " : "";
        return $"{texts[known + word]} · {day}{(day.Length > 0 ? rest[11..] : rest)}";
    }
}
