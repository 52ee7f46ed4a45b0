namespace Huike.Platform.Imports;

/// <summary>Finds the delimiter of a text: the one by which most rows have the same number of fields.</summary>
internal static class TextDelimiter
{
    private const int SampleRows = 200;
    private const double EnoughAgreement = 0.8;

    /// <returns>Comma, tab, semicolon, pipe, or a blank for runs of blanks; a comma where there is but one column.</returns>
    internal static char Find(string sample)
    {
        var best = (Delimiter: ',', Score: 0.0);
        foreach (var delimiter in ",\t;|")
        {
            var (columns, agreement, first) = Columns(sample, delimiter);
            // A decimal comma cuts the data as regularly as the true delimiter, but not the header.
            var score = columns < 2 ? 0 : agreement + (first == columns ? 0.5 : 0) + (Math.Min(columns, 50) * 0.002);
            if (score > best.Score)
            {
                best = (delimiter, score);
            }
        }
        return best.Score >= EnoughAgreement ? best.Delimiter
            : IsBlanks(sample) ? TextRecords.Blanks
            : best.Delimiter;
    }

    private static (int Columns, double Agreement, int First) Columns(string sample, char delimiter)
    {
        var counts = Rows(sample, delimiter, fields => fields.Count);
        if (counts.Count == 0)
        {
            return default;
        }
        var most = counts.CountBy(count => count).MaxBy(pair => (pair.Value, pair.Key));
        return (most.Key, (double)most.Value / counts.Count, counts[0]);
    }

    /// <summary>Words of a prose are parted by blanks too: a table has the same number in each row, and numbers or dates in some column.</summary>
    private static bool IsBlanks(string sample)
    {
        var (columns, agreement, _) = Columns(sample, TextRecords.Blanks);
        return columns > 1 && agreement >= 0.9
            && Rows(sample, TextRecords.Blanks, fields =>
            {
                for (var i = 0; i < fields.Count; i++)
                {
                    if (Cell.LooksLikeValue(fields[i]))
                    {
                        return true;
                    }
                }
                return false;
            }).Count(hasValue => hasValue) is > 1;
    }

    private static List<T> Rows<T>(string sample, char delimiter, Func<TextRecords, T> look)
    {
        // The last row may be cut by the sample's end.
        var end = sample.Length < 4096 ? sample.Length : sample.LastIndexOf('\n') + 1;
        var records = new TextRecords(new StringReader(sample[..(end > 0 ? end : sample.Length)]), delimiter);
        var found = new List<T>();
        while (found.Count < SampleRows && records.Read())
        {
            found.Add(look(records));
        }
        return found;
    }
}
