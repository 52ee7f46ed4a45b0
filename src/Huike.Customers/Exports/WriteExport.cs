using Huike.Customers.Processing;
using Huike.Platform.Exports;
using Huike.Platform.Imports;
using Huike.Platform.Settings;
using Huike.Ui;

namespace Huike.Customers.Exports;

/// <summary>Writes a table as a file, piece by piece, so that a million rows need no more memory than a hundred.</summary>
internal sealed class WriteExport(SettingsStore settings, Register register)
{
    public const string Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    public const string Delimited = "text/csv; charset=utf-8";
    private const int RowsPerPiece = 500;

    /// <summary>Media type of a file.</summary>
    public static string Type(Export export) => export.IsWorkbook ? Workbook : Delimited;

    /// <param name="export">What it is, and for whom.</param>
    /// <param name="table">The table.</param>
    /// <param name="only">Numbers of the rows that may be in it; null: all.</param>
    /// <param name="send">Takes the next piece; what it is given is only there until it ends.</param>
    /// <param name="tell">Takes how many rows are written.</param>
    /// <param name="ct">Ends the work.</param>
    public async Task Run(Export export, ExportedTable table, IReadOnlySet<long>? only, Func<ReadOnlyMemory<byte>, Task> send, Action<long> tell, CancellationToken ct)
    {
        var (firm, texts) = (await settings.Get<FirmSettings>(ct), TextCatalog.For(export.Language));
        var words = new ListWording(texts, firm.Currency, firm.Zone);
        var mark = await Mark(export, words, table.Columns.Count > 1, ct);
        using var buffer = new Outbox();
        using (var writer = export.IsWorkbook ? TableWriter.Xlsx(buffer, table.Title, table.Columns, firm.Zone, mark) : TableWriter.Csv(buffer, table.Columns, firm.Zone, mark))
        {
            var rows = 0L;
            await foreach (var row in table.Rows(ct))
            {
                if (only?.Contains(row.Id) == false) { continue; }
                row.Write(writer, words);
                writer.EndRow();
                if (++rows % RowsPerPiece == 0) { await buffer.Send(send); }
                tell(rows);
            }
        }
        await buffer.Send(send);
    }

    // A note above one column would be taken for its title.
    private async Task<CopyMark> Mark(Export export, ListWording words, bool isWide, CancellationToken ct)
    {
        var purpose = (await register.All(ct)).Find(one => one.Code == export.Purpose)?.Name(words.Texts) ?? export.Purpose;
        return new(export.Trace, TableReader.NoteMark + words.Texts["exports.mark.line", export.Id, export.By, words.Moment(export.AskedAt), purpose, export.Trace], export.IsMarked && isWide);
    }

    /// <summary>Takes what the table writes at once and gives it on when that can be waited for.</summary>
    private sealed class Outbox : Stream
    {
        private readonly MemoryStream kept = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public async Task Send(Func<ReadOnlyMemory<byte>, Task> to)
        {
            if (kept.Length > 0) { await to(kept.GetBuffer().AsMemory(0, (int)kept.Length)); }
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
