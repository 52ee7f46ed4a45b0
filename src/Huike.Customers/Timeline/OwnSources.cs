using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Files;
using Huike.Customers.Merges;
using Huike.Customers.OneVoice;
using Huike.Platform.Data;

namespace Huike.Customers.Timeline;

/// <summary>A kind of entries of this module's own.</summary>
/// <param name="Kind">Name of the view that it stands in.</param>
/// <param name="Name">Text key of the view.</param>
/// <param name="IsOpen">Is no secret between firms: what was written and planned.</param>
/// <param name="Read">Reads the newest.</param>
/// <param name="IsContact">Has a channel.</param>
internal sealed record OwnSource(string Kind, string Name, bool IsOpen, Func<DbConnection, TimelineAsk, CancellationToken, Task<TimelineRead>> Read, bool IsContact = false) : ITimelineSource
{
    public Task<TimelineRead> Newest(DbConnection connection, TimelineAsk ask, CancellationToken ct) => Read(connection, ask, ct);
}

/// <summary>What this module itself tells on timelines; each query reads one stretch of an index of its own (migration 0036).</summary>
internal static class OwnSources
{
    private const int MostLines = 600;
    private const string Sums = "at, document, count(*), sum(case when is_return then 1 else 0 end), cast(sum(amount) as bigint)";
    private const string NoteColumns = "select at, body, created_by, id, kind, direction, reply_to from customers_note where customer_id = @id";

    public static readonly IReadOnlyList<ITimelineSource> All =
    [
        Purchases(Documents),
        // A search finds answers by themselves; otherwise they stand under what they answer.
        Notes(Rows((kind, ask) => $"{NoteColumns} and kind = 0{(ask.IsNarrowed ? "" : " and reply_to is null")}{ask.Sql(kind, "at", "created_by", "body")} order by at desc", Note)),
        new OwnSource("contacts", "customers.timeline.contacts", true,
            Rows((kind, ask) => $"{NoteColumns} and {(ask.Channel is { } channel ? $"kind = {(int)channel}" : "kind > 0")}{ask.Sql(kind, "at", "created_by", "body")} order by at desc", Note), IsContact: true),
        Notes(Rows((kind, ask) => $"select created_at, what, created_by from customers_next_step where customer_id = @id{ask.Sql(kind, "created_at", "created_by", "what")} order by created_at desc",
            row => new(EntryKind.Planned, row.At(0), row.GetString(1)) { By = row.GetString(2) })),
        Notes(Rows((kind, ask) => $"select done_at, what from customers_next_step where customer_id = @id and done_at is not null{ask.Sql(kind, "done_at", null, "what")} order by done_at desc",
            row => new(EntryKind.Finished, row.At(0), row.GetString(1)))),
        Changes(Rows(Changed, row => new(EntryKind.Change, row.At(0), row.GetString(1)) { By = row.GetString(2), Field = row.GetString(3), Old = row.TextOrNull(4) })),
        Notes(Rows((kind, ask) => $"select created_at, name, created_by, id from platform_file where record_kind = '{CustomerPermissions.Records.Name}' and record_id = @id{ask.Sql(kind, "created_at", "created_by", "name")} order by created_at desc",
            row => new(EntryKind.File, row.At(0), row.GetString(1)) { By = row.GetString(2), Field = row.GetInt64(3).ToString(CultureInfo.InvariantCulture) })) with { IsOpen = false },
        Changes(Rows((kind, ask) => $"select at, name, by, id, number from {CustomerMerge.Table} where customer_id = @id{ask.Sql(kind, "at", "by", "name", "number")} order by at desc",
            row => new(EntryKind.Merge, row.At(0), Text(row.GetString(1), row.GetString(4))) { By = row.GetString(2), Field = row.GetInt64(3).ToString(CultureInfo.InvariantCulture) })),
        // The field is the kind; that it was written down is no entry of its own.
        Notes(Rows((kind, ask) => $"select at, what, who, kind, reaction from customers_moment where customer_id = @id{ask.Sql(kind, "at", "who", "what", "reaction")} order by at desc",
            row => new(EntryKind.Moment, row.At(0), row.GetString(1)) { By = row.GetString(2), Field = CustomerFilter.Kebab((Relationships.Bonds.MomentKind)row.GetInt16(3)), Old = row.GetString(4) })) with { IsOpen = false },
        Changes(Rows((kind, ask) => $"select since_at, stage from customers_stage where customer_id = @id{ask.Sql(kind, "since_at", null)} order by since_at desc",
            row => new(EntryKind.Stage, row.At(0), "") { Stage = (BuyingStage)row.GetInt16(1) })),
    ];

    private static OwnSource Purchases(Func<DbConnection, TimelineAsk, CancellationToken, Task<TimelineRead>> read) => new("purchases", "customers.timeline.purchases", false, read);

    private static OwnSource Notes(Func<DbConnection, TimelineAsk, CancellationToken, Task<TimelineRead>> read) => new("notes", "customers.timeline.notes", true, read);

    private static OwnSource Changes(Func<DbConnection, TimelineAsk, CancellationToken, Task<TimelineRead>> read) => new("changes", "customers.timeline.changes", false, read);

    private static string Text(string name, string number) => name.Length > 0 ? $"{name} · {number}" : number;

    private static Func<DbConnection, TimelineAsk, CancellationToken, Task<TimelineRead>> Rows(Func<DatabaseKind, TimelineAsk, string> query, Func<DbDataReader, OwnEntry> map) =>
        (connection, ask, ct) => ask.Read(connection, asked => query(connection.Kind(), asked), map, ct);

    private static OwnEntry Note(DbDataReader row) => new(row.GetInt32(4) == 0 ? EntryKind.Note : EntryKind.Contact, row.At(0), row.GetString(1))
    {
        By = row.GetString(2),
        Id = row.GetInt64(3),
        Contact = ((InteractionKind)row.GetInt32(4), (InteractionSide)row.GetInt32(5)),
        ReplyTo = row.IsDBNull(6) ? null : row.GetInt64(6),
    };

    /// <summary>What is masked for the viewer is not found by him either.</summary>
    private static string Changed(DatabaseKind kind, TimelineAsk ask) => $"""
        select created_at, coalesce(new_value, ''), created_by, field, old_value from customers_change
        where customer_id = @id and not (field = 'moment' and old_value is null){(ask.Words.Count > 0 ? " and " + ask.Viewer!.ShownSql("field") : "")}{ask.Sql(kind, "created_at", "created_by", "old_value", "new_value")} order by created_at desc, id
        """;

    /// <summary>Documents from the newest lines. The oldest instant of a full read may lack lines; it is left for the next page, or summed by itself where there is no other.</summary>
    private static async Task<TimelineRead> Documents(DbConnection connection, TimelineAsk ask, CancellationToken ct)
    {
        var kind = connection.Kind();
        var items = await connection.Rows(
            $"select {Sums} from (select at, document, amount, is_return from customers_transaction where customer_id = @id{ask.Sql(kind, "at", null, "document")} order by at desc limit {MostLines}) newest group by at, document order by at desc, document",
            Document, ct, ask.Parameters(kind));
        if (items.Sum(item => item.Lines) < MostLines) { return new(items, null); }
        var oldest = items[^1].At;
        if (items[0].At > oldest) { return new(items, oldest); }
        var instant = ask.At(oldest);
        var whole = await connection.Rows($"select {Sums} from customers_transaction where customer_id = @id{instant.Sql(kind, "at", null, "document")} group by at, document order by document limit 200", Document, ct, instant.Parameters(kind));
        return new(whole, oldest);
    }

    private static OwnEntry Document(DbDataReader row) =>
        new(EntryKind.Document, row.At(0), row.GetString(1)) { Lines = row.GetInt32(2), ReturnedLines = row.GetInt32(3), Amount = row.Amount(4) };
}
