using Huike.Platform.Fields;
using Huike.Platform.Imports;
using Huike.Platform.Settings;

namespace Huike.Customers.Ledger;

/// <summary>A file as it will be read: what was found out about it, shown for correction.</summary>
/// <param name="File">The file.</param>
/// <param name="Format">Kind, encoding, delimiter, header.</param>
/// <param name="Map">Columns as matched and corrected.</param>
/// <param name="Sample">The first rows, by position of the header's columns.</param>
internal sealed record PlannedFile(LoadFile File, TableFormat Format, ColumnMap Map, List<string[]> Sample);

/// <summary>How a load will be understood, from the first rows of each of its files.</summary>
/// <param name="Files">In the user's order.</param>
/// <param name="Dates">Order of day and month over all of them.</param>
/// <param name="Decimals">Decimal mark over all of them.</param>
/// <param name="CancelledPrefix">Beginning of cancelled documents' numbers; empty where there is none.</param>
internal sealed record LoadPlan(IReadOnlyList<PlannedFile> Files, DateOrder Dates, DecimalMark Decimals, string CancelledPrefix)
{
    private const int SampleRows = 2_000;
    private const string UsualPrefix = "C";

    /// <summary>What the columns of such a load can hold, the firm's own fields among them.</summary>
    public static TableFields FieldsOf(LoadKind kind, FieldBook? own) => kind == LoadKind.Transactions ? TableFields.Transactions : TableFields.Customers.With(FieldRules.Columns(own?.Of(CustomerFields.Kind.Name) ?? []));

    /// <summary>By what customers who are there can be found: fields that an index leads by.</summary>
    public static IReadOnlyList<string> Keys(FieldBook own) =>
        ["number", "creditCode", "phone", "email", .. own.Of(CustomerFields.Kind.Name).Where(field => field is { IsIndexed: true, Type: FieldType.Text or FieldType.Number }).Select(field => field.Input)];

    private static TableFields FieldsOf(LoadFile file, LoadKind kind, FieldBook? own) => kind == LoadKind.Customers && file.Part == LoadPart.People ? TableFields.People : FieldsOf(kind, own);

    /// <summary>Fields of a list that hold days.</summary>
    private static IReadOnlyList<string> Days(LoadKind kind, FieldBook? own) => kind == LoadKind.Transactions ? ["date"]
        : ["createdAt", "consentAt", "contactBirthday", .. (own?.Of(CustomerFields.Kind.Name) ?? []).Where(field => field.Type == FieldType.Date).Select(field => field.Input)];

    /// <summary>Looks into the files.</summary>
    /// <exception cref="ImportException">A file that is no table, a mapping that names a column which no file has, or a field without a column that a load needs.</exception>
    public static LoadPlan Make(LoadRequest request, FieldBook? own = null)
    {
        var days = Days(request.Kind, own);
        var votes = new DateOrderVotes();
        var numbers = new List<string>();
        int documents = 0, prefixed = 0;
        var prefix = request.CancelledPrefix ?? UsualPrefix;
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var files = new List<PlannedFile>();
        foreach (var file in request.Files.Where(file => file.Part != LoadPart.None))
        {
            using var reader = file.Open();
            var sample = Sample(reader);
            var map = Corrected(ColumnMap.Find(FieldsOf(file, request.Kind, own), reader.Header, reader.HasHeader, sample), request.Columns, known);
            files.Add(new(file, reader.Format, map, sample));
            foreach (var row in sample)
            {
                foreach (var day in days) { Vote(row, ColumnOf(map, day), votes); }
                if (request.Kind == LoadKind.Customers) { continue; }
                foreach (var column in (int[])[map["amount"], map["price"], map["quantity"], map["cost"]]) { if (At(row, column) is { Length: > 0 } number) { numbers.Add(number); } }
                if (At(row, map["document"]) is not { Length: > 0 } document) { continue; }
                documents++;
                if (LedgerRules.HasPrefix(Cell.NormalKey(document), prefix)) { prefixed++; }
            }
        }
        if (request.Columns.Keys.FirstOrDefault(field => request.Columns[field].Length > 0 && !known.Contains(field)) is { } nowhere)
        {
            throw new ImportException("load.column.nowhere", nowhere, request.Columns[nowhere]);
        }
        if (files.Count == 0) { throw new ImportException("load.files.unused"); }
        foreach (var day in days) { VoteOnTheRest(files, day, votes); }
        // Where most numbers begin so, it is how the firm numbers its documents and says nothing.
        var usual = request.CancelledPrefix is null && prefixed * 2 > documents ? "" : prefix;
        return new(files, votes.Order, Cell.DecimalMarkOf(numbers), usual);
    }

    /// <summary>The files with the columns that a ledger's parser needs.</summary>
    /// <exception cref="ImportException"><c>load.columns.missing</c>.</exception>
    public IReadOnlyList<LedgerFile> Ledgers()
    {
        var ledgers = Files.Select(file => new LedgerFile(file.File, new LedgerColumns(file.Map))).ToList();
        var linesOnly = ledgers.Any(ledger => ledger.Columns.IsLinesOnly);
        var headsFound = ledgers.Any(ledger => ledger.Columns.CanBeHeads);
        for (var i = 0; i < ledgers.Count; i++)
        {
            var usable = linesOnly
                ? headsFound && (ledgers[i].Columns.IsLinesOnly || ledgers[i].Columns.CanBeHeads)
                : ledgers[i].Columns.IsWhole;
            if (!usable) { throw Missing(Files[i]); }
        }
        return ledgers;
    }

    /// <summary>Refuses a load whose columns can't be enough.</summary>
    /// <exception cref="ImportException"><c>load.columns.missing</c>.</exception>
    public void Demand(LoadKind kind)
    {
        if (kind == LoadKind.Transactions)
        {
            Ledgers();
            return;
        }
        if (Files.FirstOrDefault(file => file.Map.Missing.Count > 0) is { } file) { throw Missing(file); }
    }

    /// <summary>The rules that follow.</summary>
    public LedgerRules Rules(FirmSettings firm) => new(firm, Dates, Decimals, CancelledPrefix);

    private static ImportException Missing(PlannedFile file) =>
        new("load.columns.missing", file.File.Title, string.Join(", ", file.Map.Missing), string.Join(", ", file.Map.Header));

    private static ColumnMap Corrected(ColumnMap map, IReadOnlyDictionary<string, string> columns, HashSet<string> known)
    {
        foreach (var (field, column) in columns)
        {
            if (!map.Fields.Fields.Any(one => string.Equals(one.Name, field, StringComparison.OrdinalIgnoreCase)) && TableFields.Customers.Fields.Any(one => one.Name == field)) { continue; }
            // The files of a load may have different columns: a correction holds where its column is.
            var here = column.Length == 0 || map.Header.Contains(column, StringComparer.OrdinalIgnoreCase)
                || (int.TryParse(column, System.Globalization.CultureInfo.InvariantCulture, out var position) && position >= 1 && position <= map.Header.Count);
            if (!here) { continue; }
            known.Add(field);
            map = map.With($"{field}={(column.Contains(',', StringComparison.Ordinal) ? $"\"{column}\"" : column)}");
        }
        return map;
    }

    /// <summary>The first days of a month leave the order of day and month open; then the rows after them decide, or the ledger would be dated wrong without a word.</summary>
    private static void VoteOnTheRest(List<PlannedFile> files, string field, DateOrderVotes votes)
    {
        foreach (var (file, _, map, sample) in files.Where(file => ColumnOf(file.Map, field) >= 0))
        {
            if (votes.Order != DateOrder.Unknown || !sample.Exists(row => IsOpen(At(row, map[field])))) { continue; }
            using var reader = file.Open();
            while (votes.Order == DateOrder.Unknown && reader.Read()) { votes.Add(reader[map[field]]); }
        }
    }

    private static bool IsOpen(string date) =>
        Cell.TryDateTime(date, DateOrder.DayFirst, out var day) && Cell.TryDateTime(date, DateOrder.MonthFirst, out var month) && day != month;

    private static List<string[]> Sample(TableReader reader)
    {
        var rows = new List<string[]>();
        while (rows.Count < SampleRows && reader.Read())
        {
            var row = new string[reader.Header.Count];
            for (var i = 0; i < row.Length; i++) { row[i] = reader[i].ToString(); }
            rows.Add(row);
        }
        return rows;
    }

    private static void Vote(string[] row, int column, DateOrderVotes votes)
    {
        if (At(row, column) is { Length: > 0 } date) { votes.Add(date); }
    }

    private static int ColumnOf(ColumnMap map, string field) => map.Matches.FirstOrDefault(match => match.Field == field)?.Column ?? -1;

    private static string At(string[] row, int column) => column >= 0 && column < row.Length ? row[column] : "";
}
