using System.Data.Common;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;

namespace Huike.Customers.Claims;

/// <summary>How a conflict of claims ended.</summary>
internal enum ClaimOutcome
{
    Open = 0,

    /// <summary>The customer stays with whom it was.</summary>
    Kept = 1,

    /// <summary>The claimant looks after the customer from now on.</summary>
    Moved = 2,

    /// <summary>The customer stays, and the claimant works on its file too.</summary>
    Shared = 3,

    /// <summary>The claimant took it back.</summary>
    Withdrawn = 4,
}

/// <summary>撞单: somebody says that another's customer is his (H1).</summary>
/// <param name="Id">Number.</param>
/// <param name="CustomerId">Whom it is about.</param>
/// <param name="Customer">What the reader may know it by: its name where he sees it, else what the claimant called it.</param>
/// <param name="IsSeen">The reader sees the customer.</param>
internal sealed record Claim(long Id, long CustomerId, string Customer, bool IsSeen)
{
    public const string Table = "customers_claim";

    public const int LongestEvidence = 2_000;

    /// <summary>Who claims it.</summary>
    public required (long Id, string Name) Claimant { get; init; }

    /// <summary>Who looks after it, or did when it was decided; null: nobody.</summary>
    public (long Id, string Name)? Owner { get; init; }

    /// <summary>Why, in the claimant's words.</summary>
    public required string Evidence { get; init; }

    public required DateTimeOffset RaisedAt { get; init; }

    public ClaimOutcome Outcome { get; init; }

    /// <summary>Why it was decided so; empty while it is open.</summary>
    public string Reason { get; init; } = "";

    public DateTimeOffset? DecidedAt { get; init; }

    public string? DecidedBy { get; init; }

    /// <summary>The reader may decide.</summary>
    public bool MayDecide { get; init; }

    /// <summary>Columns for <see cref="Map"/>, with two conditions on the customer: seen, and to be decided.</summary>
    public static string Select(string seen, string decides) => $"""
        select k.id, k.customer_id, case when {seen} then coalesce(nullif(c.name, ''), c.number) else k.named end, case when {seen} then 1 else 0 end, k.claimant_id, coalesce(nullif(p.display_name, ''), p.user_name),
            o.id, coalesce(nullif(o.display_name, ''), o.user_name), k.evidence, k.raised_at, k.outcome, k.reason, k.decided_at, k.decided_by, case when {seen} and {decides} then 1 else 0 end
        from {Table} k join customers_customer c on c.id = k.customer_id join platform_user p on p.id = k.claimant_id left join platform_user o on o.id = case when k.outcome = 0 then c.owner_id else k.owner_id end
        """;

    public static Claim Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetInt32(3) == 1)
    {
        Claimant = (row.GetInt64(4), row.GetString(5)),
        Owner = row.IsDBNull(6) ? null : (row.GetInt64(6), row.GetString(7)),
        Evidence = row.GetString(8),
        RaisedAt = row.At(9),
        Outcome = (ClaimOutcome)row.GetInt16(10),
        Reason = row.GetString(11),
        DecidedAt = row.AtOrNull(12),
        DecidedBy = row.TextOrNull(13),
        MayDecide = row.GetInt32(14) == 1,
    };

    /// <summary>One, as somebody sees it who raised it, looks after the customer, or decides.</summary>
    /// <exception cref="RuleException"><c>claims.claim.unknown</c>.</exception>
    public static async Task<Claim> Find(DbConnection connection, long id, ClaimReader reader, CancellationToken ct) =>
        await connection.First($"{Select(reader.Sees.Sql("c"), reader.Decides.Sql("c"))} where k.id = @id and {reader.Sql}", Map, ct, [("id", id), .. reader.Parameters]) ?? throw new RuleException("claims.claim.unknown");
}

/// <summary>Who reads claims: his own, those on customers whom he looks after, and those that he decides.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Sees">Which customers he sees.</param>
/// <param name="Decides">Which customers he sees and may give to another.</param>
internal sealed record ClaimReader(long UserId, Viewer Sees, Viewer Decides)
{
    public string Sql => $"(k.claimant_id = @reader or c.owner_id = @reader or {Decides.Sql("c")})";

    public IEnumerable<(string, object?)> Parameters => [("reader", UserId), .. Sees.Parameters.Concat(Decides.Parameters).DistinctBy(one => one.Name)];

    public static ClaimReader Of(Microsoft.AspNetCore.Http.HttpContext http) => new(http.User.Access().UserId, Viewer.Of(http), Viewer.Of(http, RecordAction.Assign));
}
