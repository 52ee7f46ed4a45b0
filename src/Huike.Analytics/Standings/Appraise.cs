using Huike.Analytics.Facts;
using Huike.Analytics.Forecasts;
using Huike.Analytics.Settings;
using Huike.Customers.Contracts;

namespace Huike.Analytics.Standings;

/// <summary>Facts turned into standings and stage histories.</summary>
internal sealed record Appraisal(CustomerFacts[] Facts, StandingRoll Roll, IReadOnlyList<StageStep> Steps);

/// <summary>Appraises the whole base from the whole ledger.</summary>
internal sealed class Appraise(ValueSettings settings, FirmDays days)
{
    private static readonly Comparer<CustomerFacts> ByCustomer = Comparer<CustomerFacts>.Create(static (a, b) => a.CustomerId.CompareTo(b.CustomerId));

    /// <summary>Standings and histories of everyone whom the ledger knows, somebody pinned, or the ledger knew once.</summary>
    /// <param name="ledger">Facts of those with a line.</param>
    /// <param name="forecast">Models in use.</param>
    /// <param name="pins">Stages pinned by hand.</param>
    /// <param name="forgotten">Customers with a standing from before whose lines may be gone.</param>
    public Appraisal Run(LedgerFacts ledger, Forecast forecast, IReadOnlyDictionary<long, (BuyingStage Stage, DateTimeOffset SinceAt)> pins, IReadOnlyCollection<long> forgotten)
    {
        var history = new StageHistory(RhythmOf(ledger, forecast), settings, days, ledger.AsOf);
        var steps = new List<StageStep>(ledger.Customers.Length * 2);
        var stages = new List<StageNow>(ledger.Customers.Length + pins.Count);
        for (var i = 0; i < ledger.Customers.Length; i++) { stages.Add(StageOf(ledger.Customers[i].CustomerId, ledger.PurchasesOf(i), history, steps, pins)); }
        var (facts, now) = WithStrangers(ledger.Customers, stages, pins, forgotten);
        return new(facts, new JudgeCustomers(settings, days, ledger.AsOf, forecast).Run(facts, now), steps);
    }

    /// <summary>Adds those whom the ledger does not know: they get zeros, and a stage only by a pin.</summary>
    private static (CustomerFacts[] Facts, StageNow[] Stages) WithStrangers(CustomerFacts[] facts, List<StageNow> stages, IReadOnlyDictionary<long, (BuyingStage Stage, DateTimeOffset SinceAt)> pins, IReadOnlyCollection<long> forgotten)
    {
        var strangers = pins.Keys.Union(forgotten).Where(id => Array.BinarySearch(facts, new CustomerFacts { CustomerId = id }, ByCustomer) < 0).ToArray();
        if (strangers.Length == 0) { return (facts, [.. stages]); }
        CustomerFacts[] everyone = [.. facts, .. strangers.Select(id => new CustomerFacts { CustomerId = id })];
        StageNow[] theirs = [.. stages, .. strangers.Select(id => pins.TryGetValue(id, out var pin) ? new StageNow(pin.Stage, pin.SinceAt.ToUnixTimeMilliseconds()) : default)];
        Array.Sort(everyone, theirs, ByCustomer);
        return (everyone, theirs);
    }

    /// <summary>The stage of one customer, whose history is added to the steps.</summary>
    public static StageNow StageOf(long customerId, ReadOnlySpan<long> purchases, StageHistory history, List<StageStep> steps, IReadOnlyDictionary<long, (BuyingStage Stage, DateTimeOffset SinceAt)> pins)
    {
        var before = steps.Count;
        history.AddSteps(customerId, purchases, steps);
        if (pins.TryGetValue(customerId, out var pin)) { return new(pin.Stage, pin.SinceAt.ToUnixTimeMilliseconds()); }
        return steps.Count == before ? default : new(steps[^1].Stage, steps[^1].SinceAt.ToUnixTimeMilliseconds());
    }

    private IRhythm RhythmOf(LedgerFacts ledger, Forecast forecast)
    {
        if (forecast.IsUsable) { return new ModelRhythm(forecast.PurchaseModel(), settings); }
        var gaps = new List<int>();
        for (var i = 0; i < ledger.Customers.Length; i++)
        {
            var purchases = ledger.PurchasesOf(i);
            for (var j = 1; j < purchases.Length; j++) { gaps.Add(days.DayOf(purchases[j]) - days.DayOf(purchases[j - 1])); }
        }
        return new OwnRhythm(gaps.Count == 0 ? null : OwnRhythm.Median([.. gaps]), settings);
    }
}
