using Huike.Customers.Contracts;
using Huike.Platform.Settings;

namespace Huike.Analytics.Settings;

/// <summary>Shows the margins of the settings where products are listed.</summary>
internal sealed class GoodsMargins(SettingsStore settings) : IMargins
{
    /// <inheritdoc/>
    public async Task<Margins> Get(CancellationToken ct)
    {
        var value = await settings.Get<ValueSettings>(ct);
        return new(value.DefaultMargin, value.MarginByCategory);
    }
}
