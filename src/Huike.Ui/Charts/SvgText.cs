using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Huike.Ui.Charts;

/// <summary>A <c>text</c> element of SVG, which Razor's own <c>text</c> tag hides.</summary>
public sealed class SvgText : ComponentBase
{
    /// <summary>CSS class; null for none.</summary>
    [Parameter] public string? Class { get; set; }

    /// <summary>As SVG reads it.</summary>
    [Parameter, EditorRequired] public string X { get; set; } = "";

    /// <summary>As SVG reads it.</summary>
    [Parameter, EditorRequired] public string Y { get; set; } = "";

    /// <summary><c>start</c>, <c>middle</c> or <c>end</c>.</summary>
    [Parameter] public string Anchor { get; set; } = "start";

    /// <summary>In the visitor's language.</summary>
    [Parameter, EditorRequired] public string Text { get; set; } = "";

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", Class);
        builder.AddAttribute(2, "x", X);
        builder.AddAttribute(3, "y", Y);
        builder.AddAttribute(4, "text-anchor", Anchor is "start" ? null : Anchor);
        builder.AddContent(5, Text);
        builder.CloseElement();
    }
}
