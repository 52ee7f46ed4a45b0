using Huike.Customers.Processing;
using Huike.Platform.Audit;
using Huike.Platform.Exports;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers;

/// <summary>Takes the list away as a file: the same rows, order and columns as seen, streamed, so that a million rows need no more memory than a hundred.</summary>
internal sealed class ExportCustomers(CustomerList list, AuditLog audit, SettingsStore settings, Texts texts, TimeProvider clock)
{
    private const int RowsPerWrite = 500;

    /// <param name="http">The answer; the file's name holds the day.</param>
    /// <param name="query">Which customers, in which order.</param>
    /// <param name="columns">Columns besides the name.</param>
    /// <param name="workbook">XLSX; otherwise CSV.</param>
    /// <param name="purpose">What it is for: both entries of the audit say it, in the reader's words.</param>
    /// <param name="ct">Ends the export.</param>
    public async Task Run(HttpContext http, CustomerQuery query, IReadOnlyList<ListColumn<ListedCustomer>> columns, bool workbook, Purpose purpose, CancellationToken ct)
    {
        var firm = await settings.Get<FirmSettings>(ct);
        var day = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), firm.Zone);
        http.Response.ContentType = workbook ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8";
        var disposition = new Microsoft.Net.Http.Headers.ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"{texts["customers.list.title"]} {texts.ShortDate(DateOnly.FromDateTime(day.DateTime))}.{(workbook ? "xlsx" : "csv")}");
        http.Response.Headers.ContentDisposition = disposition.ToString();
        // Before the first row leaves: what can't be written down is not given out.
        var what = (AuditChange[])[AuditChange.Is("purpose", purpose.Name(texts)), AuditChange.Is("filter", query.Filter.Key), AuditChange.Is("format", workbook ? "xlsx" : "csv"), AuditChange.Is("columns", string.Join(", ", columns.Select(column => column.Key)))];
        await audit.Write(new AuditEntry("export.begun") { Kind = Audited.Customers.Name, Changes = what }, ct);
        var rows = 0;
        try
        {
            await Send(http.Response.Body, query, columns, workbook, firm, count => rows = count, ct);
        }
        finally
        {
            await audit.Write(new AuditEntry("export.ended") { Kind = Audited.Customers.Name, Changes = [.. what, AuditChange.Is("rows", rows)] }, CancellationToken.None);
        }
    }

    private async Task Send(Stream body, CustomerQuery query, IReadOnlyList<ListColumn<ListedCustomer>> columns, bool workbook, FirmSettings firm, Action<int> sent, CancellationToken ct)
    {
        var words = new ListWording(texts, firm.Currency, firm.Zone);
        using var buffer = new Outbox();
        List<TableColumn> titles = [new(texts["customers.field.name"], 24), .. columns.Select(column => new TableColumn(column.Title(texts)))];
        using (var table = workbook ? TableWriter.Xlsx(buffer, texts["customers.list.title"], titles, firm.Zone) : TableWriter.Csv(buffer, titles, firm.Zone))
        {
            var rows = 0;
            await foreach (var row in list.All(query, ct))
            {
                table.Text(row.Name);
                foreach (var column in columns) { column.WriteTo(table, row, words); }
                table.EndRow();
                if (++rows % RowsPerWrite == 0) { await buffer.Send(body, ct); }
                sent(rows);
            }
        }
        await buffer.Send(body, ct);
    }

    /// <summary>Takes what the table writes at once and gives it to the network when it can wait for it: answers may only be written without blocking.</summary>
    private sealed class Outbox : Stream
    {
        private readonly MemoryStream kept = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public async Task Send(Stream to, CancellationToken ct)
        {
            await to.WriteAsync(kept.GetBuffer().AsMemory(0, (int)kept.Length), ct);
            kept.SetLength(0);
        }

        public override void Write(byte[] buffer, int offset, int count) => kept.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => kept.Write(buffer);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            kept.Dispose();
            base.Dispose(disposing);
        }
    }
}
