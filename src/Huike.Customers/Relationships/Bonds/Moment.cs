using System.Data.Common;
using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Customers.Relationships.Bonds;

/// <summary>What a moment with a customer was.</summary>
internal enum MomentKind
{
    /// <summary>顾客赞许: we delighted the customer.</summary>
    Delight = 1,

    /// <summary>我们帮忙: a favour from us.</summary>
    FavourFromUs = 2,

    /// <summary>顾客帮忙: a favour from the customer.</summary>
    FavourToUs = 3,
}

/// <summary>A moment worth keeping: delight, or a favour one way or the other.</summary>
/// <param name="Kind">Which.</param>
/// <param name="On">The day, in the firm's zone.</param>
/// <param name="What">What was done, 1–400 characters.</param>
/// <param name="Who">Who did it; empty: who wrote it down.</param>
/// <param name="Reaction">What the customer said or did, up to 400 characters.</param>
/// <param name="Tone">How the customer sounded, −2 to 2; null: nobody said.</param>
internal sealed record Moment(MomentKind Kind, DateOnly On, string What, string Who, string Reaction, int? Tone)
{
    public const string Table = "customers_moment";

    /// <summary>Name under which it stands among a customer's changes.</summary>
    public const string Field = "moment";

    private const int Longest = 400;
    private const int LongestName = 100;

    public long Id { get; init; }

    /// <summary>Grows with each change.</summary>
    public int Version { get; init; } = 1;

    /// <summary>As history keeps it.</summary>
    public string Written => $"{CustomerFilter.Kebab(Kind)} {What}";

    /// <param name="kind">As addresses write it.</param>
    /// <param name="on">The day; empty: today.</param>
    /// <param name="words">What, who, reaction.</param>
    /// <param name="tone">A number; empty: none.</param>
    /// <param name="today">Nothing is kept that is still to come.</param>
    /// <exception cref="RuleException"><c>relationship.moment.wrong</c>, <c>relationship.moment.what</c>, <c>relationship.moment.on</c>, <c>relationship.tone.wrong</c>, <c>relationship.day.wrong</c>.</exception>
    public static Moment Read(string? kind, string? on, (string? What, string? Who, string? Reaction) words, string? tone, DateOnly today)
    {
        var (what, who, reaction) = (TypedText.Clean(words.What), TypedText.Clean(words.Who), TypedText.Clean(words.Reaction));
        if (what.Length is 0 or > Longest || reaction.Length > Longest || who.Length > LongestName) { throw new RuleException("relationship.moment.what", Longest); }
        var day = Bond.Day(on) ?? today;
        return day > today ? throw new RuleException("relationship.moment.on") : new(TypedText.Chosen<MomentKind>(kind, "relationship.moment.wrong"), day, what, who, reaction, Tones.Read(tone));
    }

    /// <summary>A customer's, the newest first.</summary>
    public static Task<List<Moment>> Of(DbConnection connection, long customerId, TimeZoneInfo zone, CancellationToken ct) => connection.Rows(
        "select id, kind, at, what, who, reaction, tone, version from customers_moment where customer_id = @id order by at desc, id desc limit 200",
        row => new Moment((MomentKind)row.GetInt16(1), DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(row.At(2), zone).DateTime), row.GetString(3), row.GetString(4), row.GetString(5), row.IsDBNull(6) ? null : row.GetInt32(6)) { Id = row.GetInt64(0), Version = row.GetInt32(7) }, ct, ("id", customerId));
}

/// <summary>How a customer sounded.</summary>
internal static class Tones
{
    /// <summary>All of them, the best first.</summary>
    public static IReadOnlyList<int> All { get; } = [2, 1, 0, -1, -2];

    /// <summary>Text key of one.</summary>
    public static string Key(int tone) => "relationship.tone." + (tone switch { 2 => "delighted", 1 => "friendly", 0 => "plain", -1 => "cool", _ => "angry" });

    /// <exception cref="RuleException"><c>relationship.tone.wrong</c>.</exception>
    public static int? Read(string? text) => string.IsNullOrEmpty(text) ? null
        : int.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var tone) ? Read((int?)tone) : throw new RuleException("relationship.tone.wrong");

    /// <exception cref="RuleException"><c>relationship.tone.wrong</c>.</exception>
    public static int? Read(int? tone) => tone is null or (>= -2 and <= 2) ? tone : throw new RuleException("relationship.tone.wrong");
}
