namespace Huike.Customers.Ledger;

/// <summary>A set of 64-bit keys in little memory: 9 to 12 bytes a key, where a hash set takes 30 to 60.</summary>
/// <remarks>Open addressing in many small tables that grow by themselves, so that growth never needs the room of all keys twice; the keys must be well mixed already. Not safe for several threads.</remarks>
internal sealed class Seen
{
    private const int Tables = 256;

    // Drawn anew each time, so that no file can be made whose keys all want the same slot.
    private readonly ulong spread = (ulong)Random.Shared.NextInt64() | 1;
    private readonly ulong[][] tables = new ulong[Tables][];
    private readonly int[] counts = new int[Tables];
    private bool hasZero;

    public int Count { get; private set; }

    /// <returns>False where the key was there.</returns>
    public bool Add(ulong key)
    {
        if (key == 0)
        {
            Count += hasZero ? 0 : 1;
            return !hasZero && (hasZero = true);
        }
        var mixed = key * spread;
        var number = (int)(mixed >> 56);
        ref var table = ref tables[number];
        table ??= new ulong[8];
        if (!Put(table, key, mixed)) { return false; }
        Count++;
        if (++counts[number] * 8L > table.Length * 7L) { table = Wider(table); }
        return true;
    }

    private static bool Put(ulong[] slots, ulong key, ulong mixed)
    {
        // The upper half of the product of the lower bits and the length: a slot, whatever the length.
        for (var at = (int)(((mixed & 0xFF_FFFF_FFFF) * (ulong)slots.Length) >> 40); ; at = at + 1 == slots.Length ? 0 : at + 1)
        {
            if (slots[at] == 0)
            {
                slots[at] = key;
                return true;
            }
            if (slots[at] == key) { return false; }
        }
    }

    private ulong[] Wider(ulong[] old)
    {
        var wider = new ulong[old.Length + Math.Max(8, old.Length / 4)];
        foreach (var key in old)
        {
            if (key != 0) { Put(wider, key, key * spread); }
        }
        return wider;
    }
}
