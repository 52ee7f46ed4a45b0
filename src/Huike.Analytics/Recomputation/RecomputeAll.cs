using Huike.Analytics.Facts;
using Huike.Analytics.Forecasts;
using Huike.Analytics.Settings;
using Huike.Analytics.Standings;
using Huike.Customers.Contracts;
using Huike.Platform.Settings;

namespace Huike.Analytics.Recomputation;

/// <summary>Recomputes every customer from the whole ledger: facts, models, standings, stage histories, pictures.</summary>
internal sealed class RecomputeAll(ReadLedger ledger, IStandings standings, SettingsStore settings, PictureStore pictures, ChangeLog changes, TimeProvider clock)
{
    /// <summary>Does the whole work; what it writes depends on the ledger, the settings, the pins and today alone.</summary>
    /// <param name="progress">Takes the share done, in [0, 1].</param>
    /// <param name="ct">Ends the work; nothing half is left behind.</param>
    /// <param name="keep">Models to keep instead of fitting anew; null fits.</param>
    public async Task Run(Action<double> progress, CancellationToken ct, Forecast? keep = null)
    {
        // Changes noted from here on may miss the ledger that is read below: they stay for the next turn.
        var done = await changes.Pending(ct);
        var value = await settings.Get<ValueSettings>(ct);
        var firm = await settings.Get<FirmSettings>(ct);
        var products = await ledger.Products(ct);
        var days = new FirmDays(firm.Zone);
        var lines = await ledger.Whole(new CostOfGoods(products, value), await ledger.Count(ct), share => progress(share * 0.4), ct);
        var facts = new GatherFacts(value, days).Run(lines, days.DayOf(clock.GetUtcNow().ToUnixTimeMilliseconds()));
        lines = null;
        progress(0.5);
        var models = FitForecast.Run(facts.Customers, days, facts.AsOf);
        var forecast = keep ?? Forecast.From(models, value);
        progress(0.6);
        var appraisal = new Appraise(value, days).Run(facts, forecast, await standings.Pins(ct), await Known(ct));
        progress(0.7);
        await standings.ReplaceAll(appraisal.Roll.All(), appraisal.Steps, ct);
        progress(0.95);
        var drawings = new DrawPictures(value, days).Whole(facts, models, forecast, appraisal);
        drawings.Add(new LedgerPicture(DateOnly.FromDayNumber(facts.AsOf), DateOnly.FromDayNumber(facts.FirstDay), facts.Lines, facts.LaterLines,
            facts.Customers.Length, facts.Customers.Count(one => one.Purchases > 0), [.. facts.Periods.Select(period => period.Key)], value.Period, forecast,
            LedgerPicture.RulesOf(value, firm, products)));
        await pictures.Put(drawings, [.. done.Select(change => change.Id)], ct);
        progress(1);
    }

    /// <summary>Customers whose standing says something: it must be taken back where their lines are gone.</summary>
    private async Task<List<long>> Known(CancellationToken ct)
    {
        var known = new List<long>();
        await foreach (var one in standings.All(ct))
        {
            if (one.Documents > 0 || one.Returns > 0 || one.Tier != Tier.None || one.Stage != BuyingStage.NonCustomer) { known.Add(one.CustomerId); }
        }
        return known;
    }
}
