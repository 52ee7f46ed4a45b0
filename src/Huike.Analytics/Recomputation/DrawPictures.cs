using Huike.Analytics.CallToday;
using Huike.Analytics.Facts;
using Huike.Analytics.Forecasts;
using Huike.Analytics.LifetimeModels;
using Huike.Analytics.Pyramid;
using Huike.Analytics.Retention;
using Huike.Analytics.Rfm;
using Huike.Analytics.Settings;
using Huike.Analytics.Stages;
using Huike.Analytics.Standings;
using Huike.Customers.Contracts;

namespace Huike.Analytics.Recomputation;

/// <summary>Draws the pictures that the value pages show.</summary>
internal sealed class DrawPictures(ValueSettings settings, FirmDays days)
{
    /// <summary>All pictures, after a whole recomputation.</summary>
    public PictureStore.Drawings Whole(LedgerFacts ledger, FittedModels models, Forecast forecast, Appraisal appraisal)
    {
        var drawings = OfStandings(new(Whole: true), appraisal.Roll, ledger.AsOf);
        for (var i = 0; i < ledger.Periods.Count; i++)
        {
            var key = ledger.Periods[i].Key;
            drawings.Add(PyramidPicture.Of(ledger.Periods[i], ledger.Sums[i], settings), key);
            // Customers of the standings' own period are found in the customer list, with all that it can do.
            if (key != settings.Period) { drawings.Rankings[key] = ledger.Sums[i]; }
        }
        return drawings
            .Add(new StagePicture(StagePicture.CountsOf(appraisal.Roll.All()), StagePicture.PassagesOf(appraisal.Steps), forecast.IsUsable))
            .Add(CohortPicture.Of(ledger, days))
            .Add(EconomicsPicture.Of(ledger, days, settings))
            .Add(ModelsPicture.Of(models, forecast, ledger, days));
    }

    /// <summary>The pictures that follow from the standings of a whole-ledger period alone, after a part was recomputed.</summary>
    /// <param name="facts">Of everyone.</param>
    /// <param name="roll">In the same order.</param>
    /// <param name="asOf">Last day that counts.</param>
    /// <param name="salesOfUnknown">Of lines without a customer.</param>
    /// <param name="stages">As drawn last; its passages stay until everything is recomputed.</param>
    public PictureStore.Drawings Changed(CustomerFacts[] facts, StandingRoll roll, int asOf, long salesOfUnknown, StagePicture stages)
    {
        var sums = new PeriodSums { SalesOfUnknown = salesOfUnknown };
        foreach (ref readonly var customer in facts.AsSpan())
        {
            if (!customer.InLedger) { continue; }
            sums.Sales.Add(customer.Sales);
            sums.Contribution.Add(customer.Contribution);
        }
        return OfStandings(new(Whole: false), roll, asOf)
            .Add(PyramidPicture.Of(new Period(Periods.All, int.MinValue, asOf), sums, settings), Periods.All)
            .Add(stages with { Counts = StagePicture.CountsOf(roll.All()) });
    }

    private PictureStore.Drawings OfStandings(PictureStore.Drawings drawings, StandingRoll roll, int asOf)
    {
        var end = DateTimeOffset.FromUnixTimeMilliseconds(days.StartOf(asOf + 1));
        return drawings
            .Add(RfmPicture.Of(roll.All(), end))
            .Add(CallPicture.Of(roll.All(), at => days.DayOf(at.ToUnixTimeMilliseconds()), asOf))
            .Add(NegativePicture.Of(roll.All(), settings.CostPerReturn));
    }
}
