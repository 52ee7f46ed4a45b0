using System.Data.Common;
using Huike.Customers.ContactPoints;
using Huike.Customers.Tags;
using Huike.Platform.Data;

namespace Huike.Customers;

/// <summary>One customer's file and standing, in one read.</summary>
internal sealed record CustomerFacts(
    ListedCustomer Listed, string? Email, string? Address, string? CreditCode, string? Contact, string? Remark, int Version, int Returns, int Purchases, DateTimeOffset StageSinceAt, long LoadId, ReachWish Reach)
{
    /// <summary>What everybody who deals with the customer has to heed.</summary>
    public string? Requirements { get; init; }

    /// <summary>How the customer buys.</summary>
    public string? Buying { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    private const string Query = $"""
        select {CustomerListSql.Columns}, c.email, c.address, c.credit_code, c.contact, c.remark, c.version, s.returns, s.purchases, s.stage_since_at, coalesce(c.load_id, 0), {ReachWish.Columns}, c.requirements, c.buying, {Tag.Joined}
        from customers_customer c join customers_standing s on s.customer_id = c.id where c.id = @id
        """;

    /// <returns>Null where there is no such customer.</returns>
    public static Task<CustomerFacts?> Find(DbConnection connection, long id, CancellationToken ct) => connection.First(Query, Map, ct, ("id", id));

    private static CustomerFacts Map(DbDataReader row) => new(
        CustomerList.Map(row), row.TextOrNull(20), row.TextOrNull(21), row.TextOrNull(22), row.TextOrNull(23), row.TextOrNull(24), row.GetInt32(25), row.GetInt32(26), row.GetInt32(27), row.At(28), row.GetInt64(29), ReachWish.Map(row, 30))
    {
        Requirements = row.TextOrNull(34),
        Buying = row.TextOrNull(35),
        Tags = Tag.Split(row.TextOrNull(36)),
    };
}
