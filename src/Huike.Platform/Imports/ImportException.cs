using System.Globalization;

namespace Huike.Platform.Imports;

/// <summary>A file, a mapping or an option that cannot be used as it is. The texts under <see cref="Code"/> say what is wrong and how to mend it.</summary>
/// <param name="code">Key of the text, beginning with <c>imports.</c>.</param>
/// <param name="args">What the text's placeholders {0}, {1}, … stand for.</param>
public sealed class ImportException(string code, params object[] args)
    : Exception(code + " " + string.Join(" | ", args.Select(arg => Convert.ToString(arg, CultureInfo.InvariantCulture))))
{
    /// <summary>Key of the text that tells a person what to do.</summary>
    public string Code { get; } = code;

    /// <summary>Values for the text's placeholders, in order; numbers and strings only.</summary>
    public IReadOnlyList<object> Args { get; } = args;
}
