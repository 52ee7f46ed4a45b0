using System.IO.Pipelines;
using System.Text;

namespace Huike.Ui.Layout;

/// <summary>Text into a pipe as UTF-8. Gathers the small pieces that pages are written in: each turn at the pipe takes locks of the server's.</summary>
/// <param name="pipe">An answer's body.</param>
internal sealed class PipeTextWriter(PipeWriter pipe) : TextWriter
{
    private const int AtOnce = 4096;

    private readonly char[] gathered = new char[AtOnce];

    // Keeps the first half of a character that comes in two turns.
    private readonly Encoder encoder = System.Text.Encoding.UTF8.GetEncoder();

    private int count;

    public override Encoding Encoding => System.Text.Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        while (buffer.Length > 0)
        {
            if (count == AtOnce) { Put(flush: false); }
            var some = buffer[..Math.Min(buffer.Length, AtOnce - count)];
            some.CopyTo(gathered.AsSpan(count));
            count += some.Length;
            buffer = buffer[some.Length..];
        }
    }

    public override void Flush() => Put(flush: true);

    private void Put(bool flush)
    {
        pipe.Advance(encoder.GetBytes(gathered.AsSpan(0, count), pipe.GetSpan(System.Text.Encoding.UTF8.GetMaxByteCount(count)), flush));
        count = 0;
    }
}
