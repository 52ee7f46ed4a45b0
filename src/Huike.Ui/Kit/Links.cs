namespace Huike.Ui.Kit;

/// <summary>What a colour says; always beside words, never alone.</summary>
public enum Tone
{
    /// <summary>A plain fact.</summary>
    Neutral,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Needs attention.</summary>
    Warn,

    /// <summary>Wrong or lost.</summary>
    Bad,

    /// <summary>Special: the best customers, the product's own advice.</summary>
    Accent,
}

/// <summary>A step of the path above a page's title.</summary>
/// <param name="Text">In the visitor's language.</param>
/// <param name="Href">Null for the page itself, which stands last.</param>
public sealed record Crumb(string Text, string? Href = null);

/// <summary>One of several views of the same thing, as a tab or a segment.</summary>
/// <param name="Text">In the visitor's language.</param>
/// <param name="Href">Its address.</param>
/// <param name="Current">Whether it is shown now.</param>
/// <param name="Count">Formatted count beside the text; null for none.</param>
public sealed record ViewLink(string Text, string Href, bool Current, string? Count = null);

/// <summary>A column that may be shown or hidden.</summary>
/// <param name="Key">Value that is sent.</param>
/// <param name="Text">In the visitor's language.</param>
/// <param name="Shown">Whether it is shown now.</param>
public sealed record ColumnChoice(string Key, string Text, bool Shown);

/// <summary>A result in the palette.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Detail">What tells it from others of the name; null for nothing.</param>
/// <param name="Href">Where it leads.</param>
/// <param name="Group">Heading above it, in the visitor's language; results of a group stand together.</param>
/// <param name="Icon">A name from <c>assets/icons.txt</c>; null draws the title's avatar.</param>
public sealed record PaletteHit(string Title, string? Detail, string Href, string Group, string? Icon = null);
