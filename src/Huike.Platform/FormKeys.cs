namespace Huike.Platform;

/// <summary>Keys that name one showing of a form: what is sent under one twice (a double click, a repeated request) is done once.</summary>
public static class FormKeys
{
    /// <summary>Name of the hidden input; not <c>form</c>, which would hide the property of that name from scripts.</summary>
    public const string Input = "formKey";

    /// <summary>For a form about to be shown: 32 hexadecimal digits.</summary>
    public static string New() => Guid.CreateVersion7().ToString("N");

    /// <summary>A key as it was sent.</summary>
    /// <param name="text">What was sent.</param>
    /// <param name="code">Code of the refusal.</param>
    /// <exception cref="RuleException">With the code: no key of ours.</exception>
    public static string Read(string? text, string code) => Guid.TryParseExact(text, "N", out var key) ? key.ToString("N") : throw new RuleException(code);
}
