using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers.BulkChanges;

/// <summary>What can be done to many customers.</summary>
internal enum BulkVerb
{
    Set = 0,
    Assign = 1,
    Tag = 2,
    Untag = 3,
    Remove = 4,
    Restore = 5,
    Undo = 6,
}

/// <summary>What is to be done to each of them.</summary>
/// <param name="Verb">Which thing.</param>
/// <param name="Field">Of <see cref="BulkVerb.Set"/>: name of the member, the firm's own with their prefix.</param>
/// <param name="Value">Its value as a text; null or empty: none.</param>
/// <param name="Owner">Of <see cref="BulkVerb.Assign"/>: sign-in name; empty: nobody.</param>
/// <param name="Tags">Of the verbs of tags: parted by commas.</param>
internal sealed record BulkWish(BulkVerb Verb, string? Field = null, string? Value = null, string? Owner = null, string? Tags = null);

/// <summary>What became of one customer.</summary>
internal enum BulkState
{
    Open = 0,
    Done = 1,
    Same = 2,
    LeftOut = 3,
}

/// <summary>批量: something that somebody does to many customers.</summary>
/// <param name="Id">Number.</param>
/// <param name="Wish">What; null while it is only known to whom.</param>
/// <param name="UserId">Who asked for it: each customer is changed under his permission and scope.</param>
/// <param name="By">His shown name.</param>
/// <param name="CreatedAt">When the customers were chosen.</param>
/// <param name="FinishedAt">When it ended; null: not yet.</param>
/// <param name="JobId">The job that does it; null while it is planned.</param>
/// <param name="Undoes">Number of the one that it takes back; null: none.</param>
/// <param name="UndoneBy">Number of the one that takes it back; null: none.</param>
internal sealed record BulkChange(long Id, BulkWish? Wish, long UserId, string By, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, long? JobId, long? Undoes, long? UndoneBy)
{
    public const string Table = "customers_bulk";

    public const string Rows = "customers_bulk_row";

    public const string Path = "/customers/bulk";

    private const string Query = $"select b.id, b.change, b.user_id, b.by, b.created_at, b.finished_at, b.job_id, b.undoes, (select u.id from {Table} u where u.undoes = b.id) from {Table} b";

    public static readonly AuditedKind Audited = new("bulk", "bulk.audit", Path + "/{0}", "bulk.field.", "bulk.");

    /// <summary>Whether it can be taken back: it has ended and is none that takes another back.</summary>
    public bool MayBeUndone => FinishedAt is not null && Undoes is null && UndoneBy is null;

    public string Href => string.Create(CultureInfo.InvariantCulture, $"{Path}/{Id}");

    /// <exception cref="RuleException"><c>bulk.unknown</c>.</exception>
    public static async Task<BulkChange> Find(DbConnection connection, long id, CancellationToken ct) => await connection.First($"{Query} where b.id = @id", Map, ct, ("id", id)) ?? throw new RuleException("bulk.unknown", id);

    /// <summary>The last one of a user that has ended since an instant and can be undone; null: none.</summary>
    public static Task<BulkChange?> Last(DbConnection connection, long userId, DateTimeOffset since, CancellationToken ct) =>
        connection.First($"{Query} where b.user_id = @user and b.finished_at >= @since and b.undoes is null and not exists (select 1 from {Table} u where u.undoes = b.id) order by b.id desc limit 1", Map, ct, ("user", userId), ("since", since));

    /// <summary>The last ones of a user, the newest first.</summary>
    public static Task<List<BulkChange>> Newest(DbConnection connection, long userId, int most, CancellationToken ct) =>
        connection.Rows($"{Query} where b.user_id = @user and b.job_id is not null order by b.id desc limit {most}", Map, ct, ("user", userId));

    /// <summary>How many customers stand how.</summary>
    public static async Task<BulkCounts> Count(DbConnection connection, long id, CancellationToken ct)
    {
        var counts = (await connection.Rows($"select state, count(*) from {Rows} where bulk_id = @id group by state", row => (State: (BulkState)row.GetInt16(0), Count: row.GetInt64(1)), ct, ("id", id))).ToDictionary(one => one.State, one => one.Count);
        return new(counts.GetValueOrDefault(BulkState.Open), counts.GetValueOrDefault(BulkState.Done), counts.GetValueOrDefault(BulkState.Same), counts.GetValueOrDefault(BulkState.LeftOut));
    }

    private static BulkChange Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1) is { Length: > 0 } wish ? JsonSerializer.Deserialize<BulkWish>(wish) : null, row.GetInt64(2), row.GetString(3),
        row.At(4), row.AtOrNull(5), row.IsDBNull(6) ? null : row.GetInt64(6), row.IsDBNull(7) ? null : row.GetInt64(7), row.IsDBNull(8) ? null : row.GetInt64(8));
}

/// <summary>How many customers stand how.</summary>
/// <param name="Open">Yet to be done.</param>
/// <param name="Done">Changed.</param>
/// <param name="Same">There was nothing to change.</param>
/// <param name="LeftOut">Not changed, each for a reason.</param>
internal sealed record BulkCounts(long Open, long Done, long Same, long LeftOut)
{
    public long All => Open + Done + Same + LeftOut;

    public double Share => All == 0 ? 1 : (double)(All - Open) / All;
}
