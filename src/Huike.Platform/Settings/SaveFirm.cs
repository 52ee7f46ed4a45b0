using System.Globalization;
using Huike.Platform.Calendar;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Settings;

/// <summary>Changes the firm's currency, time zone and rates of exchange.</summary>
internal sealed class SaveFirm(SettingsStore settings)
{
    private const int MostRates = 200;
    private const decimal HighestRate = 1_000_000_000;

    /// <returns>Text keys of what is wrong, by field; empty where all was saved.</returns>
    public async Task<IReadOnlyDictionary<string, string>> Run(IFormCollection form, string by, CancellationToken ct)
    {
        var currency = form["currency"].ToString().Trim().ToUpperInvariant();
        var zone = form["timeZone"].ToString().Trim();
        var rates = ReadRates(form["rates"].ToString(), currency);
        var wrong = new Dictionary<string, string>();
        if (!IsCode(currency)) { wrong["currency"] = "settings.firm.currencyWrong"; }
        if (zone.Length == 0 || !TimeZones.Knows(zone)) { wrong["timeZone"] = "calendar.zone.wrong"; }
        if (rates is null) { wrong["rates"] = "settings.firm.ratesWrong"; }
        if (wrong.Count == 0) { await settings.Save(await settings.Get<FirmSettings>(ct) with { Currency = currency, TimeZone = zone, Rates = rates! }, by, ct); }
        return wrong;
    }

    /// <summary>A line each, as the form takes them.</summary>
    public static string Write(IReadOnlyDictionary<string, decimal> rates) => string.Join('\n', rates.OrderBy(rate => rate.Key, StringComparer.Ordinal).Select(rate => string.Create(CultureInfo.InvariantCulture, $"{rate.Key} {rate.Value:0.##########}")));

    /// <returns>Null where a line is no code with a rate above 0, is there twice, or names the firm's own currency.</returns>
    private static Dictionary<string, decimal>? ReadRates(string typed, string own)
    {
        var rates = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var line in typed.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split([' ', '\t', '='], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 2 || parts[0].ToUpperInvariant() is not { } code || !IsCode(code) || code == own || rates.Count == MostRates
                || !decimal.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) || rate <= 0 || rate > HighestRate || !rates.TryAdd(code, rate)) { return null; }
        }
        return rates;
    }

    private static bool IsCode(string code) => code.Length == 3 && code.All(char.IsAsciiLetterUpper);
}
