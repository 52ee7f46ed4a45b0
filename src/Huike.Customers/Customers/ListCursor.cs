using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Huike.Platform;

namespace Huike.Customers;

/// <summary>A place in an ordered list: after or before one row of it. Opaque to whoever holds it.</summary>
/// <param name="Order">Name and direction of the order that it is a place in.</param>
/// <param name="Position">How many rows stand before the row, counted when the cursor was made.</param>
/// <param name="Values">The row's values in that order, the id last.</param>
internal sealed record ListCursor(string Order, long Position, IReadOnlyList<string> Values)
{
    private const int Longest = 4_000;

    /// <summary>Letters, digits, dash and underscore.</summary>
    public override string ToString() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes<string[]>([Order, Position.ToString(CultureInfo.InvariantCulture), .. Values]));

    /// <summary>Its values as the parameters <c>@at0</c> and so on.</summary>
    /// <param name="keys">What orders the list; the id breaks ties.</param>
    /// <exception cref="RuleException"><c>customers.cursor.wrong</c>: they don't fit the order.</exception>
    public IEnumerable<(string Name, object? Value)> Parameters(IReadOnlyList<OrderKey> keys)
    {
        if (Values.Count != keys.Count + 1) { throw new RuleException("customers.cursor.wrong"); }
        var id = new OrderKey("", KeyKind.Whole);
        return [.. Values.Select((text, i) => ($"at{i}", (i < keys.Count ? keys[i] : id).Parse(text) ?? throw new RuleException("customers.cursor.wrong")))];
    }

    /// <summary>Reads a cursor that <see cref="ToString"/> wrote.</summary>
    /// <returns>Null where it is none, or one of another order.</returns>
    public static ListCursor? Parse(string text, string order)
    {
        if (text.Length > Longest || !Base64Url.IsValid(text)) { return null; }
        try
        {
            return JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(text)) is [var kept, var position, .. var values] && kept == order
                && !values.Contains(null) && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
                ? new(kept, at, values)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
