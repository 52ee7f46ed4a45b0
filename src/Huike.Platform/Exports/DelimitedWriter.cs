namespace Huike.Platform.Exports;

/// <summary>Writes rows of a delimited text, marks around a field where it needs them.</summary>
internal sealed class DelimitedWriter(TextWriter text, char delimiter) : IDisposable
{
    private bool _begun;

    public void Dispose() => text.Dispose();

    internal void Field(ReadOnlySpan<char> field)
    {
        if (_begun)
        {
            text.Write(delimiter);
        }
        var quoted = field.ContainsAny("\"\r\n") || field.Contains(delimiter) || (delimiter == ' ' && (field.IsEmpty || field.ContainsAny("\t\u3000\u00A0")));
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
