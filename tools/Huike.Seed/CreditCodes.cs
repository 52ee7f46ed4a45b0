namespace Huike.Seed;

/// <summary>Unified social credit codes (GB 32100-2015) with an organisation code that is right too (GB 11714).</summary>
internal static class CreditCodes
{
    private const string Letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private const int Free = 31 * 31 * 31 * 31 * 31;
    private static readonly int[] OrganisationWeights = [3, 7, 9, 10, 5, 8, 4, 2];
    private static readonly int[] Weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

    /// <summary>A code no other customer of the firm has, up to 28 million customers.</summary>
    /// <param name="seed">The firm.</param>
    /// <param name="customer">Which customer, from 0.</param>
    /// <param name="region">Six digits of its city.</param>
    internal static string Make(int seed, int customer, string region)
    {
        Span<char> code = stackalloc char[18];
        // 91: an enterprise registered with the market administration; MA5: given since 2015.
        "91".CopyTo(code);
        region.CopyTo(code[2..]);
        "MA5".CopyTo(code[8..]);
        // A prime step that shares no factor with 31 visits every number once.
        var number = (int)((((long)customer * 19_260_817) + (uint)seed) % Free);
        for (var i = 15; i > 10; i--, number /= 31)
        {
            code[i] = Letters[number % 31];
        }

        code[16] = OrganisationCheck(code[8..16]);
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            sum += Letters.IndexOf(code[i], StringComparison.Ordinal) * Weights[i];
        }

        code[17] = Letters[(31 - (sum % 31)) % 31];
        return new string(code);
    }

    private static char OrganisationCheck(ReadOnlySpan<char> body)
    {
        var sum = 0;
        for (var i = 0; i < 8; i++)
        {
            sum += (char.IsAsciiDigit(body[i]) ? body[i] - '0' : body[i] - 'A' + 10) * OrganisationWeights[i];
        }

        return (11 - (sum % 11)) switch { 10 => 'X', 11 => '0', var digit => (char)('0' + digit) };
    }
}
