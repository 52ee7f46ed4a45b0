using System.Globalization;
using System.Text;

namespace Huike.Platform.Exports;

/// <summary>A column of an exported table.</summary>
/// <param name="Title">Its title in the reader's language.</param>
/// <param name="Width">Width in a sheet, in characters; the title's own width where that is more.</param>
public sealed record TableColumn(string Title, int Width = 14);

/// <summary>Writes a table of typed values row by row: one call per column, then <see cref="EndRow"/>. Memory does not grow with the rows.</summary>
/// <remarks>Phones, numbers of customers and other names made of digits are <see cref="Text"/>: as numbers a spreadsheet would spoil them.</remarks>
public abstract class TableWriter : IDisposable
{
    /// <summary>CSV in UTF-8 with a byte order mark, by which spreadsheets know the encoding. Text that a spreadsheet would run as a formula gets an apostrophe before it.</summary>
    /// <param name="stream">Where it goes; stays open.</param>
    /// <param name="columns">The header.</param>
    /// <param name="zone">Zone in which instants are written.</param>
    /// <param name="mark">Whose copy it is; null: nobody's.</param>
    public static TableWriter Csv(Stream stream, IReadOnlyList<TableColumn> columns, TimeZoneInfo zone, CopyMark? mark = null) => new CsvTableWriter(stream, columns, zone, mark);

    /// <summary>XLSX with a bold header that stays in view; a further sheet begins after 1,048,576 rows.</summary>
    /// <param name="stream">Where it goes; stays open, and need not seek.</param>
    /// <param name="sheet">Name of the sheet.</param>
    /// <param name="columns">The header.</param>
    /// <param name="zone">Zone in which instants are written.</param>
    /// <param name="mark">Whose copy it is; null: nobody's.</param>
    public static TableWriter Xlsx(Stream stream, string sheet, IReadOnlyList<TableColumn> columns, TimeZoneInfo zone, CopyMark? mark = null) => new XlsxTableWriter(stream, sheet, columns, zone, mark);

    /// <summary>A text as it stands; null leaves the cell empty.</summary>
    public abstract void Text(string? text);

    /// <summary>A number, a count or a share in [0, 1]; null leaves the cell empty.</summary>
    public abstract void Number(decimal? number);

    /// <summary>An amount of money, shown with two decimals, kept with all; null leaves the cell empty.</summary>
    public abstract void Money(decimal? amount);

    /// <summary>A day; null leaves the cell empty.</summary>
    public abstract void Date(DateOnly? day);

    /// <summary>An instant, written as the zone's time; null leaves the cell empty.</summary>
    public abstract void At(DateTimeOffset? instant);

    /// <summary>Ends the row.</summary>
    public abstract void EndRow();

    /// <summary>Completes the table.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Completes the table.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);

    private sealed class CsvTableWriter : TableWriter
    {
        private readonly DelimitedWriter _rows;
        private readonly TimeZoneInfo _zone;

        internal CsvTableWriter(Stream stream, IReadOnlyList<TableColumn> columns, TimeZoneInfo zone, CopyMark? mark)
        {
            var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 1 << 16, leaveOpen: true);
            _rows = new DelimitedWriter(text, ',', mark is null ? null : TraceBits.Of(mark.Trace));
            _zone = zone;
            if (mark is { IsShown: true })
            {
                // Around the note no trace begins, so that it reads the same without its row.
                using var note = new DelimitedWriter(text, ',') { LeavesOpen = true };
                note.Field(mark.Line);
                note.EndRow();
            }
            foreach (var column in columns)
            {
                Text(column.Title);
            }
            EndRow();
        }

        public override void Text(string? text) => _rows.Field(text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? "'" + text : text);

        public override void Number(decimal? number) => _rows.Field(number?.ToString("0.############################", CultureInfo.InvariantCulture));

        public override void Money(decimal? amount) => _rows.Field(amount?.ToString("0.00##", CultureInfo.InvariantCulture));

        public override void Date(DateOnly? day) => _rows.Field(day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

        public override void At(DateTimeOffset? instant) =>
            _rows.Field(instant is { } at ? TimeZoneInfo.ConvertTime(at, _zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : null);

        public override void EndRow() => _rows.EndRow();

        protected override void Dispose(bool disposing) => _rows.Dispose();
    }

    private sealed class XlsxTableWriter : TableWriter
    {
        private readonly SheetWriter _sheet;
        private readonly TimeZoneInfo _zone;
        private bool _begun;

        internal XlsxTableWriter(Stream stream, string sheet, IReadOnlyList<TableColumn> columns, TimeZoneInfo zone, CopyMark? mark)
        {
            // A Chinese character is two wide.
            _sheet = new SheetWriter(stream, sheet,
                [.. columns.Select(column => (column.Title, Math.Min(60, Math.Max(column.Width, 2 + column.Title.Sum(c => c < 0x2E80 ? 1 : 2))), SheetStyle.Title))])
            { Mark = mark };
            _sheet.Begin();
            _zone = zone;
        }

        public override void Text(string? text)
        {
            Begin();
            _sheet.Text(text);
        }

        public override void Number(decimal? number) => Value(number, SheetStyle.Number);

        public override void Money(decimal? amount) => Value(amount, SheetStyle.Money);

        public override void Date(DateOnly? day) => Day(day?.ToDateTime(TimeOnly.MinValue), SheetStyle.Day);

        public override void At(DateTimeOffset? instant) => Day(instant is { } at ? TimeZoneInfo.ConvertTime(at, _zone).DateTime : null, SheetStyle.Instant);

        public override void EndRow()
        {
            Begin();
            _sheet.EndRow();
            _begun = false;
        }

        protected override void Dispose(bool disposing) => _sheet.Dispose();

        private void Value(decimal? number, SheetStyle style)
        {
            Begin();
            if (number is { } value)
            {
                _sheet.Number(value, style);
                return;
            }
            _sheet.Nothing();
        }

        private void Day(DateTime? at, SheetStyle style)
        {
            Begin();
            if (at is { } value)
            {
                _sheet.Day(value, style);
                return;
            }
            _sheet.Nothing();
        }

        private void Begin()
        {
            if (!_begun)
            {
                _sheet.BeginRow();
                _begun = true;
            }
        }
    }
}
