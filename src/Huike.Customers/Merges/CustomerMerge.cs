using System.Data.Common;
using System.Text.Json;
using Huike.Customers.Ledger;
using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Customers.Merges;

/// <summary>A field of the file that stayed, which the merge changed.</summary>
/// <param name="Field">Column, as <see cref="CustomerColumns"/> names it; or one of <see cref="CustomerMerge.Extra"/>.</param>
/// <param name="Old">Before.</param>
/// <param name="New">After.</param>
internal sealed record MergedField(string Field, string? Old, string? New);

/// <summary>合并: two files of one customer that became one.</summary>
/// <param name="Id">Number of the merge.</param>
/// <param name="CustomerId">Who holds what was merged now: the survivor, or whoever the survivor was merged into since.</param>
/// <param name="SurvivorId">Whose file stayed.</param>
/// <param name="AbsorbedId">Whose file went into it.</param>
/// <param name="Number">The number that the absorbed one had; by it the survivor is found.</param>
/// <param name="Name">The name that the absorbed one had; empty where the person was erased.</param>
/// <param name="Fields">What the merge changed in the survivor's file.</param>
/// <param name="At">When.</param>
/// <param name="By">Who did it.</param>
/// <param name="UndoneAt">When it was undone; null: it stands.</param>
/// <param name="UndoneBy">Who undid it.</param>
internal sealed record CustomerMerge(long Id, long CustomerId, long SurvivorId, long AbsorbedId, string Number, string Name, IReadOnlyList<MergedField> Fields, DateTimeOffset At, string By, DateTimeOffset? UndoneAt, string? UndoneBy)
{
    public const string Table = "customers_merge";

    /// <summary>What became of each row.</summary>
    public const string Rows = "customers_merge_row";

    /// <summary>What can be taken from the other file besides the fields of <see cref="CustomerColumns"/>: who looks after the customer, and how the customer likes to be reached.</summary>
    public static readonly IReadOnlyList<string> Extra = [Owner, Reach];

    public const string Owner = "owner";
    public const string Reach = "reach";

    private const string Columns = "id, customer_id, survivor_id, absorbed_id, number, name, fields, at, by, undone_at, undone_by";

    /// <summary>Whether it can be undone: nothing of it was erased, and its file was not merged away since.</summary>
    public bool MayBeUndone => UndoneAt is null && !IsErased && CustomerId == SurvivorId;

    public bool IsErased => Name.Length == 0 && Number.Length == 0;

    /// <summary>One merge.</summary>
    /// <exception cref="RuleException"><c>customers.merge.unknown</c>.</exception>
    public static async Task<CustomerMerge> Find(DbConnection connection, long customerId, long id, CancellationToken ct) =>
        await connection.First($"select {Columns} from {Table} where id = @merge and customer_id = @id", Map, ct, ("merge", id), ("id", customerId)) ?? throw new RuleException("customers.merge.unknown");

    /// <summary>Merges into a customer's file, the newest first; at most 200.</summary>
    public static Task<List<CustomerMerge>> Of(DbConnection connection, long customerId, CancellationToken ct) =>
        connection.Rows($"select {Columns} from {Table} where customer_id = @id order by at desc, id desc limit 200", Map, ct, ("id", customerId));

    /// <summary>Who holds the file of a customer that is no more; null: nobody.</summary>
    public static async Task<long?> Holder(DbConnection connection, long absorbedId, CancellationToken ct) =>
        await connection.Number($"select customer_id from {Table} where absorbed_id = @id and undone_at is null", ct, ("id", absorbedId)) is > 0 and var holder ? holder : null;

    /// <summary>Whose files a customer's file holds: their ids and numbers.</summary>
    public static Task<List<(long Id, string Number)>> Absorbed(DbConnection connection, long customerId, CancellationToken ct) =>
        connection.Rows($"select absorbed_id, number from {Table} where customer_id = @id and undone_at is null order by id", row => (row.GetInt64(0), row.GetString(1)), ct, ("id", customerId));

    /// <summary>Who has the files of these numbers by now, of those that went into another one or into the bin.</summary>
    public static async Task<Dictionary<string, long>> HoldersOf(DbConnection connection, IReadOnlyCollection<string> numbers, CancellationToken ct)
    {
        var holders = new Dictionary<string, long>();
        foreach (var some in numbers.Chunk(500))
        {
            var rows = await connection.Rows($"select number, customer_id from {Table} where undone_at is null and number in ({Named(some)}) union all select number, id from customers_binned where number in ({Named(some)})", row => (row.GetString(0), row.GetInt64(1)), ct, [.. some.Select((number, i) => ($"n{i}", (object?)number))]);
            foreach (var (number, holder) in rows) { holders[number] = holder; }
        }
        return holders;

        static string Named(string[] some) => string.Join(", ", some.Select((_, i) => $"@n{i}"));
    }

    /// <summary>Lines that a load wrote for a customer whose file went into another one's meanwhile go to that one's.</summary>
    public static Task TakeLines(DbConnection connection, Load load, CancellationToken ct) => connection.Run($"""
        update customers_transaction set customer_id = (select m.customer_id from {Table} m where m.absorbed_id = customers_transaction.customer_id and m.undone_at is null)
        where load_id = @load and customer_id in (select absorbed_id from {Table} where undone_at is null and at >= @since)
        """, ct, ("load", load.Id), ("since", load.CreatedAt));

    private static CustomerMerge Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4), row.GetString(5),
        JsonSerializer.Deserialize<List<MergedField>>(row.GetString(6))!, row.At(7), row.GetString(8), row.AtOrNull(9), row.TextOrNull(10));
}
