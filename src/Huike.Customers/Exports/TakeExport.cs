using Huike.Customers.Processing;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Exports;

/// <summary>Takes a list away at once where the rules let it, and leads to where it is asked for where they don't.</summary>
internal sealed class TakeExport(PlanExport plans, BeginExport begin, WriteExport write, Register register, AuditLog audit, Texts texts)
{
    /// <summary>Cookie that remembers what this browser's last export was for.</summary>
    public const string LastPurpose = "huike-export-purpose";

    /// <param name="http">The request: its address says what it is for and in which format.</param>
    /// <param name="name">Kind of what leaves.</param>
    /// <param name="ct">Ends the export.</param>
    /// <exception cref="RuleException"><c>privacy.purpose.missing</c>, <c>customers.filter.wrong</c>; what <see cref="PlanExport"/> and <see cref="BeginExport"/> say.</exception>
    public async Task Run(HttpContext http, string name, CancellationToken ct)
    {
        var (kind, access) = (plans.Of(name), http.User.Access());
        var of = await kind.Asked(http, http.Request.Query, ct);
        var plan = await plans.Run(of, http.Request.Query[kind.PurposeField], access, texts, ct);
        var purpose = await register.Demand(http.Request.Query[kind.PurposeField], ct);
        var isWorkbook = http.Request.Query["format"].ToString() switch { "csv" => false, "xlsx" or "" => kind.IsWorkbook, var other => throw new RuleException("customers.filter.wrong", "format", other) };
        if (plan.Decision.Verdict != ExportVerdict.Allow)
        {
            http.Response.Redirect(ExportEndpoints.New(of, purpose.Code));
            return;
        }
        http.Response.Cookies.Append(LastPurpose, purpose.Code, new() { Path = "/", HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), IsEssential = true });
        var export = await begin.AtOnce(plan, new(access.UserId, http.User.ShownName(), purpose, "", isWorkbook, null), texts, ct);
        await Send(http, export, plan, ct);
    }

    private async Task Send(HttpContext http, Export export, ExportPlan plan, CancellationToken ct)
    {
        Head(http, export, plan.Table.Title, texts);
        var sent = 0L;
        try
        {
            // What came since it was counted was not decided on.
            await write.Run(export, plan.Table, plan.Ids as IReadOnlySet<long> ?? plan.Ids.ToHashSet(), piece => http.Response.Body.WriteAsync(piece, ct).AsTask(), rows => sent = rows, ct);
        }
        finally
        {
            await audit.Change(async connection =>
            {
                await connection.Run($"update {Export.Table} set made_count = @rows, downloads = 1 where id = @id", CancellationToken.None, ("rows", sent), ("id", export.Id));
                return export.Entry("export.ended", AuditChange.Is("rows", sent));
            }, CancellationToken.None);
        }
    }

    /// <summary>Says what comes as a file.</summary>
    public static void Head(HttpContext http, Export export, string title, Texts texts)
    {
        http.Response.ContentType = WriteExport.Type(export);
        var disposition = new Microsoft.Net.Http.Headers.ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"{title} {texts.ShortDate(DateOnly.FromDateTime(export.AskedAt.UtcDateTime))}.{(export.IsWorkbook ? "xlsx" : "csv")}");
        http.Response.Headers.ContentDisposition = disposition.ToString();
    }
}

/// <summary>Gives a file that was made to who asked for it, so often and so long as its rule says.</summary>
internal sealed class DownloadExport(Database database, PlanExport plans, AuditLog audit, TimeProvider clock)
{
    /// <exception cref="RuleException"><c>exports.unknown</c>: there is none, or another's; <c>exports.gone</c>.</exception>
    public async Task Run(HttpContext http, long id, Texts texts, CancellationToken ct)
    {
        var user = http.User.Access().UserId;
        Export? found = null;
        await audit.Change(async connection =>
        {
            // Held, so that the last of its downloads is taken once.
            await connection.Run($"update {Export.Table} set state = state where id = @id", ct, ("id", id));
            var export = found = await Export.Find(connection, id, ct);
            if (export.UserId != user) { throw new RuleException("exports.unknown", id); }
            if (!export.IsThere(clock.GetUtcNow())) { throw new RuleException("exports.gone"); }
            await connection.Run($"update {Export.Table} set downloads = downloads + 1, downloaded_at = @now where id = @id", ct, ("now", clock.GetUtcNow()), ("id", id));
            return export.Entry("export.downloaded", AuditChange.Is("rows", export.Made ?? 0), AuditChange.Is("downloads", export.Downloads + 1));
        }, ct);
        TakeExport.Head(http, found!, texts["exports.kind." + plans.Of(found!.Of.Kind).Kind], texts);
        await using var reading = await database.Open(ct);
        await using var command = reading.Command($"select bytes from {ExportJob.Parts} where export_id = @id order by place", ("id", id));
        await using var parts = await command.ExecuteReaderAsync(ct);
        while (await parts.ReadAsync(ct)) { await http.Response.Body.WriteAsync((byte[])parts.GetValue(0), ct); }
    }
}
