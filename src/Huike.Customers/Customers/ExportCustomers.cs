using Huike.Customers.Processing;
using Huike.Platform.Audit;
using Huike.Platform.Exports;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers;

/// <summary>Takes the list away as a file: the same rows, order and columns as seen.</summary>
internal sealed class ExportCustomers(CustomerList list, SendTable send, Texts texts)
{
    /// <param name="http">The answer; the file's name holds the day.</param>
    /// <param name="query">Which customers, in which order.</param>
    /// <param name="columns">Columns besides the name.</param>
    /// <param name="workbook">XLSX; otherwise CSV.</param>
    /// <param name="purpose">What it is for: both entries of the audit say it, in the reader's words.</param>
    /// <param name="ct">Ends the export.</param>
    public Task Run(HttpContext http, CustomerQuery query, IReadOnlyList<ListColumn<ListedCustomer>> columns, bool workbook, Purpose purpose, CancellationToken ct) => send.Run(http, new SentTable<ListedCustomer>(
        texts["customers.list.title"], [new(texts["customers.field.name"], 24), .. columns.Select(column => new TableColumn(column.Title(texts)))], workbook,
        [AuditChange.Is("purpose", purpose.Name(texts)), AuditChange.Is("filter", query.Filter.Key), AuditChange.Is("format", workbook ? "xlsx" : "csv"), AuditChange.Is("columns", string.Join(", ", columns.Select(column => column.Key)))],
        (row, table, words) =>
        {
            table.Text(row.Name);
            foreach (var column in columns) { column.WriteTo(table, row, words); }
        }), list.All(query, ct), ct);
}

/// <summary>A table to be taken away.</summary>
/// <param name="Title">Name of sheet and file.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Workbook">XLSX; otherwise CSV.</param>
/// <param name="What">What the audit says of it.</param>
/// <param name="Write">Writes a row.</param>
internal sealed record SentTable<T>(string Title, IReadOnlyList<TableColumn> Columns, bool Workbook, IReadOnlyList<AuditChange> What, Action<T, TableWriter, ListWording> Write);

/// <summary>Sends a table as a file, streamed, so that a million rows need no more memory than a hundred; the audit knows that it began and ended.</summary>
internal sealed class SendTable(AuditLog audit, SettingsStore settings, Texts texts, TimeProvider clock)
{
    private const int RowsPerWrite = 500;

    public async Task Run<T>(HttpContext http, SentTable<T> table, IAsyncEnumerable<T> rows, CancellationToken ct)
    {
        var firm = await settings.Get<FirmSettings>(ct);
        var day = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), firm.Zone);
        http.Response.ContentType = table.Workbook ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8";
        var disposition = new Microsoft.Net.Http.Headers.ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"{table.Title} {texts.ShortDate(DateOnly.FromDateTime(day.DateTime))}.{(table.Workbook ? "xlsx" : "csv")}");
        http.Response.Headers.ContentDisposition = disposition.ToString();
        // Before the first row leaves: what can't be written down is not given out.
        await audit.Write(new AuditEntry("export.begun") { Kind = Audited.Customers.Name, Changes = table.What }, ct);
        var sent = 0;
        try
        {
            await Send(http.Response.Body, table, rows, firm, count => sent = count, ct);
        }
        finally
        {
            await audit.Write(new AuditEntry("export.ended") { Kind = Audited.Customers.Name, Changes = [.. table.What, AuditChange.Is("rows", sent)] }, CancellationToken.None);
        }
    }

    private async Task Send<T>(Stream body, SentTable<T> sent, IAsyncEnumerable<T> all, FirmSettings firm, Action<int> tell, CancellationToken ct)
    {
        var words = new ListWording(texts, firm.Currency, firm.Zone);
        using var buffer = new Outbox();
        using (var table = sent.Workbook ? TableWriter.Xlsx(buffer, sent.Title, sent.Columns, firm.Zone) : TableWriter.Csv(buffer, sent.Columns, firm.Zone))
        {
            var rows = 0;
            await foreach (var row in all.WithCancellation(ct))
            {
                sent.Write(row, table, words);
                table.EndRow();
                if (++rows % RowsPerWrite == 0) { await buffer.Send(body, ct); }
                tell(rows);
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
