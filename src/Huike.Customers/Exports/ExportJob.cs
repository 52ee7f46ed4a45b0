using System.Data.Common;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Approvals;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Jobs;
using Huike.Platform.Notifications;
using Huike.Ui;

namespace Huike.Customers.Exports;

/// <summary>Makes files of exports in the background. Cut off it begins the file anew.</summary>
internal sealed class ExportJob(MakeExport make) : IJobWorker
{
    public const string Name = "customers.export";
    public const string Parts = "customers_export_part";

    public string Kind => Name;

    public bool IsFree => false;

    public bool CanStop => true;

    public string Permission => CustomerPermissions.Export;

    /// <param name="Export">Number of the export.</param>
    public sealed record Payload(long Export)
    {
        public static long Of(Job job) => JsonSerializer.Deserialize<Payload>(job.Payload)!.Export;
    }

    public Task Cancel(Job job, CancellationToken ct) => make.Cancel(Payload.Of(job), null, ct);

    public Task Run(Job job, Action<double> progress, CancellationToken ct) => make.Run(Payload.Of(job), progress, ct);

    public Task Stopped(Job job, Action<double> progress, CancellationToken ct) => make.Forget(Payload.Of(job), ct);
}

/// <summary>Makes one file: of the rows and fields that were decided on, those that the asker may take away now; and takes it back.</summary>
internal sealed class MakeExport(Database database, PlanExport plans, WriteExport write, RecordReaders readers, ExportWork work, AuditLog audit)
{
    private const int Part = 1 << 18;

    public async Task Run(long id, Action<double> progress, CancellationToken ct)
    {
        Export export;
        UserAccess access;
        HashSet<long> ids;
        await using (var connection = await database.Open(ct))
        {
            export = await Export.Find(connection, id, ct);
            if (export.State != ExportState.Making) { return; }
            access = await readers.Access(connection, export.UserId, ct);
            ids = RowNumbers.Read(await connection.First($"select row_ids from {Export.Table} where id = @id", row => (byte[])row.GetValue(0), ct, ("id", id)) ?? []);
        }
        try
        {
            var table = await plans.Of(export.Of.Kind).Open(export.Of, access, export.Level, TextCatalog.For(export.Language), ct);
            var rows = await Write(export, table, ids, progress, ct);
            // Taken back meanwhile, nothing of it stays.
            if (!await End(export, ExportState.Ready, rows, "", ct)) { await Forget(id, ct); }
        }
        catch (RuleException no)
        {
            await End(export, ExportState.Failed, 0, no.Code, ct);
        }
    }

    private async Task<long> Write(Export export, ExportedTable table, HashSet<long> ids, Action<double> progress, CancellationToken ct)
    {
        await Forget(export.Id, ct);
        using var kept = new MemoryStream();
        var (place, rows) = (0, 0L);
        await write.Run(export, table, ids, async piece =>
        {
            kept.Write(piece.Span);
            if (kept.Length >= Part) { await Flush(); }
        }, count => { rows = count; progress(Math.Min(1, (double)count / Math.Max(1, ids.Count))); }, ct);
        await Flush();
        return rows;

        async Task Flush()
        {
            using var turn = await database.WriteTurn(ct);
            await using var connection = await database.Open(ct);
            await connection.Run($"insert into {ExportJob.Parts} (export_id, place, bytes) values (@id, @place, @bytes)", ct, ("id", export.Id), ("place", place++), ("bytes", kept.ToArray()));
            kept.SetLength(0);
        }
    }

    /// <summary>Removes what of a file is written.</summary>
    public async Task Forget(long id, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await connection.Run($"delete from {ExportJob.Parts} where export_id = @id", ct, ("id", id));
    }

    private Task<bool> End(Export export, ExportState state, long rows, string reason, CancellationToken ct) => audit.Change(async connection =>
    {
        var now = work.Clock.GetUtcNow();
        if (await connection.Run($"update {Export.Table} set state = @state, made_count = @rows, made_at = @now, expires_at = @expires, reason = @reason, query = '', row_ids = null where id = @id and state = 1", ct,
            ("state", (short)state), ("rows", rows), ("now", now), ("expires", now.AddDays(export.Days)), ("reason", reason), ("id", export.Id)) == 0) { return null; }
        if (state != ExportState.Ready) { await connection.Run($"delete from {ExportJob.Parts} where export_id = @id", ct, ("id", export.Id)); }
        await work.Tell(connection, export, state == ExportState.Ready ? "exports.notice.ready" : "exports.notice.failed", ct);
        return export.Entry(state == ExportState.Ready ? "export.made" : "export.failed", AuditChange.Is("rows", rows));
    }, ct);

    /// <summary>Takes back what waits or is made, and removes what was.</summary>
    /// <param name="id">Which.</param>
    /// <param name="user">Who asks; null: who looks after the jobs.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>exports.unknown</c>: there is none, or another's; <c>exports.cancel.late</c>.</exception>
    public Task Cancel(long id, long? user, CancellationToken ct) => audit.Change(async connection =>
    {
        await connection.Run($"update {Export.Table} set state = state where id = @id", ct, ("id", id));
        var export = await Export.Find(connection, id, ct);
        if (user is { } asker && export.UserId != asker) { throw new RuleException("exports.unknown", id); }
        if (!export.MayBeCancelled) { throw new RuleException("exports.cancel.late"); }
        if (export is { State: ExportState.Making, JobId: { } job }) { await work.Jobs.Cancel(connection, job, ct); }
        await connection.Run($"update {Export.Table} set state = 6, query = '', row_ids = null, expires_at = null where id = @id", ct, ("id", id));
        await connection.Run($"delete from {ExportJob.Parts} where export_id = @id", ct, ("id", id));
        return export.Entry("export.cancelled");
    }, ct);
}

/// <summary>What making files needs besides.</summary>
internal sealed class ExportWork(JobQueue jobs, NoticeLog notices, TimeProvider clock)
{
    public const string Told = "exports.told";

    public JobQueue Jobs => jobs;

    public TimeProvider Clock => clock;

    public Task Tell(DbConnection connection, Export export, string text, CancellationToken ct) =>
        notices.Tell(connection, new Notice(Told, export.UserId, text, $"{Told}/{export.Id}/{text}") { Args = [(long)export.Id], Href = export.Href, ToActorToo = true }, ct);
}

/// <summary>Does what an approval of an export says.</summary>
internal sealed class DecideExport(BeginExport begin, ExportWork work, AuditLog audit) : IEventHandler<ApprovalDecided>
{
    public async Task Run(ApprovalDecided happened, Occurrence occurrence, DbConnection connection, CancellationToken ct)
    {
        if (happened.SubjectKind != BeginExport.Subject) { return; }
        await connection.Run($"update {Export.Table} set state = state where id = @id", ct, ("id", happened.SubjectId));
        var export = (await Export.List(connection, "id = @id and state = 0", 1, ct, ("id", happened.SubjectId))).FirstOrDefault();
        if (export is null) { return; }
        var isApproved = happened.Outcome == ApprovalState.Approved;
        await connection.Run($"update {Export.Table} set decided_at = @now, decided_by = @by where id = @id", ct, ("now", occurrence.At), ("by", occurrence.By), ("id", export.Id));
        if (isApproved) { await begin.Make(connection, export.Id, ct); }
        else { await connection.Run($"update {Export.Table} set state = @state, query = '', row_ids = null where id = @id", ct, ("state", (short)(happened.Outcome == ApprovalState.Withdrawn ? ExportState.Cancelled : ExportState.Refused)), ("id", export.Id)); }
        if (happened.Outcome == ApprovalState.Rejected) { await work.Tell(connection, export, "exports.notice.refused", ct); }
        await audit.Write(connection, export.Entry(isApproved ? "export.approved" : "export.refused") with { Actor = occurrence.By }, ct);
    }
}
