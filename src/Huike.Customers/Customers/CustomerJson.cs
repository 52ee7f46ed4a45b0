using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Huike.Customers.ContactPoints;
using Huike.Platform.Fields;

namespace Huike.Customers;

/// <summary>Customers as JSON. Amounts are in the firm's currency; instants are UTC; names of tiers and stages as in addresses.</summary>
internal static class CustomerJson
{
    // The answer is never read as markup (its type is named and not to be guessed), so Chinese may stand as it is.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Fields that the reader may not see are left out; personal ones are masked already. A page: <c>total</c>, whether there are <c>more</c> than that, <c>rows</c>, and the cursors <c>previous</c> and <c>next</c> for <c>before=</c> and <c>after=</c>.</summary>
    public static void Write(System.Buffers.IBufferWriter<byte> to, CustomerPage page, Viewer viewer)
    {
        using var json = new Utf8JsonWriter(to, Options);
        json.WriteStartObject();
        json.WriteNumber("total"u8, page.Count);
        json.WriteBoolean("more"u8, page.IsMore);
        json.WriteString("previous"u8, page.Previous?.ToString());
        json.WriteString("next"u8, page.Next?.ToString());
        json.WriteStartArray("rows"u8);
        foreach (var row in page.Rows) { Write(json, row, null, viewer); }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>One customer with the whole file.</summary>
    public static void Write(System.Buffers.IBufferWriter<byte> to, CustomerFacts facts, Viewer viewer)
    {
        using var json = new Utf8JsonWriter(to, Options);
        Write(json, facts.Listed, facts, viewer);
    }

    private static void Write(Utf8JsonWriter json, ListedCustomer row, CustomerFacts? facts, Viewer viewer)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, row.Id);
        json.WriteString("number"u8, row.Number);
        json.WriteString("name"u8, row.Name);
        json.WriteString("kind"u8, CustomerFilter.Kebab(row.Kind));
        json.WriteString("phone"u8, row.Phone);
        json.WriteString("category"u8, row.Category);
        json.WriteString("place"u8, row.Place);
        json.WriteString("createdAt"u8, row.CreatedAt);
        if (viewer.SeesInternal) { WriteInternal(json, row, facts); }
        if (facts is not null)
        {
            json.WriteString("email"u8, facts.Email);
            json.WriteString("address"u8, facts.Address);
            json.WriteString("creditCode"u8, facts.CreditCode);
            json.WriteString("contact"u8, facts.Contact);
            json.WriteString("requirements"u8, facts.Requirements);
            WriteReach(json, facts.Reach);
            json.WriteNumber("version"u8, facts.Version);
        }
        FieldValue.Write(json, viewer.Own, row.Own);
        json.WriteEndObject();
    }

    private static void WriteReach(Utf8JsonWriter json, ReachWish wish)
    {
        if (wish.IsEmpty)
        {
            json.WriteNull("reach"u8);
            return;
        }
        json.WriteStartObject("reach"u8);
        json.WriteString("channel"u8, wish.Channel is { } channel ? CustomerFilter.Kebab(channel) : null);
        json.WriteStartArray("days"u8);
        foreach (var day in wish.Said) { json.WriteStringValue(CustomerFilter.Kebab(day)); }
        json.WriteEndArray();
        json.WriteString("from"u8, wish.From?.ToString("HH:mm", CultureInfo.InvariantCulture));
        json.WriteString("to"u8, wish.To?.ToString("HH:mm", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static void WriteInternal(Utf8JsonWriter json, ListedCustomer row, CustomerFacts? facts)
    {
        json.WriteString("tier"u8, CustomerFilter.Kebab(row.Tier));
        json.WriteString("stage"u8, CustomerFilter.Kebab(row.Stage));
        json.WriteString("permission"u8, CustomerFilter.Kebab(row.Permission));
        json.WriteNumber("sales"u8, row.Sales);
        json.WriteNumber("contribution"u8, row.Contribution);
        json.WriteNumber("documents"u8, row.Documents);
        if (row.Documents > 0)
        {
            json.WriteString("firstAt"u8, row.FirstAt);
            json.WriteString("lastAt"u8, row.LastAt);
        }
        json.WriteNumber("active"u8, row.Active);
        json.WriteNumber("lifetime"u8, row.Lifetime);
        json.WriteNumber("atRisk"u8, row.AtRisk);
        if (facts is not null)
        {
            json.WriteString("remark"u8, facts.Remark);
            json.WriteString("buying"u8, facts.Buying);
            json.WriteStartArray("tags"u8);
            foreach (var tag in facts.Tags) { json.WriteStringValue(tag); }
            json.WriteEndArray();
            json.WriteNumber("returns"u8, facts.Returns);
        }
    }
}
