using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Huike.Customers.Processing;
using Huike.Platform;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Roles;
using Huike.Platform.Approvals;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Ui;

namespace Huike.Customers.Exports;

/// <summary>Who takes something away, for what, in which shape.</summary>
/// <param name="UserId">Number of the user.</param>
/// <param name="By">Shown name.</param>
/// <param name="Purpose">Of the register.</param>
/// <param name="Words">What he adds; at most 500 characters.</param>
/// <param name="IsWorkbook">XLSX; otherwise CSV.</param>
/// <param name="Key">The form's key; null: it comes once.</param>
internal sealed record ExportWish(long UserId, string By, Purpose Purpose, string Words, bool IsWorkbook, string? Key)
{
    public const int LongestWords = 500;
}

/// <summary>Writes down that something is to leave: at once, as a file that is made, or as something that is asked for.</summary>
internal sealed class BeginExport(Database database, PlanExport plans, AskApproval approvals, JobQueue jobs, AuditLog audit, TimeProvider clock)
{
    /// <summary>What approvals of exports are about.</summary>
    public const string Subject = "export";

    /// <summary>Of what goes out as it is made.</summary>
    /// <exception cref="RuleException"><c>exports.first</c>: it has to be asked for; <c>exports.refused</c>.</exception>
    public async Task<Export> AtOnce(ExportPlan plan, ExportWish wish, Texts texts, CancellationToken ct)
    {
        var id = 0L;
        await audit.Change(async connection =>
        {
            var (decision, version) = await plans.Again(connection, plan, wish.Purpose.Code, ct);
            if (decision.Verdict != ExportVerdict.Allow) { throw new RuleException(decision.Verdict == ExportVerdict.Approve ? "exports.first" : "exports.refused", decision.Case.Rows, decision.MostAtOnce); }
            id = await Add(connection, plan, wish, (decision.Rule, version), texts, ExportState.Taken, ct);
            return (await Export.Find(connection, id, ct)).Entry("export.begun", What(plan, wish, texts));
        }, ct);
        await using var reading = await database.Open(ct);
        return await Export.Find(reading, id, ct);
    }

    /// <summary>Of what is made as a file, at once or when it has been approved. Writes several things: who calls it holds a batch.</summary>
    /// <returns>Number; of a form that came before, that one's.</returns>
    /// <exception cref="RuleException"><c>exports.words</c>, <c>exports.refused</c>, <c>exports.nobody</c>; those of approvals.</exception>
    public async Task<long> Ask(ExportPlan plan, ExportWish wish, Texts texts, CancellationToken ct)
    {
        if (wish.Words.Length > ExportWish.LongestWords || wish.Words.Contains('\0', StringComparison.Ordinal)) { throw new RuleException("exports.words", ExportWish.LongestWords); }
        if (plan.Ids.Count == 0) { throw new RuleException("exports.nobody"); }
        var (id, rule, isNew) = (0L, ExportRule.Nothing, false);
        await audit.Change(async connection =>
        {
            id = await connection.Number($"select id from {Export.Table} where form_key = @key and user_id = @user", ct, ("key", wish.Key), ("user", wish.UserId));
            if (id > 0) { return null; }
            var (decision, version) = await plans.Again(connection, plan, wish.Purpose.Code, ct);
            (rule, isNew) = (decision.Rule, true);
            if (rule.Verdict == ExportVerdict.Refuse) { throw new RuleException("exports.refused", decision.Case.Rows, decision.MostAtOnce); }
            if (rule.Verdict == ExportVerdict.Approve && wish.Words.Length == 0) { throw new RuleException("exports.words.missing"); }
            id = await Add(connection, plan, wish, (rule, version), texts, rule.Verdict == ExportVerdict.Approve ? ExportState.Waiting : ExportState.Making, ct);
            if (rule.Verdict == ExportVerdict.Allow) { await Make(connection, id, ct); }
            return (await Export.Find(connection, id, ct)).Entry("export.asked", [.. What(plan, wish, texts), AuditChange.Is("rows", plan.Ids.Count)]) with { Reason = wish.Words };
        }, ct);
        if (isNew && rule.Verdict == ExportVerdict.Approve) { await Approval(id, plan, wish, rule, texts, ct); }
        return id;
    }

    /// <summary>Has the file made.</summary>
    public async Task Make(DbConnection connection, long id, CancellationToken ct)
    {
        var job = await jobs.Add(connection, ExportJob.Name, JsonSerializer.Serialize(new ExportJob.Payload(id)), audit.Who, thisMachineOnly: false, ct);
        await connection.Run($"update {Export.Table} set state = 1, job_id = @job where id = @id", ct, ("job", job), ("id", id));
    }

    private async Task Approval(long id, ExportPlan plan, ExportWish wish, ExportRule rule, Texts texts, CancellationToken ct)
    {
        string? role = rule.Approver.Length > 0 ? rule.Approver : null;
        await using (var connection = await database.Open(ct))
        {
            if (role is null && (await Leaders.Of(connection, wish.UserId, above: false, exceptUser: true, ct)).Count == 0) { role = RoleBook.Administrator; }
        }
        var flow = await approvals.Usual("exports.flow", role, ct);
        var title = texts["exports.approval.title", plan.Table.Title, plan.Ids.Count];
        var reason = texts["exports.approval.reason", wish.Purpose.Name(texts), wish.Words, string.Join(texts["audit.list.comma"], plan.Table.Columns.Select(column => column.Title)), texts[plan.Table.IsPersonal ? "exports.personal.with" : "exports.personal.without"]];
        var approval = await approvals.Run(flow, Subject, id, new(title, reason[..Math.Min(reason.Length, 2_000)], null), wish.UserId, wish.Key ?? FormKeys.New(), ct);
        await using var writing = await database.Open(ct);
        await writing.Run($"update {Export.Table} set approval_id = @approval where id = @id", ct, ("approval", approval), ("id", id));
    }

    private Task<long> Add(DbConnection connection, ExportPlan plan, ExportWish wish, (ExportRule Rule, long Version) by, Texts texts, ExportState state, CancellationToken ct)
    {
        var isKept = state != ExportState.Taken;
        return connection.Number($"""
            insert into {Export.Table} (kind, query, columns, format, language, purpose, words, level, is_personal, row_count, row_ids, user_id, by, asked_at, state, rule, rules_version, is_marked, trace, most_downloads, days, downloads, downloaded_at, reason, form_key)
            values (@kind, @query, @columns, @format, @language, @purpose, @words, @level, @personal, @count, @ids, @user, @by, @now, @state, @rule, @version, @marked, @trace, @most, @days, 0, @taken, '', @key) returning id
            """, ct, ("kind", plan.Of.Kind), ("query", isKept ? plan.Of.Query : ""), ("columns", string.Join('.', plan.Of.Columns)), ("format", wish.IsWorkbook ? "xlsx" : "csv"), ("language", texts.Language), ("purpose", wish.Purpose.Code), ("words", wish.Words),
            ("level", (short)plan.Table.Level), ("personal", plan.Table.IsPersonal), ("count", (long)plan.Ids.Count), ("ids", isKept ? RowNumbers.Write(plan.Ids) : null), ("user", wish.UserId), ("by", wish.By), ("now", clock.GetUtcNow()), ("state", (short)state),
            ("rule", by.Rule.Name), ("version", (int)by.Version), ("marked", by.Rule.IsMarked), ("trace", "HK" + RandomNumberGenerator.GetHexString(12)), ("most", by.Rule.Downloads), ("days", by.Rule.Days), ("taken", isKept ? null : clock.GetUtcNow()), ("key", wish.Key));
    }

    private static AuditChange[] What(ExportPlan plan, ExportWish wish, Texts texts) =>
        [AuditChange.Is("purpose", wish.Purpose.Name(texts)), AuditChange.Is("filter", plan.Of.Query), AuditChange.Is("format", wish.IsWorkbook ? "xlsx" : "csv"), AuditChange.Is("columns", string.Join(", ", plan.Of.Columns))];
}

/// <summary>Numbers of rows that were approved, as few bytes.</summary>
internal static class RowNumbers
{
    public static byte[] Write(IEnumerable<long> numbers)
    {
        var (bytes, last) = (new List<byte>(), 0L);
        foreach (var number in numbers.Order())
        {
            var step = (ulong)(number - last);
            for (last = number; step >= 0x80; step >>= 7) { bytes.Add((byte)(step | 0x80)); }
            bytes.Add((byte)step);
        }
        return [.. bytes];
    }

    public static HashSet<long> Read(ReadOnlySpan<byte> bytes)
    {
        var (numbers, last, step, shift) = (new HashSet<long>(), 0L, 0UL, 0);
        foreach (var one in bytes)
        {
            step |= (ulong)(one & 0x7F) << shift;
            shift += 7;
            if (one >= 0x80) { continue; }
            numbers.Add(last += (long)step);
            (step, shift) = (0, 0);
        }
        return numbers;
    }
}
