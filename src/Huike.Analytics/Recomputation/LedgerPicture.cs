using System.Security.Cryptography;
using System.Text.Json;
using Huike.Analytics.Facts;
using Huike.Analytics.Forecasts;
using Huike.Analytics.Settings;
using Huike.Platform.Settings;

namespace Huike.Analytics.Recomputation;

/// <summary>What the standings in force were computed from: shown on every page, and what the next recomputation builds on.</summary>
/// <param name="AsOf">Last day that counts: the earlier of that day's today and the ledger's last.</param>
/// <param name="FirstOn">First day of the ledger.</param>
/// <param name="Lines">Lines that count.</param>
/// <param name="LaterLines">Lines dated in the future, which wait for their day.</param>
/// <param name="Customers">Customers with a line.</param>
/// <param name="Buyers">Of them, those with a purchase.</param>
/// <param name="Periods">Keys of the periods that there are pictures of.</param>
/// <param name="Period">The one that standings were computed for.</param>
/// <param name="Forecast">Models in use.</param>
/// <param name="Rules">Fingerprint of settings, products and time zone: standings computed by other rules can't be mended, only made anew.</param>
internal sealed record LedgerPicture(DateOnly AsOf, DateOnly FirstOn, long Lines, long LaterLines, int Customers, int Buyers,
    IReadOnlyList<string> Periods, string Period, Forecast Forecast, string Rules)
{
    public static string RulesOf(ValueSettings settings, FirmSettings firm, IReadOnlyDictionary<long, ProductCost> products)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(settings));
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(firm.TimeZone));
        foreach (var (id, product) in products.OrderBy(product => product.Key)) { hash.AppendData(JsonSerializer.SerializeToUtf8Bytes((object[])[id, product.Category, product.Cost ?? -1])); }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
