namespace Huike.Customers.Ledger;

/// <summary>A set of 64-bit keys in little memory: 11 to 22 bytes a key, where a hash set takes 30 to 60.</summary>
/// <remarks>Open addressing; the keys must be well mixed already. Not safe for several threads.</remarks>
internal sealed class Seen
{
    // Drawn anew each time, so that no file can be made whose keys all want the same slot.
    private readonly ulong spread = (ulong)Random.Shared.NextInt64() | 1;
    private ulong[] slots = new ulong[1024];
    private bool hasZero;

    public int Count { get; private set; }

    /// <returns>False where the key was there.</returns>
    public bool Add(ulong key)
    {
        if (key == 0)
        {
            if (hasZero) { return false; }
            hasZero = true;
            Count++;
            return true;
        }
        if (!Put(slots, key)) { return false; }
        if (++Count > slots.Length / 4 * 3) { Grow(); }
        return true;
    }

    private bool Put(ulong[] slots, ulong key)
    {
        var mask = (ulong)slots.Length - 1;
        for (var at = (key * spread) >> 20 & mask; ; at = (at + 1) & mask)
        {
            if (slots[at] == 0)
            {
                slots[at] = key;
                return true;
            }
            if (slots[at] == key) { return false; }
        }
    }

    private void Grow()
    {
        var wider = new ulong[slots.Length * 2];
        foreach (var key in slots.Where(key => key != 0)) { Put(wider, key); }
        slots = wider;
    }
}
