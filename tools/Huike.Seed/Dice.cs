namespace Huike.Seed;

/// <summary>
/// Chance that is the same on every machine: SplitMix64 (Steele, Lea, Flood 2014), keyed by what is decided, so any customer or day can be
/// made alone. Only + − × ÷ on doubles, which IEEE 754 fixes to the bit; the library's logarithm differs between systems.
/// </summary>
internal struct Dice(ulong key)
{
    private ulong _state = key;

    internal static Dice For(int seed, Topic topic, long a, long b = 0) =>
        new(Mix(Mix(Mix(((ulong)(uint)seed << 8) + (ulong)topic) + (ulong)a) + (ulong)b));

    /// <summary>In [0, 1).</summary>
    internal double Next() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From 0 to <paramref name="below"/> − 1.</summary>
    internal int Below(int below) => (int)(Next() * below);

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both possible.</summary>
    internal int Between(int least, int most) => least + Below(most - least + 1);

    internal bool Happens(double probability) => Next() < probability;

    /// <summary>Exponential with mean 1.</summary>
    internal double Wait() => -Ln(1 - Next());

    /// <summary>1 or more; each further one with the given probability.</summary>
    internal int Count(double further, int most)
    {
        var count = 1;
        while (count < most && Happens(further))
        {
            count++;
        }

        return count;
    }

    /// <summary>Positive, median 1; <paramref name="spread"/> 1 means that one in a hundred is about ten times the median or more.</summary>
    internal double Uneven(double spread)
    {
        // Sum of four uniforms, near enough to a normal, with its variance of 1/3.
        var normal = (Next() + Next() + Next() + Next() - 2) * 1.7320508075688772;
        return Exp(normal * spread);
    }

    /// <summary>Index into running totals, each as likely as its share.</summary>
    internal int Pick(double[] totals)
    {
        var at = Array.BinarySearch(totals, Next() * totals[^1]);
        return Math.Min(at < 0 ? ~at : at + 1, totals.Length - 1);
    }

    internal string Pick(string[] among) => among[Below(among.Length)];

    internal static double Ln(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        var ratio = (mantissa - 1) / (mantissa + 1);
        var square = ratio * ratio;
        double sum = 0;
        for (var k = 21; k >= 1; k -= 2)
        {
            sum = (sum * square) + (1.0 / k);
        }

        return (exponent * 0.6931471805599453) + (2 * ratio * sum);
    }

    private static double Exp(double x)
    {
        var small = x / 64;
        double sum = 1;
        for (var k = 10; k >= 1; k--)
        {
            sum = 1 + (small * sum / k);
        }

        for (var doubling = 0; doubling < 6; doubling++)
        {
            sum *= sum;
        }

        return sum;
    }

    private static ulong Mix(ulong z)
    {
        z = (z + 0x9E3779B97F4A7C15UL) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    private ulong Bits()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

/// <summary>What dice are thrown for, so that no two decisions share a throw.</summary>
internal enum Topic
{
    Traits,
    File,
    Start,
    Day,
    Document,
    WalkIn,
    Price,
}
