using System.Data.Common;
using System.Globalization;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers.Exports;

/// <summary>Where an export stands.</summary>
internal enum ExportState
{
    /// <summary>Somebody has to approve it.</summary>
    Waiting = 0,

    /// <summary>It is being made.</summary>
    Making = 1,

    /// <summary>Its file can be downloaded, until it expires.</summary>
    Ready = 2,

    /// <summary>It went out as it was made; no file was kept.</summary>
    Taken = 3,

    /// <summary>It was not approved.</summary>
    Refused = 4,

    /// <summary>It could not be made.</summary>
    Failed = 5,

    /// <summary>The asker took it back.</summary>
    Cancelled = 6,

    /// <summary>Its file is not kept any more.</summary>
    Gone = 7,
}

/// <summary>What is to leave.</summary>
/// <param name="Kind">Kind of the list.</param>
/// <param name="Query">Which rows, in the words of its address.</param>
/// <param name="Columns">Keys of its columns; none: the kind's own.</param>
internal sealed record ExportOf(string Kind, string Query, IReadOnlyList<string> Columns);

/// <summary>导出: something that left, or is to leave.</summary>
internal sealed record Export(long Id, ExportOf Of, bool IsWorkbook, string Language, string Purpose, string Words, int Level, bool IsPersonal, long Rows, long UserId, string By, DateTimeOffset AskedAt, ExportState State)
{
    public const string Table = "customers_export";
    public const string Path = "/exports";

    private const string Columns = "id, kind, query, columns, format, language, purpose, words, level, is_personal, row_count, user_id, by, asked_at, state, rule, is_marked, trace, most_downloads, days, approval_id, decided_by, job_id, made_count, made_at, expires_at, downloads, downloaded_at, reason";

    public static readonly AuditedKind Audited = new("export", "exports.audit", Path + "/{0}", "exports.field.", "exports.");

    public string Rule { get; init; } = "";

    public bool IsMarked { get; init; }

    /// <summary>What its copy alone carries: HK and 12 hexadecimal digits.</summary>
    public string Trace { get; init; } = "";

    public int MostDownloads { get; init; }

    public int Days { get; init; }

    public long? ApprovalId { get; init; }

    /// <summary>Who approved or refused it; null: the rules alone.</summary>
    public string? DecidedBy { get; init; }

    public long? JobId { get; init; }

    /// <summary>Rows of the file; null: it isn't complete.</summary>
    public long? Made { get; init; }

    public DateTimeOffset? MadeAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public int Downloads { get; init; }

    public DateTimeOffset? DownloadedAt { get; init; }

    /// <summary>Text key of why it failed; empty otherwise.</summary>
    public string Reason { get; init; } = "";

    public string Href => string.Create(CultureInfo.InvariantCulture, $"{Path}/{Id}");

    public bool MayBeCancelled => State is ExportState.Waiting or ExportState.Making or ExportState.Ready;

    /// <summary>Whether its file can be downloaded by who asked for it.</summary>
    public bool IsThere(DateTimeOffset now) => State == ExportState.Ready && ExpiresAt > now && Downloads < MostDownloads;

    /// <exception cref="RuleException"><c>exports.unknown</c>.</exception>
    public static async Task<Export> Find(DbConnection connection, long id, CancellationToken ct) => await connection.First($"select {Columns} from {Table} where id = @id", Map, ct, ("id", id)) ?? throw new RuleException("exports.unknown", id);

    /// <summary>The newest first.</summary>
    public static Task<List<Export>> List(DbConnection connection, string test, int most, CancellationToken ct, params (string, object?)[] parameters) =>
        connection.Rows($"select {Columns} from {Table} where {test} order by id desc limit {most}", Map, ct, parameters);

    /// <summary>Removes all files that still lie there, since somebody who may be in them is erased.</summary>
    public static async Task RemoveFiles(DbConnection connection, CancellationToken ct)
    {
        await connection.Run($"delete from {ExportJob.Parts} where export_id in (select id from {Table} where state = 2)", ct);
        await connection.Run($"update {Table} set state = 7, expires_at = null where state = 2", ct);
    }

    public AuditEntry Entry(string action, params AuditChange[] changes) => new(action) { Kind = Audited.Name, Record = Id, Changes = changes };

    private static Export Map(DbDataReader row) => new(row.GetInt64(0), new(row.GetString(1), row.GetString(2), row.GetString(3).Split('.', StringSplitOptions.RemoveEmptyEntries)), row.GetString(4) == "xlsx", row.GetString(5), row.GetString(6), row.GetString(7),
        row.GetInt16(8), row.GetBoolean(9), row.GetInt64(10), row.GetInt64(11), row.GetString(12), row.At(13), (ExportState)row.GetInt16(14))
    {
        Rule = row.GetString(15),
        IsMarked = row.GetBoolean(16),
        Trace = row.GetString(17),
        MostDownloads = row.GetInt32(18),
        Days = row.GetInt32(19),
        ApprovalId = row.IsDBNull(20) ? null : row.GetInt64(20),
        DecidedBy = row.TextOrNull(21),
        JobId = row.IsDBNull(22) ? null : row.GetInt64(22),
        Made = row.IsDBNull(23) ? null : row.GetInt64(23),
        MadeAt = row.AtOrNull(24),
        ExpiresAt = row.AtOrNull(25),
        Downloads = row.GetInt32(26),
        DownloadedAt = row.AtOrNull(27),
        Reason = row.GetString(28),
    };
}
