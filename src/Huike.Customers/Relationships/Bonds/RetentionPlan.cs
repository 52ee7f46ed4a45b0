using System.Data.Common;
using System.Globalization;
using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Customers.Relationships.Bonds;

/// <summary>保留计划: how a customer is to be kept. Its steps are next steps.</summary>
/// <param name="Goal">1–400 characters.</param>
/// <param name="Next">The bond to build next.</param>
/// <param name="ReviewOn">The day on which it is looked at again.</param>
internal sealed record RetentionPlan(string Goal, BondKind Next, DateOnly ReviewOn)
{
    /// <summary>Name under which it stands among a customer's changes.</summary>
    public const string Field = "retentionPlan";

    private const int Longest = 400;

    public long Id { get; init; }

    /// <summary>Grows with each change; 0: there was none.</summary>
    public int Version { get; init; }

    /// <summary>As history keeps it.</summary>
    public string Written => string.Create(CultureInfo.InvariantCulture, $"{CustomerFilter.Kebab(Next)} {ReviewOn:yyyy-MM-dd} {Goal}");

    /// <exception cref="RuleException"><c>relationship.plan.goal</c>, <c>relationship.bond.wrong</c>, <c>relationship.day.wrong</c>.</exception>
    public static RetentionPlan Read(string? goal, string? next, string? review)
    {
        var words = TypedText.Clean(goal);
        if (words.Length is 0 or > Longest) { throw new RuleException("relationship.plan.goal", Longest); }
        return new(words, TypedText.Chosen<BondKind>(next, "relationship.bond.wrong"), Bond.Day(review) ?? throw new RuleException("relationship.day.wrong"));
    }

    public static Task<RetentionPlan?> Of(DbConnection connection, long customerId, CancellationToken ct) => connection.First(
        "select id, goal, next_bond, review_on, version from customers_retention_plan where customer_id = @id",
        row => new RetentionPlan(row.GetString(1), (BondKind)row.GetInt16(2), Bond.Day(row.GetString(3))!.Value) { Id = row.GetInt64(0), Version = row.GetInt32(4) }, ct, ("id", customerId));
}
