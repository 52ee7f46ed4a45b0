using System.Data.Common;
using Huike.Customers.Claims;
using Huike.Customers.ContactPoints;
using Huike.Customers.InvoiceTitles;
using Huike.Customers.Relationships.Bonds;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;

namespace Huike.Customers.Merges;

/// <summary>Something that came after a merge, of which somebody has to say whose it is.</summary>
/// <param name="Kind">Of <see cref="LaterRows.Kinds"/>.</param>
/// <param name="Id">Number of the row; of purchases, of one row of the document.</param>
/// <param name="At">When it was.</param>
/// <param name="Text">What it says.</param>
internal sealed record LaterRow(string Kind, long Id, DateTimeOffset At, string Text);

/// <summary>What came into a file after a merge.</summary>
internal static class LaterRows
{
    private const int Most = 200;

    /// <summary>Kinds, each with its table, the column of its moment, and its text.</summary>
    public static readonly IReadOnlyList<(string Kind, string Table, string At, string Text)> Kinds =
    [
        ("notes", "customers_note", "created_at", "body"),
        ("nextSteps", "customers_next_step", "created_at", "what"),
        ("contactPoints", ContactPoint.Table, "created_at", "raw"),
        ("addresses", "customers_address", "created_at", "text"),
        ("invoiceTitles", InvoiceTitle.Table, "created_at", "name"),
        ("posts", "customers_post", "created_at", "(select p.name from customers_person p where p.id = person_id)"),
        ("bonds", Bond.Table, "created_at", "what"),
        ("moments", Moment.Table, "created_at", "what"),
        ("claims", Claim.Table, "raised_at", "evidence"),
        ("attachments", "platform_file", "created_at", "name"),
        ("consents", "customers_consent", "created_at", "proof"),
        ("requests", "customers_subject_request", "received_at", "details"),
    ];

    public const string Purchases = "transactions";

    /// <summary>All of it, the newest first; at most 200 of a kind.</summary>
    public static async Task<List<LaterRow>> Of(DbConnection connection, CustomerMerge merge, CancellationToken ct)
    {
        (string, object?)[] of = [("id", merge.SurvivorId), ("merge", merge.Id), ("at", merge.At)];
        var rows = new List<LaterRow>();
        foreach (var (kind, table, at, text) in Kinds)
        {
            rows.AddRange(await connection.Rows($"select id, {at}, {text} from {table} where {Owner(kind)} = @id {Condition(kind)} and {at} >= @at and (id not in ({Known}) or {at} > @at) order by id desc limit {Most}",
                row => new LaterRow(kind, row.GetInt64(0), row.At(1), row.GetString(2)), ct, [.. of, ("name", kind)]));
        }
        rows.AddRange(await connection.Rows($"""
            select min(t.id), t.at, t.document from customers_transaction t join customers_load l on l.id = t.load_id
            where t.customer_id = @id and l.created_at >= @at group by t.at, t.document order by t.at desc limit {Most}
            """, row => new LaterRow(Purchases, row.GetInt64(0), row.At(1), row.GetString(2)), ct, of));
        return [.. rows.OrderByDescending(row => row.At)];
    }

    /// <summary>What of it a visitor may read.</summary>
    public static LaterRow Veil(LaterRow row, Viewer viewer) => row.Kind switch
    {
        "contactPoints" or "addresses" or "invoiceTitles" or "posts" or "consents" or "requests" when !viewer.SeesPersonal => row with { Text = Mask.Text(row.Text) ?? "" },
        "bonds" or "moments" or "claims" or "attachments" or Purchases when !viewer.SeesInternal => row with { Text = "" },
        _ => row,
    };

    /// <summary>Gives some of it to the one who is back.</summary>
    /// <exception cref="RuleException"><c>customers.merge.later.wrong</c>: no such row.</exception>
    public static async Task Give(DbConnection connection, MoveRows rows, CustomerMerge merge, IReadOnlyCollection<(string Kind, long Id)> given, CancellationToken ct)
    {
        var known = (await Of(connection, merge, ct)).ToDictionary(row => (row.Kind, row.Id));
        foreach (var one in given)
        {
            if (!known.TryGetValue(one, out var row)) { throw new RuleException("customers.merge.later.wrong"); }
            if (row.Kind == Purchases)
            {
                await connection.Run("update customers_transaction set customer_id = @absorbed where customer_id = @survivor and at = @at and document = @document", ct,
                    ("absorbed", merge.AbsorbedId), ("survivor", merge.SurvivorId), ("at", row.At), ("document", row.Text));
                continue;
            }
            await rows.Give(connection, merge, row.Kind, row.Id, ct);
        }
    }

    private const string Known = $"select row_id from {CustomerMerge.Rows} where merge_id = @merge and name = @name and what <> 1";

    private static string Owner(string kind) => kind == "attachments" ? "record_id" : "customer_id";

    private static string Condition(string kind) => kind switch
    {
        "attachments" => "and record_kind = 'customers'",
        // Answers go with what they answer.
        "notes" => "and reply_to is null",
        _ => "",
    };
}
