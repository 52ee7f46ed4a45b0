using System.Data.Common;
using System.Globalization;
using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Customers.Relationships.Bonds;

/// <summary>关系纽带: what holds a customer (H4).</summary>
internal enum BondKind
{
    /// <summary>财务联系: prices, points, terms.</summary>
    Financial = 1,

    /// <summary>社会联系: people who know each other, occasions.</summary>
    Social = 2,

    /// <summary>定制化联系: what is made for this one.</summary>
    Customised = 3,

    /// <summary>结构化联系: shared systems, stock planning, reports.</summary>
    Structural = 4,
}

/// <summary>A bond that exists.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="What">What it is, 1–400 characters.</param>
/// <param name="Since">First day; null: not known.</param>
internal sealed record Bond(BondKind Kind, string What, DateOnly? Since)
{
    public const string Table = "customers_bond";

    /// <summary>Name under which it stands among a customer's changes.</summary>
    public const string Field = "bond";

    private const int Longest = 400;

    public long Id { get; init; }

    /// <summary>Grows with each change.</summary>
    public int Version { get; init; } = 1;

    public string CreatedBy { get; init; } = "";

    /// <summary>As history keeps it.</summary>
    public string Written => $"{CustomerFilter.Kebab(Kind)} {What}";

    /// <exception cref="RuleException"><c>relationship.bond.wrong</c>, <c>relationship.bond.what</c>, <c>relationship.day.wrong</c>.</exception>
    public static Bond Read(string? kind, string? what, string? since)
    {
        var words = TypedText.Clean(what);
        return words.Length is 0 or > Longest ? throw new RuleException("relationship.bond.what", Longest) : new(TypedText.Chosen<BondKind>(kind, "relationship.bond.wrong"), words, Day(since));
    }

    /// <summary>A day as forms send it; null: none.</summary>
    /// <exception cref="RuleException"><c>relationship.day.wrong</c>.</exception>
    public static DateOnly? Day(string? text) => TypedText.Clean(text) is not { Length: > 0 } typed ? null
        : DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1900 and < 9000 ? day : throw new RuleException("relationship.day.wrong");

    /// <summary>A customer's, by kind.</summary>
    public static Task<List<Bond>> Of(DbConnection connection, long customerId, CancellationToken ct) => connection.Rows(
        "select id, kind, what, since_on, version, created_by from customers_bond where customer_id = @id order by kind, id limit 200",
        row => new Bond((BondKind)row.GetInt16(1), row.GetString(2), Day(row.TextOrNull(3))) { Id = row.GetInt64(0), Version = row.GetInt32(4), CreatedBy = row.GetString(5) }, ct, ("id", customerId));
}
