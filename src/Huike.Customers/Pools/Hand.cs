using System.Data.Common;
using System.Globalization;
using Huike.Platform.Data;

namespace Huike.Customers.Pools;

/// <summary>Why a customer changed hands.</summary>
internal enum HandCause
{
    /// <summary>分配: somebody gave it.</summary>
    Assigned = 0,

    /// <summary>领取: somebody claimed it from a pool.</summary>
    Claimed = 1,

    /// <summary>自动退回: by a pool's rules.</summary>
    Returned = 2,

    /// <summary>主动退回: its owner gave it back.</summary>
    GivenBack = 3,

    /// <summary>放入: somebody put it into a pool.</summary>
    PutIn = 4,

    /// <summary>归集: nobody looked after it, and it belongs to the pool.</summary>
    Gathered = 5,

    /// <summary>延期: it stays with its owner for longer.</summary>
    Extended = 6,

    /// <summary>离职交接: its owner left.</summary>
    HandedOver = 7,

    /// <summary>导入: a list says whose it is.</summary>
    Imported = 8,
}

/// <summary>A customer changed hands.</summary>
internal sealed record Hand(long Id, long CustomerId, string Customer, DateTimeOffset At, string By, string? From, string? To, string? FromPool, string? ToPool, HandCause Cause)
{
    /// <summary>Without what the customer was; null: that was not why.</summary>
    public Lack? Lack { get; init; }

    /// <summary>Since when.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>For how many working days; of an extension, how many it brings.</summary>
    public int Days { get; init; }

    /// <summary>What somebody wrote.</summary>
    public string Reason { get; init; } = "";

    public const string Table = "customers_hand";

    public const string Columns = "h.id, h.customer_id, case when c.name <> '' then c.name else c.number end, h.at, coalesce(nullif(b.display_name, ''), h.by), coalesce(nullif(f.display_name, ''), f.user_name), coalesce(nullif(t.display_name, ''), t.user_name), fp.name, tp.name, h.cause, h.lack, h.since_on, coalesce(h.days, 0), h.reason";

    public const string Joins = "join customers_customer c on c.id = h.customer_id left join platform_user b on b.user_name = h.by left join platform_user f on f.id = h.from_id left join platform_user t on t.id = h.to_id left join customers_pool fp on fp.id = h.from_pool left join customers_pool tp on tp.id = h.to_pool";

    /// <summary>Who had one customer, the newest first.</summary>
    public static Task<List<Hand>> Of(DbConnection connection, long customer, int most, CancellationToken ct) =>
        connection.Rows($"select {Columns} from {Table} h {Joins} where h.customer_id = @id order by h.at desc, h.id desc limit {most}", Map, ct, ("id", customer));

    public static Hand Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.At(3), row.GetString(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7), row.TextOrNull(8), (HandCause)row.GetInt16(9))
    {
        Lack = row.IsDBNull(10) ? null : (Lack)row.GetInt16(10),
        Since = row.TextOrNull(11) is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
        Days = row.GetInt32(12),
        Reason = row.GetString(13),
    };
}
