using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Huike.Customers.Ledger;

/// <summary>A row's identity by its content: the first 64 bits of SHA-256 over its normalised fields.</summary>
/// <remarks>Two different rows among ten million meet with a probability of three in a million; nobody can make them meet on purpose.</remarks>
internal sealed class RowIdentity
{
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
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(MemoryMarshal.AsBytes(text.WrittenSpan), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
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
