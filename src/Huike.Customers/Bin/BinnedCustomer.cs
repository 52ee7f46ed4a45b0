using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Customers.Bin;

/// <summary>A customer in the bin.</summary>
/// <param name="Id">Number that the customer had, and will have again.</param>
/// <param name="Number">The firm's number; nobody else gets it meanwhile.</param>
/// <param name="Name">What the customer was called.</param>
/// <param name="RemovedAt">Since when.</param>
/// <param name="RemovedBy">Who did it.</param>
/// <param name="Owner">Who looked after the customer; null: nobody.</param>
internal sealed record BinnedCustomer(long Id, string Number, string Name, DateTimeOffset RemovedAt, string RemovedBy, string? Owner)
{
    public const string Table = "customers_binned";

    public const string Rows = "customers_binned_row";

    public const string Path = "/customers/bin";

    private const string Query = $"select b.id, b.number, b.name, b.removed_at, b.removed_by, (select coalesce(nullif(u.display_name, ''), u.user_name) from platform_user u where u.id = b.owner_id) from {Table} b";

    public string Href => string.Create(CultureInfo.InvariantCulture, $"{Path}/{Id}");

    /// <summary>One, where the viewer may know of it; null otherwise.</summary>
    public static Task<BinnedCustomer?> Find(DbConnection connection, Viewer viewer, long id, CancellationToken ct) =>
        connection.First($"{Query} where b.id = @id and {viewer.Sql("b")}", Map, ct, [("id", id), .. viewer.Parameters]);

    /// <summary>Those whom the viewer may know of, the last ones first.</summary>
    /// <param name="connection">Reads.</param>
    /// <param name="viewer">Who looks.</param>
    /// <param name="q">Beginning of a number, or part of a name; empty: all.</param>
    /// <param name="after">Behind which row the page begins; null: the first one.</param>
    /// <param name="most">So many at most.</param>
    /// <param name="ct">Ends the read.</param>
    public static Task<List<BinnedCustomer>> List(DbConnection connection, Viewer viewer, string q, BinnedCustomer? after, int most, CancellationToken ct)
    {
        var like = q.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
        return connection.Rows($"{Query} where {viewer.Sql("b")}{(q.Length > 0 ? " and (lower(b.number) like @start escape '!' or lower(b.name) like @part escape '!')" : "")}{(after is null ? "" : " and (b.removed_at, b.id) < (@at, @after)")} order by b.removed_at desc, b.id desc limit {most}", Map, ct,
            [("start", like.ToLowerInvariant() + "%"), ("part", $"%{like.ToLowerInvariant()}%"), ("at", after?.RemovedAt), ("after", after?.Id), .. viewer.Parameters]);
    }

    /// <summary>Which customers a rule keeps where they are: who bought stays in the books, and what the law asks of the firm needs whom it is about.</summary>
    public static async Task<Dictionary<long, string>> Refused(DbConnection connection, IReadOnlyCollection<long> ids, CancellationToken ct)
    {
        var list = string.Join(',', ids.DefaultIfEmpty(-1));
        var kept = await connection.Rows($"""
            select customer_id from customers_consent where customer_id in ({list}) union select customer_id from customers_subject_request where customer_id in ({list})
            union select customer_id from platform_user where customer_id in ({list}) union select customer_id from customers_merge where customer_id in ({list})
            """, row => row.GetInt64(0), ct);
        var refused = kept.ToDictionary(id => id, _ => "customers.remove.kept");
        foreach (var id in await connection.Rows($"select distinct customer_id from customers_transaction where customer_id in ({list})", row => row.GetInt64(0), ct)) { refused[id] = "customers.remove.bought"; }
        return refused;
    }

    /// <summary>Whose number somebody else has meanwhile.</summary>
    public static async Task<HashSet<long>> Taken(DbConnection connection, IReadOnlyCollection<long> ids, CancellationToken ct) =>
        [.. await connection.Rows($"select b.id from {Table} b join customers_customer c on c.number = b.number where b.id in ({string.Join(',', ids.DefaultIfEmpty(-1))})", row => row.GetInt64(0), ct)];

    private static BinnedCustomer Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.At(3), row.GetString(4), row.TextOrNull(5));
}
