using Huike.Ui.Kit;
using Microsoft.AspNetCore.Components;

namespace Huike.Ui.Charts;

/// <summary>A <c>text</c> element of SVG, which Razor's own <c>text</c> tag hides. No component: a chart has dozens of them.</summary>
public static class SvgText
{
    /// <param name="x">As SVG reads it.</param>
    /// <param name="y">As SVG reads it.</param>
    /// <param name="text">In the visitor's language.</param>
    /// <param name="css">CSS class; null for none.</param>
    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>.</param>
    public static MarkupString At(string x, string y, string text, string? css = null, string anchor = "start")
    {
        var markup = new MarkupBuilder().Add($"<text");
        if (css is not null) { markup.Add($" class=\"{css}\""); }
        markup.Add($" x=\"{x}\" y=\"{y}\"");
        if (anchor != "start") { markup.Add($" text-anchor=\"{anchor}\""); }
        return markup.Add($">{text}</text>").ToMarkup();
    }
}
