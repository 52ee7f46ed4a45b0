using System.Globalization;
using Huike.Analytics.Facts;
using Huike.Analytics.Recomputation;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Huike.Analytics.Settings;

/// <summary>Changes what the worth of customers is computed with, and asks for everything to be computed anew.</summary>
internal sealed class SaveValueSettings(SettingsStore settings, JobQueue jobs)
{
    private const int LongestMargins = 20_000;

    /// <summary>Checks what was typed and saves it.</summary>
    /// <returns>Fields that can't be taken, with the text key of why; empty where all was saved.</returns>
    public async Task<IReadOnlyDictionary<string, string>> Run(IFormCollection form, string by, CancellationToken ct)
    {
        var errors = new Dictionary<string, string>();
        var now = await settings.Get<ValueSettings>(ct);
        foreach (var field in ValueField.All)
        {
            if (field.Read(form[field.Name]) is { } value) { now = field.With(now, value); }
            else { errors[field.Name] = "value.settings.error.range"; }
        }
        now = now with { Cut = form["cut"] == "amounts" ? TierCut.Amounts : TierCut.Shares, Period = PeriodOf(form["period"]) };
        if (Margins(form["margins"].ToString()) is { } margins) { now = now with { MarginByCategory = margins }; }
        else { errors["margins"] = "value.settings.error.margins"; }
        CheckTogether(now, errors);
        if (errors.Count > 0) { return errors; }
        await settings.Save(now, by, ct);
        await jobs.Add(RecomputationJob.Kind, RecomputationJob.Whole, by, thisMachineOnly: false, ct);
        return errors;
    }

    /// <summary>Margins as they stand in the form: a line for each category.</summary>
    public static string Write(IReadOnlyDictionary<string, decimal> margins) =>
        string.Join('\n', margins.OrderBy(margin => margin.Key, StringComparer.Ordinal).Select(margin => string.Create(CultureInfo.InvariantCulture, $"{margin.Key} = {margin.Value * 100:0.##}")));

    private static void CheckTogether(ValueSettings now, Dictionary<string, string> errors)
    {
        if (now.PlatinumShare + now.GoldShare + now.IronShare > 1) { errors["ironShare"] = "value.settings.error.shares"; }
        if (now.PlatinumFrom < now.GoldFrom || now.GoldFrom < now.IronFrom) { errors["ironFrom"] = "value.settings.error.amounts"; }
        if (now.LostBelow >= now.DormantBelow) { errors["lostBelow"] = "value.settings.error.lost"; }
        if (now.CallBelow <= now.LostBelow) { errors["callBelow"] = "value.settings.error.call"; }
    }

    private static string PeriodOf(string? typed) =>
        typed == Periods.Recent || (typed is { Length: 4 } && typed.All(char.IsAsciiDigit)) ? typed : Periods.All;

    private static Dictionary<string, decimal>? Margins(string typed)
    {
        var margins = new Dictionary<string, decimal>();
        if (typed.Length > LongestMargins) { return null; }
        foreach (var line in typed.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var mark = line.LastIndexOfAny(['=', '＝', ':', '：']);
            if (mark <= 0 || !decimal.TryParse(line[(mark + 1)..].Trim().TrimEnd('%'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) || percent is < -100 or > 100) { return null; }
            margins[line[..mark].Trim()] = percent / 100;
        }
        return margins;
    }
}
