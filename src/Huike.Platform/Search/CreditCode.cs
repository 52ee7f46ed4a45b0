namespace Huike.Platform.Search;

/// <summary>统一社会信用代码, the unified social credit code of an organisation (GB 32100-2015).</summary>
public static class CreditCode
{
    private const string Letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private static readonly int[] Weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

    /// <summary>Whether the text is a code: 18 of its characters (no I, O, S, V, Z; capitals), a region of six digits, and the right check character. Blanks are not allowed.</summary>
    public static bool IsValid(string code)
    {
        if (code.Length != 18 || code.AsSpan(2, 6).ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            var value = Letters.IndexOf(code[i], StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            sum += value * Weights[i];
        }

        return code[17] == Letters[(31 - (sum % 31)) % 31];
    }
}
