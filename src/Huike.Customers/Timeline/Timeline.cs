using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Customers.Merges;
using Huike.Customers.OneVoice;
using Huike.Platform.Data;

namespace Huike.Customers.Timeline;

/// <summary>What an entry of the timeline tells of.</summary>
internal enum EntryKind
{
    Document,
    Note,
    Contact,
    Planned,
    Finished,
    Change,
    Stage,
    File,
    Merge,
    Moment,
}

/// <summary>An entry of the timeline.</summary>
/// <param name="Kind">What it tells of.</param>
/// <param name="At">When that happened.</param>
/// <param name="Text">Document number, note, step, or new value of a field.</param>
internal sealed record TimelineItem(EntryKind Kind, DateTimeOffset At, string Text)
{
    /// <summary>Who did it; empty for documents and stages.</summary>
    public string By { get; init; } = "";

    /// <summary>Value before a change; null where there was none.</summary>
    public string? Old { get; init; }

    /// <summary>Name of a changed field; number of a file or a merge.</summary>
    public string Field { get; init; } = "";

    public BuyingStage Stage { get; init; }

    /// <summary>How somebody spoke with the customer, and from which side it came.</summary>
    public (InteractionKind Kind, InteractionSide Side) Contact { get; init; }

    /// <summary>Lines of a document.</summary>
    public int Lines { get; init; }

    /// <summary>Lines of a document that take something back.</summary>
    public int ReturnedLines { get; init; }

    /// <summary>Sum of a document in the firm's currency.</summary>
    public decimal Amount { get; init; }
}

/// <summary>A page of the timeline.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Before">Where the next page begins; null on the last.</param>
internal sealed record TimelinePage(IReadOnlyList<TimelineItem> Items, DateTimeOffset? Before);

/// <summary>
/// 长期档案: everything that happened with one customer, newest first (H1). Each source gives its newest entries before an instant; a page ends where the first of
/// them can't tell any further, and never between two entries of one instant. So a page costs the same for fifty lines and for fifty thousand.
/// </summary>
internal static class CustomerTimeline
{
    private const int MostEntries = 25;
    private const int MostLines = 600;
    private const int MostOfKind = 60;

    /// <param name="connection">Reads.</param>
    /// <param name="customerId">Whose.</param>
    /// <param name="before">Only what happened before this instant; null from the newest on.</param>
    /// <param name="kinds">Only entries of these kinds; empty for all.</param>
    /// <param name="ct">Ends the read.</param>
    public static async Task<TimelinePage> Page(DbConnection connection, long customerId, DateTimeOffset? before, IReadOnlyCollection<EntryKind> kinds, CancellationToken ct)
    {
        var bound = before ?? DateTimeOffset.MaxValue.AddDays(-2);
        var all = new List<TimelineItem>();
        DateTimeOffset? horizon = null;
        foreach (var (kind, read) in Sources)
        {
            if (kinds.Count > 0 && !kinds.Contains(kind)) { continue; }
            var (items, complete) = await read(connection, customerId, bound, ct);
            all.AddRange(items);
            if (complete is { } until && (horizon is null || until > horizon)) { horizon = until; }
        }
        var shown = all.Where(item => horizon is null || item.At > horizon).OrderByDescending(item => item.At).ThenBy(item => item.Kind).ToList();
        if (shown.Count == 0 && horizon is { } crowded)
        {
            // More at one instant than a source gives at once: what it gave of that instant is shown.
            return new([.. all.Where(item => item.At == crowded).OrderBy(item => item.Kind)], crowded);
        }
        if (shown.Count <= MostEntries) { return new(shown, horizon is null ? null : shown[^1].At); }
        var last = shown[MostEntries - 1].At;
        var cut = shown.Where(item => item.At >= last).ToList();
        return new(cut, cut.Count < shown.Count || horizon is not null ? last : null);
    }

    private delegate Task<(List<TimelineItem> Items, DateTimeOffset? CompleteAfter)> Source(DbConnection connection, long customerId, DateTimeOffset before, CancellationToken ct);

    private static readonly (EntryKind Kind, Source Read)[] Sources =
    [
        (EntryKind.Document, Documents),
        (EntryKind.Note, Newest("select at, body, created_by from customers_note where customer_id = @id and at < @before and kind = 0 order by at desc",
            row => new(EntryKind.Note, row.At(0), row.GetString(1)) { By = row.GetString(2) })),
        (EntryKind.Contact, Newest("select at, body, created_by, kind, direction from customers_note where customer_id = @id and at < @before and kind > 0 order by at desc",
            row => new(EntryKind.Contact, row.At(0), row.GetString(1)) { By = row.GetString(2), Contact = ((InteractionKind)row.GetInt32(3), (InteractionSide)row.GetInt32(4)) })),
        (EntryKind.Planned, Newest("select created_at, what, created_by from customers_next_step where customer_id = @id and created_at < @before order by created_at desc",
            row => new(EntryKind.Planned, row.At(0), row.GetString(1)) { By = row.GetString(2) })),
        (EntryKind.Finished, Newest("select done_at, what from customers_next_step where customer_id = @id and done_at < @before order by done_at desc",
            row => new(EntryKind.Finished, row.At(0), row.GetString(1)))),
        (EntryKind.Change, Newest("select created_at, coalesce(new_value, ''), created_by, field, old_value from customers_change where customer_id = @id and created_at < @before and not (field = 'moment' and old_value is null) order by created_at desc, id",
            row => new(EntryKind.Change, row.At(0), row.GetString(1)) { By = row.GetString(2), Field = row.GetString(3), Old = row.TextOrNull(4) })),
        (EntryKind.File, Newest("select created_at, name, created_by, id from platform_file where record_kind = 'customers' and record_id = @id and created_at < @before order by id desc",
            row => new(EntryKind.File, row.At(0), row.GetString(1)) { By = row.GetString(2), Field = row.GetInt64(3).ToString(System.Globalization.CultureInfo.InvariantCulture) })),
        (EntryKind.Merge, Newest($"select at, name, by, id, number from {CustomerMerge.Table} where customer_id = @id and at < @before order by at desc",
            row => new(EntryKind.Merge, row.At(0), Text(row.GetString(1), row.GetString(4))) { By = row.GetString(2), Field = row.GetInt64(3).ToString(System.Globalization.CultureInfo.InvariantCulture) })),
        // The field is the kind; that it was written down is no entry of its own.
        (EntryKind.Moment, Newest("select at, what, who, kind, reaction from customers_moment where customer_id = @id and at < @before order by at desc",
            row => new(EntryKind.Moment, row.At(0), row.GetString(1)) { By = row.GetString(2), Field = CustomerFilter.Kebab((Relationships.Bonds.MomentKind)row.GetInt16(3)), Old = row.GetString(4) })),
        (EntryKind.Stage, Newest("select since_at, stage from customers_stage where customer_id = @id and since_at < @before order by since_at desc",
            row => new(EntryKind.Stage, row.At(0), "") { Stage = (BuyingStage)row.GetInt16(1) })),
    ];

    private static string Text(string name, string number) => name.Length > 0 ? $"{name} · {number}" : number;

    private static Source Newest(string sql, Func<DbDataReader, TimelineItem> map) => async (connection, customerId, before, ct) =>
    {
        var items = await connection.Rows($"{sql} limit {MostOfKind}", map, ct, ("id", customerId), ("before", before));
        return (items, items.Count < MostOfKind ? null : items[^1].At);
    };

    /// <summary>Documents from the newest lines. The oldest instant of a full read may lack lines; it is left for the next page, or summed by itself where there is no other.</summary>
    private static async Task<(List<TimelineItem> Items, DateTimeOffset? CompleteAfter)> Documents(DbConnection connection, long customerId, DateTimeOffset before, CancellationToken ct)
    {
        const string sums = "at, document, count(*), sum(case when is_return then 1 else 0 end), cast(sum(amount) as bigint)";
        var items = await connection.Rows(
            $"select {sums} from (select at, document, amount, is_return from customers_transaction where customer_id = @id and at < @before order by at desc limit {MostLines}) newest group by at, document order by at desc, document",
            Document, ct, ("id", customerId), ("before", before));
        if (items.Sum(item => item.Lines) < MostLines) { return (items, null); }
        var oldest = items[^1].At;
        if (items[0].At > oldest) { return (items, oldest); }
        var whole = await connection.Rows($"select {sums} from customers_transaction where customer_id = @id and at = @at group by at, document order by document limit 200", Document, ct, ("id", customerId), ("at", oldest));
        return (whole, oldest);
    }

    private static TimelineItem Document(DbDataReader row) =>
        new(EntryKind.Document, row.At(0), row.GetString(1)) { Lines = row.GetInt32(2), ReturnedLines = row.GetInt32(3), Amount = row.Amount(4) };
}
