using Huike.Platform.Imports;
using Huike.Ui;

namespace Huike.Customers.Ledger;

/// <summary>The rows that a load refuses: for each of its files one in the same format, with the reason in the first column.</summary>
/// <param name="folder">Where to; made where missing.</param>
/// <param name="stem">Beginning of the files' names.</param>
/// <param name="texts">Language of the reasons.</param>
internal sealed class RefusedFiles(string folder, string stem, Texts texts) : IDisposable
{
    private const int MostSamples = 10;
    private const int LongestSample = 300;

    private readonly List<string> paths = [];
    private readonly List<RefusedRow> samples = [];
    private TableReader? source;
    private FileStream? file;
    private RefusedRows? rows;

    /// <summary>Names of the files, in the folder; empty where nothing was refused. Complete after <see cref="Dispose"/>.</summary>
    public IReadOnlyList<string> Names => [.. paths.Select(path => Path.GetFileName(path))];

    /// <summary>The first rows that were refused.</summary>
    public IReadOnlyList<RefusedRow> Samples => samples;

    /// <summary>Keeps the reader's current row. A load reads its files one after the other.</summary>
    public void Add(TableReader reader, Refusal refusal) => Add(reader, reader.Row, refusal);

    /// <summary>Keeps a row of the reader's that was read before.</summary>
    public void Add(TableReader reader, TableRow row, Refusal refusal)
    {
        if (!ReferenceEquals(reader, source))
        {
            Dispose();
            Directory.CreateDirectory(folder);
            paths.Add(Path.Combine(folder, $"{stem}-{paths.Count + 1}{RefusedRows.Extension(reader.Format)}"));
            file = File.Create(paths[^1]);
            rows = new RefusedRows(file, reader, texts["load.refused.title"]);
            source = reader;
        }
        var reason = texts[refusal.Code, refusal.Args];
        rows!.Add(row, reason);
        if (samples.Count < MostSamples) { samples.Add(new(row.Line, reason, Told(row))); }
    }

    /// <summary>Completes the file.</summary>
    public void Dispose()
    {
        rows?.Dispose();
        rows = null;
        file?.Dispose();
        file = null;
        source = null;
    }

    private static string Told(TableRow row)
    {
        var text = string.Join(" | ", row.Cells);
        return text.Length <= LongestSample ? text : text[..LongestSample];
    }
}
