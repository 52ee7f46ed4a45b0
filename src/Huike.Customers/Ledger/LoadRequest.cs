using System.Text.Json.Serialization;
using Huike.Platform.Audit;
using Huike.Platform.Imports;

namespace Huike.Customers.Ledger;

/// <summary>A file of a load, or one sheet of it.</summary>
/// <param name="Name">As the user knows it.</param>
/// <param name="Path">Where it lies on this machine.</param>
internal sealed record LoadFile(string Name, string Path)
{
    /// <summary>Which sheet of a workbook; null: the first one that holds rows.</summary>
    public string? Sheet { get; init; }

    /// <summary>Row of the header, from 1; 0: there is none; null: as it is found.</summary>
    public int? HeaderRow { get; init; }

    /// <summary>What it holds, of a list of customers.</summary>
    public LoadPart Part { get; init; }

    /// <summary>What merged cells hold counts in the first of their rows alone.</summary>
    public bool KeepsMerged { get; init; }

    /// <summary>Name with the sheet, where one was chosen.</summary>
    public string Title => Sheet is null ? Name : $"{Name} · {Sheet}";

    /// <summary>Reads it from its beginning.</summary>
    /// <exception cref="ImportException">It is no table.</exception>
    public TableReader Open() => TableReader.Open(Path, new() { Sheet = Sheet, HeaderRow = HeaderRow, FillsMerged = !KeepsMerged });
}

/// <summary>What is to be loaded, and how its columns are to be read.</summary>
internal sealed record LoadRequest
{
    public required LoadKind Kind { get; init; }

    /// <summary>Name of the system that the files come from.</summary>
    public string Source { get; init; } = "ledger";

    public required IReadOnlyList<LoadFile> Files { get; init; }

    /// <summary>Field → column by title or position; what is not named here is matched by title. An empty column leaves the field out.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>Drops all but the first of rows that are equal within a file; otherwise each is a purchase of its own.</summary>
    public bool DropDuplicates { get; init; }

    /// <summary>A document number that begins so, followed by digits, is cancelled. Empty: none. Null: C, unless most numbers begin so.</summary>
    public string? CancelledPrefix { get; init; }

    /// <summary>What becomes of customers who are there already.</summary>
    public KnownRows Known { get; init; }

    /// <summary>By what they are found: <c>number</c>, <c>creditCode</c>, <c>phone</c>, <c>email</c>, or the name of a field of the firm's own.</summary>
    public string Key { get; init; } = "number";

    /// <summary>Begun on this machine itself, not by a user of the pages: every customer may be changed.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Sign-in name of who began the run.</summary>
    [JsonIgnore]
    public string By { get; init; } = "";

    /// <summary>Language of the words in the file of refused rows.</summary>
    public string Language { get; init; } = "zh-CN";
}

/// <summary>A row that came back.</summary>
/// <param name="Line">Its number in its file, as a person counts.</param>
/// <param name="Reason">What is wrong and how to mend it.</param>
/// <param name="Row">Its cells, parted by bars; shortened.</param>
internal sealed record RefusedRow(long Line, string Reason, string Row);

/// <summary>A customer who is changed by a load.</summary>
/// <param name="Line">Row of its file.</param>
/// <param name="Customer">Number and name.</param>
/// <param name="Changes">Fields, with old and new value.</param>
internal sealed record ChangedRow(long Line, string Customer, IReadOnlyList<AuditChange> Changes);

/// <summary>What a run of a load came to; the same for a dry run, of what would have been.</summary>
internal sealed record LoadOutcome
{
    /// <summary>Rows of data in the files.</summary>
    [JsonPropertyName("rows")] public long Rows { get; init; }

    /// <summary>Rows that are in the ledger now: added, or known before.</summary>
    [JsonPropertyName("accepted")] public long Accepted { get; init; }

    /// <summary>Rows that came back with a reason.</summary>
    [JsonPropertyName("refused")] public long Refused { get; init; }

    /// <summary>Distinct customers in the accepted rows.</summary>
    [JsonPropertyName("customers")] public long Customers { get; init; }

    /// <summary>Accepted rows that name no customer.</summary>
    [JsonPropertyName("withoutCustomer")] public long WithoutCustomer { get; init; }

    /// <summary>Distinct documents; where a row has no number, its customer and day stand for one.</summary>
    [JsonPropertyName("documents")] public long Documents { get; init; }

    /// <summary>Rows on cancelled documents, and rows of named customers with a negative quantity.</summary>
    [JsonPropertyName("returns")] public long Returns { get; init; }

    /// <summary>Those of them that name a customer.</summary>
    [JsonPropertyName("returnsWithCustomer")] public long ReturnsWithCustomer { get; init; }

    /// <summary>Rows equal to an earlier row of their file, kept or dropped.</summary>
    [JsonPropertyName("duplicates")] public long Duplicates { get; init; }

    /// <summary>Net sales of named customers over the accepted rows, in the firm's currency.</summary>
    [JsonPropertyName("netSales")] public decimal NetSales { get; init; }

    /// <summary>Rows that were new to the ledger or the files of customers.</summary>
    [JsonPropertyName("added")] public long Added { get; init; }

    /// <summary>Rows that were there already and stay as they are.</summary>
    [JsonPropertyName("known")] public long Known { get; init; }

    /// <summary>Customers whose file the load changes.</summary>
    [JsonPropertyName("changed")] public long Changed { get; init; }

    /// <summary>Customers that get a file by this load.</summary>
    [JsonPropertyName("newCustomers")] public long NewCustomers { get; init; }

    /// <summary>New customers of the files who may be there under another number, and came in all the same.</summary>
    [JsonPropertyName("twins")] public long Twins { get; init; }

    /// <summary>New customers of the files who are there under another number, and were left out as the rules say.</summary>
    [JsonPropertyName("twinsLeftOut")] public long TwinsLeftOut { get; init; }

    /// <summary>Rows of customers who are there already and stay as they are because that was chosen.</summary>
    [JsonPropertyName("skipped")] public long Skipped { get; init; }

    /// <summary>Of an undone load: what couldn't be put back, because something came later or the file is needed.</summary>
    [JsonPropertyName("kept")] public long Kept { get; init; }

    /// <summary>The first customers that are changed.</summary>
    [JsonPropertyName("changedSample")] public IReadOnlyList<ChangedRow> ChangedSample { get; init; } = [];

    /// <summary>The first customers of whom something couldn't be put back, with the fields.</summary>
    [JsonPropertyName("keptSample")] public IReadOnlyList<ChangedRow> KeptSample { get; init; } = [];

    /// <summary>Files of the refused rows, in the folder of loads.</summary>
    [JsonPropertyName("refusedFiles")] public IReadOnlyList<string> RefusedFiles { get; init; } = [];

    /// <summary>The first refused rows, to be looked at before the load.</summary>
    [JsonPropertyName("refusedSample")] public IReadOnlyList<RefusedRow> RefusedSample { get; init; } = [];
}
