namespace Huike.Platform;

/// <summary>A rule of the business said no. The code is a text key; the page or route prints it in the user's language.</summary>
/// <param name="code">Text key, such as <c>customer.unknown</c>.</param>
/// <param name="args">What the text's placeholders show: the name, number or limit that the rule met.</param>
public sealed class RuleException(string code, params object[] args) : Exception(code)
{
    /// <summary>Text key of the rule.</summary>
    public string Code { get; } = code;

    /// <summary>Values for the text's placeholders, in their order.</summary>
    public IReadOnlyList<object> Args { get; } = args;

    /// <summary>Status code of the answer where it is another than the code's ending says; 0 otherwise.</summary>
    public int Status { get; init; }

    /// <summary>Where several values are wrong: name of each → text key. Empty where the rule met one thing.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>Further members of the answer to programs, by name: what the rule met, for them to act on. Empty: none.</summary>
    public IReadOnlyDictionary<string, object> Members { get; init; } = new Dictionary<string, object>();
}
