using Huike.Platform;

namespace Huike.Customers;

/// <summary>Reads what people type and choose in forms.</summary>
internal static class TypedText
{
    /// <summary>Without what a database can't keep, with one kind of line end, and no blanks around it.</summary>
    public static string Clean(string? text) => (text ?? "").Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("\n").Trim();

    /// <summary>The value of a choice by its name as addresses write it.</summary>
    /// <param name="text">What was chosen.</param>
    /// <param name="code">Code of the refusal.</param>
    /// <exception cref="RuleException">With the code: no such choice.</exception>
    public static T Chosen<T>(string? text, string code) where T : struct, Enum
    {
        foreach (var known in Enum.GetValues<T>())
        {
            if (CustomerFilter.Kebab(known) == text) { return known; }
        }
        throw new RuleException(code);
    }
}
