using System.Data.Common;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Huike.Customers.Ledger;
using Huike.Platform.Data;

namespace Huike.Customers.Erasures;

/// <summary>What loads left behind of a person: files that were sent in, refused rows, and the samples of them that pages show.</summary>
internal sealed class LoadedTraces(LoadFiles loads)
{
    private const int Window = 1 << 16;
    private const int Overlap = 1 << 10;
    private const long MostLetters = 4L << 30;
    private static readonly Encoding[] Encodings = [Encoding.UTF8, CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!, Encoding.Unicode];

    /// <summary>Paths of files that name the person. Reads all of them: uploads are kept for a time only (retention). What can't be unpacked counts as naming.</summary>
    public IReadOnlyList<string> Files(PersonalWords words, CancellationToken ct)
    {
        var found = new List<string>();
        if (!Directory.Exists(loads.Folder)) { return found; }
        foreach (var path in Directory.EnumerateFiles(loads.Folder))
        {
            if (Names(path, words, ct)) { found.Add(path); }
        }
        return found;
    }

    /// <summary>Loads of which request or outcome names the person or one of these files, with what they are without it.</summary>
    public static async Task<List<(long Id, string Request, string Outcome)>> Samples(DbConnection connection, PersonalWords words, IReadOnlyCollection<string> files, CancellationToken ct)
    {
        var rows = await connection.Rows("select id, request, outcome from customers_load", row => (Id: row.GetInt64(0), Request: row.GetString(1), Outcome: row.GetString(2)), ct);
        return [.. rows.Select(row => (row.Id, Old: row, Request: RequestWithout(row.Request, words), Outcome: OutcomeWithout(row.Outcome, words, files)))
            .Where(row => row.Request != row.Old.Request || row.Outcome != row.Old.Outcome).Select(row => (row.Id, row.Request, row.Outcome))];
    }

    private static string RequestWithout(string json, PersonalWords words)
    {
        var request = JsonSerializer.Deserialize<LoadRequest>(json)!;
        return request.Files.Any(file => words.StandIn(file.Name))
            ? JsonSerializer.Serialize(request with { Files = [.. request.Files.Select(file => words.StandIn(file.Name) ? file with { Name = Path.GetFileName(file.Path) is var bare && words.StandIn(bare) ? "–" : bare, Path = words.StandIn(file.Path) ? "–" : file.Path } : file)] })
            : json;
    }

    private static string OutcomeWithout(string json, PersonalWords words, IReadOnlyCollection<string> files)
    {
        if (json.Length == 0 || JsonSerializer.Deserialize<LoadOutcome>(json) is not { } outcome) { return json; }
        var gone = outcome.RefusedFiles.Where(name => files.Any(file => Path.GetFileName(file) == name)).ToList();
        var samples = outcome.RefusedSample.Where(sample => !words.StandIn(sample.Row) && !words.StandIn(sample.Reason)).ToList();
        var (changed, kept) = (Without(outcome.ChangedSample, words), Without(outcome.KeptSample, words));
        return gone.Count == 0 && samples.Count == outcome.RefusedSample.Count && changed.Count == outcome.ChangedSample.Count && kept.Count == outcome.KeptSample.Count ? json
            : JsonSerializer.Serialize(outcome with { RefusedFiles = [.. outcome.RefusedFiles.Except(gone)], RefusedSample = samples, ChangedSample = changed, KeptSample = kept });

        static List<ChangedRow> Without(IReadOnlyList<ChangedRow> rows, PersonalWords words) =>
            [.. rows.Where(row => !words.StandIn(row.Customer) && !row.Changes.Any(change => words.StandIn(change.Old ?? "") || words.StandIn(change.New ?? "")))];
    }

    /// <summary>Looks at all of the file's text, whatever a table's reader would pass over: notes, further sheets, columns without a title.</summary>
    private static bool Names(string path, PersonalWords words, CancellationToken ct)
    {
        try
        {
            return Encodings.Any(encoding => NamesIn(path, encoding, words, ct));
        }
        catch (InvalidDataException)
        {
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private static bool NamesIn(string path, Encoding encoding, PersonalWords words, CancellationToken ct)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);
        Span<byte> start = stackalloc byte[2];
        var packing = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length ? "" : start.SequenceEqual("PK"u8) ? "zip" : start.SequenceEqual<byte>([0x1F, 0x8B]) ? "gzip" : "";
        file.Position = 0;
        if (packing == "gzip")
        {
            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            return Holds(unpacked, encoding, words, ct);
        }
        if (packing.Length == 0) { return Holds(file, encoding, words, ct); }
        using var parts = new ZipArchive(file, ZipArchiveMode.Read);
        foreach (var part in parts.Entries)
        {
            using var text = part.Open();
            if (Holds(text, encoding, words, ct)) { return true; }
        }
        return false;
    }

    private static bool Holds(Stream stream, Encoding encoding, PersonalWords words, CancellationToken ct)
    {
        using var reader = new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: false);
        var buffer = new char[Window];
        var kept = 0;
        for (var total = 0L; ; total += Window)
        {
            ct.ThrowIfCancellationRequested();
            var read = reader.ReadBlock(buffer, kept, buffer.Length - kept);
            var text = buffer.AsSpan(0, kept + read);
            // A workbook within a packed file can't be looked into on the way; nor is a file without end.
            if (words.StandIn(text) || (total == 0 && text.StartsWith("PK\u0003\u0004")) || total > MostLetters) { return true; }
            if (read == 0) { return false; }
            kept = Math.Min(Overlap, text.Length);
            text[^kept..].CopyTo(buffer);
        }
    }
}
