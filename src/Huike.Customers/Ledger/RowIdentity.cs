using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Huike.Customers.Ledger;

/// <summary>A row's identity by its content: 64 bits over its normalised fields, by folded multiplications as in wyhash (Wang Yi, 2019).</summary>
/// <remarks>Two different rows among ten million meet with a probability of three in a million. Not cryptographic: who makes rows meet on purpose hides only rows of their own.</remarks>
internal sealed class RowIdentity
{
    private const ulong First = 0xA0761D6478BD642F;
    private const ulong Second = 0xE7037ED1A0B428DB;
    private const ulong Third = 0x8EBC6AF09C88C6E3;

    private readonly ArrayBufferWriter<char> text = new(512);

    public RowIdentity Begin(ReadOnlySpan<char> source)
    {
        text.ResetWrittenCount();
        return Add(source);
    }

    /// <summary>Adds a field; fields are kept apart, so that moving a character from one to the next makes another row.</summary>
    public RowIdentity Add(ReadOnlySpan<char> field)
    {
        text.Write(field);
        text.Write("\u001f");
        return this;
    }

    public RowIdentity Add(long field)
    {
        Span<char> digits = stackalloc char[20];
        field.TryFormat(digits, out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        return Add(digits[..written]);
    }

    public ulong End()
    {
        var bytes = MemoryMarshal.AsBytes(text.WrittenSpan);
        var hash = (ulong)bytes.Length * Third;
        for (; bytes.Length >= 16; bytes = bytes[16..])
        {
            hash = Fold(BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ First ^ hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) ^ Second);
        }
        Span<byte> rest = stackalloc byte[16];
        rest.Clear();
        bytes.CopyTo(rest);
        hash = Fold(BinaryPrimitives.ReadUInt64LittleEndian(rest) ^ First ^ hash, BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]) ^ Second);
        return Fold(hash ^ Third, First);
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }

    /// <summary>Identity of the n-th of equal rows; n = 0 is the row itself.</summary>
    public static ulong Occurrence(ulong identity, int n)
    {
        if (n == 0) { return identity; }
        // SplitMix64's finaliser: a well mixed key stays well mixed.
        var mixed = identity + ((ulong)n * 0x9E3779B97F4A7C15);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
