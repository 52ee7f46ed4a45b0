using System.IO.Pipelines;
using System.Text;

namespace Huike.Ui.Layout;

/// <summary>Text into a pipe as UTF-8, without a buffer of its own.</summary>
/// <param name="pipe">An answer's body.</param>
internal sealed class PipeTextWriter(PipeWriter pipe) : TextWriter
{
    private const int AtOnce = 4096;

    // Keeps the first half of a character that comes in two writes.
    private readonly Encoder encoder = System.Text.Encoding.UTF8.GetEncoder();

    public override Encoding Encoding => System.Text.Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        while (buffer.Length > 0)
        {
            var some = buffer[..Math.Min(buffer.Length, AtOnce)];
            Put(some, flush: false);
            buffer = buffer[some.Length..];
        }
    }

    public override void Flush() => Put([], flush: true);

    private void Put(ReadOnlySpan<char> some, bool flush) =>
        pipe.Advance(encoder.GetBytes(some, pipe.GetSpan(System.Text.Encoding.UTF8.GetMaxByteCount(some.Length)), flush));
}
