using Huike.Analytics.Facts;
using Huike.Analytics.Forecasts;
using Huike.Statistics.Value;

namespace Huike.Analytics.LifetimeModels;

/// <summary>One model as fitted.</summary>
/// <param name="Name"><c>paretonbd</c>, <c>bgnbd</c> or <c>gammagamma</c>.</param>
/// <param name="Parameters">Empty where nothing could be fitted.</param>
/// <param name="LogLikelihood">Null where nothing was fitted.</param>
/// <param name="Reason">Why it did not converge; none where it did.</param>
internal sealed record FittedModel(string Name, IReadOnlyList<FittedParameter> Parameters, double? LogLikelihood, FitReason Reason);

/// <summary>A parameter with its standard error, null where that is not known.</summary>
internal sealed record FittedParameter(string Name, double Value, double? Error);

/// <summary>Predicted against actual purchases, by number of purchases before the split.</summary>
internal sealed record CheckRow(int Repeats, int Customers, double Predicted, double Actual);

/// <summary>The hold-out check: fitted on the ledger up to the split, held against what came after.</summary>
/// <param name="SplitOn">Last day that the fit saw.</param>
/// <param name="Customers">Customers with a purchase up to then, of the sample.</param>
/// <param name="Rows">The last row holds that many repeats or more.</param>
/// <param name="Reason">Why there is no check; none where there is one.</param>
internal sealed record HoldOutCheck(DateOnly SplitOn, int Customers, IReadOnlyList<CheckRow> Rows, FitReason Reason);

/// <summary>What probabilities of being active come from.</summary>
internal enum ModelUse
{
    /// <summary>No model: stages go by own gaps, and there are no probabilities.</summary>
    None,

    /// <summary>The Pareto/NBD as fitted.</summary>
    Pareto,

    /// <summary>Its purchase rates; leaving as the settings assume, because the ledger shows none.</summary>
    LeavingAssumed,
}

/// <summary>The models behind the forecasts, open to judgement.</summary>
/// <param name="Customers">Customers with a purchase.</param>
/// <param name="Sample">How many of them the models were fitted on.</param>
/// <param name="Use">What probabilities were computed with.</param>
/// <param name="Fits">The three models.</param>
/// <param name="Check">Null where the ledger is too short.</param>
internal sealed record ModelsPicture(int Customers, int Sample, ModelUse Use, IReadOnlyList<FittedModel> Fits, HoldOutCheck? Check)
{
    /// <summary>Share of the ledger's days that the check is fitted on.</summary>
    public const double CalibrationShare = 0.6;

    private const int MostRepeats = 7;

    /// <summary>Draws the picture and runs the check.</summary>
    public static ModelsPicture Of(FittedModels models, Forecast forecast, LedgerFacts facts, FirmDays days) => new(models.Customers, models.Sample,
        !forecast.IsUsable ? ModelUse.None : forecast.LeavingIsAssumed ? ModelUse.LeavingAssumed : ModelUse.Pareto,
        [
            Show("paretonbd", models.Pareto, models.Pareto.Model?.ParameterNames, models.Pareto.Model?.Parameters),
            Show("bgnbd", models.Beta, models.Beta.Model?.ParameterNames, models.Beta.Model?.Parameters),
            Show("gammagamma", models.Spend, GammaGamma.ParameterNames, models.Spend.Model?.Parameters),
        ], CheckOf(facts, days));

    private static FittedModel Show<TModel>(string name, ModelFit<TModel> fit, IReadOnlyList<string>? names, IReadOnlyList<double>? parameters) where TModel : class => new(name,
        parameters is null ? [] : [.. parameters.Select((value, i) => new FittedParameter(names![i], value, Known(fit.StandardErrors[i])))], Known(fit.LogLikelihood), fit.Reason);

    private static double? Known(double value) => double.IsFinite(value) ? value : null;

    private static HoldOutCheck? CheckOf(LedgerFacts facts, FirmDays days)
    {
        var split = facts.FirstDay + (int)((facts.AsOf - facts.FirstDay) * CalibrationShare);
        if (facts.AsOf - facts.FirstDay < 28) { return null; }
        var (histories, later) = Split(facts, days, split);
        var groups = HistoryGroups.Of(histories.ToArray());
        var fit = ParetoNbd.Fit(groups);
        var on = DateOnly.FromDayNumber(split);
        if (fit.Model is null) { return new(on, histories.Count, [], fit.Reason); }
        var rows = HoldOut.Compare(fit.Model, groups, later.ToArray(), (facts.AsOf - split) / FitForecast.DaysPerWeek, MostRepeats);
        return new(on, histories.Count, [.. rows.Where(row => row.Customers > 0).Select(row => new CheckRow(row.Repeats, row.Customers, row.Predicted, row.Actual))], FitReason.None);
    }

    private static (List<PurchaseHistory> Histories, List<int> Later) Split(LedgerFacts facts, FirmDays days, int split)
    {
        var step = (facts.Customers.Length + FitForecast.LargestSample - 1) / FitForecast.LargestSample;
        var (histories, later) = (new List<PurchaseHistory>(), new List<int>());
        for (var i = 0; i < facts.Customers.Length; i += Math.Max(1, step))
        {
            var purchases = facts.PurchasesOf(i);
            var before = 0;
            while (before < purchases.Length && days.DayOf(purchases[before]) <= split) { before++; }
            if (before == 0) { continue; }
            var (first, last) = (days.DayOf(purchases[0]), days.DayOf(purchases[before - 1]));
            histories.Add(new(before - 1, (last - first) / FitForecast.DaysPerWeek, (split - first) / FitForecast.DaysPerWeek));
            later.Add(purchases.Length - before);
        }
        return (histories, later);
    }
}
