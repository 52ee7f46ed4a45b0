using Microsoft.AspNetCore.Components;

namespace Huike.Ui.Kit;

/// <summary>A select of a filter bar as markup, as its options are many.</summary>
public static class Choice
{
    /// <summary>The select; its first option chooses all.</summary>
    /// <param name="name">Name of the form value.</param>
    /// <param name="label">What is chosen.</param>
    /// <param name="all">Words of the first option.</param>
    /// <param name="chosen">Null or empty: all.</param>
    /// <param name="values">Form values and their words, in order.</param>
    public static MarkupString Of(string name, string label, string all, string? chosen, IEnumerable<(string Value, string Text)> values)
    {
        var html = new MarkupBuilder().Add($"""<select class="input" name="{name}" aria-label="{label}"><option value="">{all}</option>""");
        foreach (var (value, text) in values)
        {
            if (value == chosen) { html.Add($"""<option value="{value}" selected>{text}</option>"""); }
            else { html.Add($"""<option value="{value}">{text}</option>"""); }
        }
        return html.Add($"</select>").ToMarkup();
    }

    /// <summary>The values, before them the chosen one where it is none of them: a filter that nothing meets any more can still be seen.</summary>
    /// <param name="values">In order.</param>
    /// <param name="chosen">Null or empty: all.</param>
    public static IEnumerable<string> WithChosen(IReadOnlyList<string> values, string? chosen) =>
        chosen is not { Length: > 0 } || values.Contains(chosen) ? values : values.Prepend(chosen);
}
