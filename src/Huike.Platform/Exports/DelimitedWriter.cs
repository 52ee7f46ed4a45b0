namespace Huike.Platform.Exports;

/// <summary>Writes rows of a delimited text, marks around a field where it needs them.</summary>
/// <param name="text">Where it goes.</param>
/// <param name="delimiter">Between fields.</param>
/// <param name="trace">Bits that marks without need tell, by one field after the other and again from the beginning; null: marks stand only where they are needed.</param>
internal sealed class DelimitedWriter(TextWriter text, char delimiter, IReadOnlyList<bool>? trace = null) : IDisposable
{
    private bool _begun;
    private int _traced;

    /// <summary>Whether others write on.</summary>
    internal bool LeavesOpen { get; init; }

    public void Dispose()
    {
        if (!LeavesOpen) { text.Dispose(); }
    }

    internal void Field(ReadOnlySpan<char> field)
    {
        if (_begun)
        {
            text.Write(delimiter);
        }
        var quoted = field.ContainsAny("\"\r\n") || field.Contains(delimiter) || (delimiter == ' ' && (field.IsEmpty || field.ContainsAny("\t\u3000\u00A0")));
        if (!quoted && trace is not null && !field.IsEmpty) { quoted = trace[_traced++ % trace.Count]; }
        if (!quoted)
        {
            text.Write(field);
        }
        else
        {
            text.Write('"');
            for (int at; (at = field.IndexOf('"')) >= 0; field = field[(at + 1)..])
            {
                text.Write(field[..(at + 1)]);
                text.Write('"');
            }
            text.Write(field);
            text.Write('"');
        }
        _begun = true;
    }

    internal void EndRow()
    {
        text.Write("\r\n");
        _begun = false;
    }
}
