using System.Globalization;
using System.Text.Json;
using Huike.Ui;

namespace Huike.Platform.Rules;

/// <summary>Why a run failed, kept so that each reader has it in his language.</summary>
internal static class RunFailure
{
    private const int Longest = 200;

    /// <summary>What the words of a rule's no are filled with, and what is wrong with which fields.</summary>
    public static string Write(RuleException refused) =>
        JsonSerializer.Serialize(refused.Args.Select(arg => Convert.ToString(arg, CultureInfo.InvariantCulture) ?? "").Concat(refused.Fields.Select(field => $"{field.Key}={field.Value}")).Select(text => text[..Math.Min(text.Length, Longest)]));

    /// <summary>In the reader's words; a failure that is no rule's is told as it was said.</summary>
    public static string Say(Texts texts, string code, string args)
    {
        var said = JsonSerializer.Deserialize<string[]>(args) ?? [];
        if (!texts.Has(code)) { return code; }
        var fields = said.Where(text => text.Contains('=', StringComparison.Ordinal) && texts.Has(text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..])).ToList();
        return string.Join(' ', fields.Select(text => $"{text.Split('=')[0]}: {texts[text.Split('=')[1]]}").Prepend(texts[code, [.. said.Where(text => !fields.Contains(text))]]));
    }
}
