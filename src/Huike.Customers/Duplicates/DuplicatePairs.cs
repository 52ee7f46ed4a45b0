using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers.Duplicates;

/// <summary>What was decided of a pair.</summary>
internal enum PairState
{
    Open = 0,
    Different = 1,
}

/// <summary>Two customers who may be the same, as the visitor sees them: both are his to see.</summary>
internal sealed record DuplicatePair(long Id, double Score, PairState State, IReadOnlyList<DuplicateReason> Reasons, PairedCustomer A, PairedCustomer B, DateTimeOffset? DecidedAt, string? DecidedBy)
{
    /// <summary>Names of the fields that speak for it, the heaviest first.</summary>
    public IEnumerable<string> Agreeing => Reasons.Where(reason => reason.Weight > 0).OrderByDescending(reason => reason.Weight).Select(reason => reason.Field);
}

/// <summary>One of the two.</summary>
internal sealed record PairedCustomer(long Id, string Number, string Name, string? Owner, CustomerTraits Traits, DateTimeOffset CreatedAt)
{
    public string Href => string.Create(CultureInfo.InvariantCulture, $"/customers/{Id}");
}

/// <summary>Which pairs are asked for.</summary>
/// <param name="State">What was decided.</param>
/// <param name="From">At least so many per cent likely.</param>
/// <param name="After">Score and number of the last one that was seen; null: from the likeliest on.</param>
internal sealed record PairQuery(PairState State, int From, (double Score, long Id)? After)
{
    /// <summary>Of this customer alone; null: of all.</summary>
    public long? Customer { get; init; }

    /// <exception cref="RuleException"><c>duplicates.filter.wrong</c>.</exception>
    public static PairQuery Read(string? state, string? from, string? after)
    {
        var parts = (after ?? "").Split('_');
        (double, long)? cursor = string.IsNullOrEmpty(after) ? null
            : parts.Length == 2 && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && double.IsFinite(score) && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? (score, id)
            : throw new RuleException("duplicates.filter.wrong");
        var least = 0;
        if (!string.IsNullOrEmpty(from) && (!int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out least) || least > 100)) { throw new RuleException("duplicates.filter.wrong"); }
        return new(string.IsNullOrEmpty(state) ? PairState.Open : TypedText.Chosen<PairState>(state, "duplicates.filter.wrong"), least, cursor);
    }

    public static string Cursor(DuplicatePair last) => string.Create(CultureInfo.InvariantCulture, $"{last.Score:R}_{last.Id}");
}

/// <summary>The queue of pairs, of which both customers are within the visitor's scope; and what is decided of them.</summary>
internal sealed class DuplicatePairs(Database database, AuditLog audit, TimeProvider clock)
{
    public const int Most = 50;

    private const string Columns = """
        d.id, d.score, d.state, d.reasons, d.decided_at, d.decided_by,
        a.id, a.number, a.name, coalesce(nullif(pa.display_name, ''), pa.user_name), a.phone, a.email, a.credit_code, (select min(w.value) from customers_contact_point w where w.customer_id = a.id and w.kind = 2), a.place, a.address, a.created_at,
        b.id, b.number, b.name, coalesce(nullif(pb.display_name, ''), pb.user_name), b.phone, b.email, b.credit_code, (select min(w.value) from customers_contact_point w where w.customer_id = b.id and w.kind = 2), b.place, b.address, b.created_at
        """;

    private const string Tables = "customers_duplicate d join customers_customer a on a.id = d.a_id join customers_customer b on b.id = d.b_id left join platform_user pa on pa.id = a.owner_id left join platform_user pb on pb.id = b.owner_id";

    /// <summary>A page, the likeliest first; one more is read than it holds.</summary>
    public async Task<List<DuplicatePair>> Page(PairQuery query, Viewer viewer, CancellationToken ct)
    {
        var (where, parameters) = ($"d.state = @state and d.score >= @least and {Seen(viewer)}", new List<(string, object?)> { ("state", (short)query.State), ("least", query.From / 100.0) });
        if (query.After is { } after)
        {
            where += " and (d.score, d.id) < (@score, @id)";
            parameters.AddRange([("score", after.Score), ("id", after.Id)]);
        }
        if (query.Customer is { } customer)
        {
            where += " and (d.a_id = @customer or d.b_id = @customer)";
            parameters.Add(("customer", customer));
        }
        await using var connection = await database.Open(ct);
        return await connection.Rows($"select {Columns} from {Tables} where {where} order by d.score desc, d.id desc limit {Most + 1}", row => Map(row, viewer), ct, [.. parameters, .. viewer.Parameters]);
    }

    /// <exception cref="RuleException"><c>duplicates.pair.unknown</c>: there is none, or one of the two is not for the visitor to see.</exception>
    public async Task<DuplicatePair> Find(long id, Viewer viewer, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await Find(connection, id, viewer, ct);
    }

    /// <summary>The two are not the same, or that is taken back. Said twice it is said once.</summary>
    /// <exception cref="RuleException"><c>duplicates.pair.unknown</c>.</exception>
    public Task Decide(long id, bool areDifferent, Viewer viewer, string by, CancellationToken ct) => audit.Change(async connection =>
    {
        await connection.Run("update customers_duplicate set state = state where id = @id", ct, ("id", id));
        var pair = await Find(connection, id, viewer, ct);
        if (areDifferent == (pair.State == PairState.Different)) { return null; }
        await connection.Run("update customers_duplicate set state = @state, decided_at = @at, decided_by = @by where id = @id", ct,
            ("id", id), ("state", (short)(areDifferent ? PairState.Different : PairState.Open)), ("at", areDifferent ? clock.GetUtcNow() : null), ("by", areDifferent ? by : null));
        return Audited.Customer(areDifferent ? "customer.not-duplicate" : "customer.maybe-duplicate", pair.A.Id, [AuditChange.Is("other", pair.B.Number)]);
    }, ct);

    private static string Seen(Viewer viewer) => $"{viewer.Sql("a")} and {viewer.Sql("b")}";

    private static async Task<DuplicatePair> Find(DbConnection connection, long id, Viewer viewer, CancellationToken ct) =>
        await connection.First($"select {Columns} from {Tables} where d.id = @id and {Seen(viewer)}", row => Map(row, viewer), ct, [("id", id), .. viewer.Parameters]) ?? throw new RuleException("duplicates.pair.unknown");

    private static DuplicatePair Map(DbDataReader row, Viewer viewer) => new(row.GetInt64(0), row.GetDouble(1), (PairState)row.GetInt16(2), JsonSerializer.Deserialize<List<DuplicateReason>>(row.GetString(3)) ?? [], One(row, 6, viewer), One(row, 17, viewer), row.AtOrNull(4), row.TextOrNull(5));

    private static PairedCustomer One(DbDataReader row, int at, Viewer viewer)
    {
        string? Text(int offset, string column) => viewer.Veil(column, row.TextOrNull(at + offset));
        return new(row.GetInt64(at), row.GetString(at + 1), row.GetString(at + 2), row.TextOrNull(at + 3),
            new(row.GetString(at + 2), Text(4, "phone"), Text(5, "email"), Text(6, "credit_code"), Text(7, "wechat"), viewer.Veil("address", CustomerTraits.Place(row.TextOrNull(at + 8), row.TextOrNull(at + 9)))), row.At(at + 10));
    }
}
