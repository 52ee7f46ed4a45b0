using System.Data.Common;
using System.Globalization;
using Huike.Customers.Consents;
using Huike.Platform.Data;

namespace Huike.Customers.SubjectRequests;

/// <summary>What people may ask of us (PIPL articles 44–48).</summary>
internal enum RequestKind
{
    /// <summary>查阅、复制.</summary>
    Copy = 1,

    /// <summary>更正、补充.</summary>
    Correction = 2,

    /// <summary>删除.</summary>
    Deletion = 3,

    /// <summary>解释说明, of how we process or how the computer decides.</summary>
    Explanation = 4,
}

/// <summary>How we know that it is the person who asks.</summary>
internal enum IdentityCheck
{
    /// <summary>Not checked yet.</summary>
    None = 0,

    /// <summary>Called back at the number that we know.</summary>
    CallBack = 1,

    /// <summary>Wrote from the address that we know.</summary>
    Mail = 2,

    /// <summary>Showed a document.</summary>
    Document = 3,

    /// <summary>Stood before us and is known.</summary>
    InPerson = 4,
}

/// <summary>Where a request stands.</summary>
internal enum RequestState
{
    Open = 0,
    Done = 1,
    Refused = 2,
}

/// <summary>个人信息请求: what a customer asked for about the own data, and what came of it.</summary>
internal sealed record SubjectRequest(long Id, long CustomerId, string CustomerName, RequestKind Kind, ContactChannel Channel, string Details, DateTimeOffset ReceivedAt, DateTimeOffset DueAt)
{
    private const string Columns = """
        r.id, r.customer_id, case when c.name <> '' then c.name else c.number end, r.kind, r.channel, r.details, r.received_at, r.due_at, r.identity, r.state, r.answer, r.answered_at, r.answered_by, r.created_by
        from customers_subject_request r join customers_customer c on c.id = r.customer_id
        """;

    public IdentityCheck Identity { get; init; }

    public RequestState State { get; init; }

    /// <summary>With what it was answered, or why it was refused; empty while open.</summary>
    public string Answer { get; init; } = "";

    public DateTimeOffset? AnsweredAt { get; init; }

    public string AnsweredBy { get; init; } = "";

    public string CreatedBy { get; init; } = "";

    public string Href => string.Create(CultureInfo.InvariantCulture, $"{RequestEndpoints.Path}/{Id}");

    /// <returns>Null where there is none of the number.</returns>
    public static Task<SubjectRequest?> Find(DbConnection connection, long id, CancellationToken ct) => connection.First($"select {Columns} where r.id = @id", Map, ct, ("id", id));

    /// <summary>Those of some customers, open ones first, the newest of them first.</summary>
    public static Task<List<SubjectRequest>> Of(DbConnection connection, IReadOnlyList<long> customers, int limit, CancellationToken ct) => connection.Rows(
        $"select {Columns} where r.customer_id in ({string.Join(", ", customers.Select((_, i) => $"@c{i}"))}) order by case when r.state = 0 then 0 else 1 end, r.id desc limit {limit}", Map, ct, [.. customers.Select((id, i) => ($"c{i}", (object?)id))]);

    /// <summary>A page: open ones by what is due first, answered ones newest first.</summary>
    /// <param name="connection">Reads.</param>
    /// <param name="open">Open ones.</param>
    /// <param name="after">Last of the page before; null: the first page.</param>
    /// <param name="limit">So many.</param>
    /// <param name="ct">Ends the read.</param>
    public static Task<List<SubjectRequest>> Page(DbConnection connection, bool open, (DateTimeOffset DueAt, long Id)? after, int limit, CancellationToken ct) => open
        ? connection.Rows($"select {Columns} where r.state = 0{(after is null ? "" : " and (r.due_at > @due or (r.due_at = @due and r.id > @id))")} order by r.due_at, r.id limit {limit}", Map, ct, Parameters(after))
        : connection.Rows($"select {Columns} where r.state > 0{(after is null ? "" : " and r.id < @id")} order by r.id desc limit {limit}", Map, ct, Parameters(after));

    private static (string, object?)[] Parameters((DateTimeOffset DueAt, long Id)? after) => after is { } last ? [("due", last.DueAt), ("id", last.Id)] : [];

    private static SubjectRequest Map(DbDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), (RequestKind)row.GetInt16(3), (ContactChannel)row.GetInt16(4), row.GetString(5), row.At(6), row.At(7))
        {
            Identity = (IdentityCheck)row.GetInt16(8),
            State = (RequestState)row.GetInt16(9),
            Answer = row.GetString(10),
            AnsweredAt = row.AtOrNull(11),
            AnsweredBy = row.GetString(12),
            CreatedBy = row.GetString(13),
        };
}
