using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;

namespace Huike.Ui.Kit;

/// <summary>
/// Rows of long tables as markup: a fifth of what the same rows cost as elements of a component. Written as interpolated strings, whose own text is markup and
/// whose values are encoded, always: put attributes' values into double quotes. Good for one text: <see cref="ToMarkup"/> ends it.
/// </summary>
public sealed class MarkupBuilder
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private char[] text = ArrayPool<char>.Shared.Rent(8192);
    private int length;

    /// <summary>Adds markup, its values encoded.</summary>
    /// <param name="markup">An interpolated string.</param>
    /// <returns>This builder.</returns>
    public MarkupBuilder Add([InterpolatedStringHandlerArgument("")] Markup markup) => this;

    /// <summary>What was added, for a component to show.</summary>
    public MarkupString ToMarkup()
    {
        MarkupString markup = new(new(text, 0, length));
        ArrayPool<char>.Shared.Return(text);
        (text, length) = ([], 0);
        return markup;
    }

    private Span<char> Room(int more)
    {
        if (text.Length - length < more)
        {
            var larger = ArrayPool<char>.Shared.Rent(Math.Max(text.Length * 2, length + more));
            text.AsSpan(0, length).CopyTo(larger);
            ArrayPool<char>.Shared.Return(text);
            text = larger;
        }
        return text.AsSpan(length);
    }

    private void AddAsIs(string value)
    {
        value.CopyTo(Room(value.Length));
        length += value.Length;
    }

    private void AddEncoded(ReadOnlySpan<char> value)
    {
        while (value.Length > 0)
        {
            Encoder.Encode(value, Room(value.Length + Encoder.MaxOutputCharactersPerInputCharacter), out var read, out var written);
            value = value[read..];
            length += written;
        }
    }

    /// <summary>Takes the parts of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly struct Markup
    {
        private readonly MarkupBuilder builder;

        /// <param name="literals">Characters of markup; not needed.</param>
        /// <param name="values">Number of values; not needed.</param>
        /// <param name="builder">Where the parts go.</param>
        public Markup(int literals, int values, MarkupBuilder builder) => this.builder = builder;

        /// <summary>Adds markup as it is.</summary>
        /// <param name="markup">From the source code.</param>
        public void AppendLiteral(string markup) => builder.AddAsIs(markup);

        /// <summary>Adds a text, encoded.</summary>
        /// <param name="value">Any text.</param>
        public void AppendFormatted(string? value) => builder.AddEncoded(value);

        /// <summary>Adds markup that was put together before.</summary>
        /// <param name="value">As it is.</param>
        public void AppendFormatted(MarkupString value) => builder.AddAsIs(value.Value ?? "");

        /// <summary>Adds a number as addresses have it.</summary>
        /// <param name="value">Any number.</param>
        public void AppendFormatted(long value)
        {
            value.TryFormat(builder.Room(20), out var written, provider: CultureInfo.InvariantCulture);
            builder.length += written;
        }
    }
}
