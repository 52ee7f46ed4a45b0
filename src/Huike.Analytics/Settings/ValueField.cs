using System.Globalization;

namespace Huike.Analytics.Settings;

/// <summary>How a number of the settings is written on the form.</summary>
internal enum ValueUnit
{
    /// <summary>In the firm's currency.</summary>
    Money,

    /// <summary>A rate, written as per cent.</summary>
    Percent,

    /// <summary>Purchases, days, years, gaps, an hour.</summary>
    Count,
}

/// <summary>One number of the settings: its text, unit, range, and where it is kept.</summary>
/// <param name="Name">Of the form's field.</param>
/// <param name="Group">Heading it stands under: a text key.</param>
/// <param name="Label">Text key.</param>
/// <param name="Hint">Text key; tells unit and meaning.</param>
/// <param name="Unit">How it is written.</param>
/// <param name="Low">Least value, as kept.</param>
/// <param name="High">Greatest.</param>
/// <param name="Get">Reads it.</param>
/// <param name="With">The settings with another value.</param>
internal sealed record ValueField(string Name, string Group, string Label, string Hint, ValueUnit Unit, decimal Low, decimal High,
    Func<ValueSettings, decimal> Get, Func<ValueSettings, decimal, ValueSettings> With)
{
    /// <summary>Every number, in the order of the form.</summary>
    public static IReadOnlyList<ValueField> All { get; } =
    [
        new("costPerDocument", "value.settings.cost", "value.settings.costPerDocument", "value.settings.costPerDocument.hint", ValueUnit.Money, 0, 1_000_000, s => s.CostPerDocument, (s, v) => s with { CostPerDocument = v }),
        new("costPerReturn", "value.settings.cost", "value.settings.costPerReturn", "value.settings.costPerReturn.hint", ValueUnit.Money, 0, 1_000_000, s => s.CostPerReturn, (s, v) => s with { CostPerReturn = v }),
        new("defaultMargin", "value.settings.cost", "value.settings.defaultMargin", "value.settings.defaultMargin.hint", ValueUnit.Percent, -1, 1, s => s.DefaultMargin, (s, v) => s with { DefaultMargin = v }),
        new("platinumShare", "value.settings.pyramid", "value.settings.platinumShare", "value.settings.share.hint", ValueUnit.Percent, 0, 1, s => s.PlatinumShare, (s, v) => s with { PlatinumShare = v }),
        new("goldShare", "value.settings.pyramid", "value.settings.goldShare", "value.settings.share.hint", ValueUnit.Percent, 0, 1, s => s.GoldShare, (s, v) => s with { GoldShare = v }),
        new("ironShare", "value.settings.pyramid", "value.settings.ironShare", "value.settings.share.hint", ValueUnit.Percent, 0, 1, s => s.IronShare, (s, v) => s with { IronShare = v }),
        new("platinumFrom", "value.settings.pyramid", "value.settings.platinumFrom", "value.settings.amount.hint", ValueUnit.Money, -1_000_000_000, 1_000_000_000_000, s => s.PlatinumFrom, (s, v) => s with { PlatinumFrom = v }),
        new("goldFrom", "value.settings.pyramid", "value.settings.goldFrom", "value.settings.amount.hint", ValueUnit.Money, -1_000_000_000, 1_000_000_000_000, s => s.GoldFrom, (s, v) => s with { GoldFrom = v }),
        new("ironFrom", "value.settings.pyramid", "value.settings.ironFrom", "value.settings.amount.hint", ValueUnit.Money, -1_000_000_000, 1_000_000_000_000, s => s.IronFrom, (s, v) => s with { IronFrom = v }),
        new("loyalFrom", "value.settings.stages", "value.settings.loyalFrom", "value.settings.loyalFrom.hint", ValueUnit.Count, 3, 1000, s => s.LoyalFrom, (s, v) => s with { LoyalFrom = (int)v }),
        new("dormantBelow", "value.settings.stages", "value.settings.dormantBelow", "value.settings.dormantBelow.hint", ValueUnit.Percent, 0.01m, 0.99m, s => (decimal)s.DormantBelow, (s, v) => s with { DormantBelow = (double)v }),
        new("lostBelow", "value.settings.stages", "value.settings.lostBelow", "value.settings.lostBelow.hint", ValueUnit.Percent, 0.01m, 0.99m, s => (decimal)s.LostBelow, (s, v) => s with { LostBelow = (double)v }),
        new("callBelow", "value.settings.stages", "value.settings.callBelow", "value.settings.callBelow.hint", ValueUnit.Percent, 0.01m, 1, s => (decimal)s.CallBelow, (s, v) => s with { CallBelow = (double)v }),
        new("assumedLeaving", "value.settings.stages", "value.settings.assumedLeaving", "value.settings.assumedLeaving.hint", ValueUnit.Percent, 0.001m, 0.9m, s => (decimal)s.AssumedLeaving, (s, v) => s with { AssumedLeaving = (double)v }),
        new("gapsUntilDormant", "value.settings.stages", "value.settings.gapsUntilDormant", "value.settings.gapsUntilDormant.hint", ValueUnit.Count, 0.5m, 100, s => (decimal)s.GapsUntilDormant, (s, v) => s with { GapsUntilDormant = (double)v }),
        new("daysUntilDormant", "value.settings.stages", "value.settings.daysUntilDormant", "value.settings.daysUntilDormant.hint", ValueUnit.Count, 1, 10_000, s => s.DaysUntilDormant, (s, v) => s with { DaysUntilDormant = (int)v }),
        new("discountRate", "value.settings.future", "value.settings.discountRate", "value.settings.discountRate.hint", ValueUnit.Percent, 0, 1, s => (decimal)s.DiscountRate, (s, v) => s with { DiscountRate = (double)v }),
        new("horizonYears", "value.settings.future", "value.settings.horizonYears", "value.settings.horizonYears.hint", ValueUnit.Count, 1, 10, s => s.HorizonYears, (s, v) => s with { HorizonYears = (int)v }),
        new("nightlyHour", "value.settings.future", "value.settings.nightlyHour", "value.settings.nightlyHour.hint", ValueUnit.Count, 0, 23, s => s.NightlyHour, (s, v) => s with { NightlyHour = (int)v }),
    ];

    /// <summary>A field's value with its unit, or its text key, for the list of all settings; null where it speaks for itself.</summary>
    public static string? Told(ValueSettings settings, string name) => name == "cut" ? settings.Cut == TierCut.Shares ? "value.settings.cut.shares" : "value.settings.cut.amounts"
        : All.FirstOrDefault(field => field.Name == name) is { } field ? field.Write(settings) + (field.Unit == ValueUnit.Percent ? " %" : "") : null;

    /// <summary>The value as it stands in the form.</summary>
    public string Write(ValueSettings settings) => (Get(settings) * Factor).ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>A bound as it stands in the form.</summary>
    public string Write(decimal bound) => (bound * Factor).ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>Reads what was typed.</summary>
    /// <returns>Null where it is no number within the range.</returns>
    public decimal? Read(string? typed) =>
        decimal.TryParse(typed, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value / Factor >= Low && value / Factor <= High ? value / Factor : null;

    private decimal Factor => Unit == ValueUnit.Percent ? 100 : 1;
}
