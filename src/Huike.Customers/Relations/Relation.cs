using System.Data.Common;
using System.Globalization;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Ui;

namespace Huike.Customers.Relations;

/// <summary>How a customer stands to another one. Each is written from one side and read from both.</summary>
internal enum RelationKind
{
    /// <summary>The other one is its parent firm 母公司.</summary>
    Parent = 1,

    /// <summary>It lives in the other one, a household 家庭.</summary>
    Household = 2,

    /// <summary>The other one recommended us to it 推荐人.</summary>
    ReferredBy = 3,

    /// <summary>Its word weighs with the other one 影响.</summary>
    Influences = 4,

    /// <summary>It works for the other one 任职.</summary>
    WorksFor = 5,
}

/// <summary>A relation as one of its two sides sees it.</summary>
/// <param name="Id">Number.</param>
/// <param name="Kind">Which.</param>
/// <param name="Forward">Whether this side is the one it is written from.</param>
/// <param name="OtherId">The other side; null: out of the viewer's scope.</param>
/// <param name="Other">What it is called; empty where the viewer may not know.</param>
internal sealed record Relation(long Id, RelationKind Kind, bool Forward, long? OtherId, string Other)
{
    public const string Table = "customers_relation";

    /// <summary>Name under which it stands among a customer's changes.</summary>
    public const string Field = "relation";

    /// <summary>First day; null: not known.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>Last day; null: none.</summary>
    public DateOnly? Until { get; init; }

    public string Note { get; init; } = "";

    /// <summary>Grows with each change.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Name of what the other one is to this side: parent, subsidiary, household, member …</summary>
    public string Word => WordOf(Kind, Forward);

    /// <summary>All words, as choices name them.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetValues<RelationKind>().SelectMany(kind => new[] { WordOf(kind, true), WordOf(kind, false) })];

    /// <summary>Kind and side of a word.</summary>
    /// <exception cref="RuleException"><c>customers.relation.kindWrong</c>.</exception>
    public static (RelationKind Kind, bool Forward) Chosen(string? word) =>
        Array.FindIndex([.. Words], known => known == word) is >= 0 and var at ? (Enum.GetValues<RelationKind>()[at / 2], at % 2 == 0) : throw new RuleException("customers.relation.kindWrong");

    public static string WordOf(RelationKind kind, bool forward) => kind switch
    {
        RelationKind.Parent => forward ? "parent" : "subsidiary",
        RelationKind.Household => forward ? "household" : "member",
        RelationKind.ReferredBy => forward ? "referrer" : "referred",
        RelationKind.Influences => forward ? "influenced" : "influencer",
        _ => forward ? "employer" : "employee",
    };

    /// <summary>As history keeps it, without a name that its reader may not see.</summary>
    public static string Written(RelationKind kind, bool forward, long other) => string.Create(CultureInfo.InvariantCulture, $"{WordOf(kind, forward)} {other}");

    /// <summary>What history kept, in words.</summary>
    public static string Told(Texts texts, string written) => written.Split(' ') is [var word, var other] && Words.Contains(word) ? texts["customers.relation.told", texts["customers.relation.word." + word], other] : written;

    /// <summary>All of a customer's, from both sides; those that have ended last.</summary>
    public static Task<List<Relation>> Of(DbConnection connection, long customerId, Viewer viewer, CancellationToken ct) => connection.Rows($"""
        select r.id, r.kind, r.forward, case when {viewer.Sql("c")} then c.id end, coalesce(nullif(c.name, ''), c.number), r.since_on, r.until_on, r.note, r.version
        from (select id, kind, 1 as forward, other_id as other, since_on, until_on, note, version from customers_relation where customer_id = @id
              union all select id, kind, 0, customer_id, since_on, until_on, note, version from customers_relation where other_id = @id) r
        join customers_customer c on c.id = r.other order by case when r.until_on is null then 0 else 1 end, r.kind, r.forward desc, r.id limit 500
        """, Map, ct, [("id", customerId), .. viewer.Parameters]);

    /// <summary>Whether a firm is above itself, over whatever firms between.</summary>
    public static async Task<bool> IsItsOwnParent(DbConnection connection, long customerId, CancellationToken ct) => await connection.Number("""
        with recursive above (id) as (select other_id from customers_relation where customer_id = @id and kind = @kind union select r.other_id from customers_relation r join above a on r.customer_id = a.id where r.kind = @kind)
        select count(*) from above where id = @id
        """, ct, ("id", customerId), ("kind", RelationKind.Parent)) > 0;

    private static Relation Map(DbDataReader row) => new(row.GetInt64(0), (RelationKind)row.GetInt16(1), row.GetInt32(2) == 1, row.IsDBNull(3) ? null : row.GetInt64(3), row.IsDBNull(3) ? "" : row.GetString(4))
    {
        Since = Day(row.TextOrNull(5)),
        Until = Day(row.TextOrNull(6)),
        Note = row.GetString(7),
        Version = row.GetInt32(8),
    };

    private static DateOnly? Day(string? text) => text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
