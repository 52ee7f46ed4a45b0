using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Huike.Platform.Settings;
using Huike.Ui;

namespace Huike.Platform.Notifications;

/// <summary>The values of a notice's placeholders: kept as JSON with what each is, so that each language writes them its own way.</summary>
internal static class NoticeArgs
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ArgumentException">A value is of another type than a text, whole number, day, instant or amount.</exception>
    public static string Write(IReadOnlyList<object> values) => JsonSerializer.Serialize(values.Select(value => value switch
    {
        string text => new Dictionary<string, string> { ["text"] = text },
        int number => new() { ["number"] = number.ToString(CultureInfo.InvariantCulture) },
        long number => new() { ["number"] = number.ToString(CultureInfo.InvariantCulture) },
        DateOnly day => new() { ["day"] = day.ToString("O", CultureInfo.InvariantCulture) },
        DateTimeOffset at => new() { ["at"] = at.ToString("O", CultureInfo.InvariantCulture) },
        decimal amount => new() { ["amount"] = amount.ToString(CultureInfo.InvariantCulture) },
        _ => throw new ArgumentException($"A notice can't show a {value.GetType().Name}", nameof(values)),
    }), Json);

    /// <summary>As <see cref="Texts"/> takes them.</summary>
    public static IEnumerable<object> Read(string json, Texts texts, FirmSettings firm) => JsonSerializer.Deserialize<List<Dictionary<string, string>>>(json)!.SelectMany(value => value).Select(object (entry) => entry.Key switch
    {
        "number" => long.Parse(entry.Value, CultureInfo.InvariantCulture),
        "day" => DateOnly.ParseExact(entry.Value, "O", CultureInfo.InvariantCulture),
        "at" => TimeZoneInfo.ConvertTime(DateTimeOffset.ParseExact(entry.Value, "O", CultureInfo.InvariantCulture), firm.Zone),
        "amount" => texts.Money(decimal.Parse(entry.Value, CultureInfo.InvariantCulture), firm.Currency),
        _ => entry.Value,
    });
}
