using Huike.Analytics.Facts;
using Huike.Analytics.Pyramid;
using Huike.Analytics.Settings;
using Huike.Analytics.Stages;
using Huike.Analytics.Standings;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Analytics.Recomputation;

/// <summary>What became of the changes that waited.</summary>
internal enum Taken
{
    /// <summary>None waited.</summary>
    Nothing,

    /// <summary>Standings are as the ledger is now.</summary>
    In,

    /// <summary>Only a whole recomputation can take them in.</summary>
    NeedsWhole,
}

/// <summary>
/// Recomputes what loads changed: facts of the customers touched from the ledger, scores and tiers of all from the standings in force.
/// Gives what a whole recomputation with the same models gives (RecomputationTests); models, cohorts and economics are for the whole one that follows.
/// </summary>
internal sealed class RecomputeChanged(TouchedLedger touched, ReadLedger ledger, IStandings standings, SettingsStore settings, PictureStore pictures, TimeProvider clock)
{
    /// <summary>Ledgers with fewer lines are recomputed whole: that takes ten seconds or so, and every picture is fresh.</summary>
    public const long SmallLedger = 2_000_000;

    /// <summary>Takes in the changes that wait.</summary>
    /// <param name="progress">Takes the share done, in [0, 1].</param>
    /// <param name="ct">Ends the work.</param>
    /// <param name="smallLedger">Ledgers with fewer lines are left to the whole recomputation.</param>
    /// <returns>Whether there were any, and whether they are in.</returns>
    public async Task<Taken> Run(Action<double> progress, CancellationToken ct, long smallLedger = SmallLedger)
    {
        var change = await touched.Read(ct);
        if (change.Pending.Count == 0) { return Taken.Nothing; }
        var value = await settings.Get<ValueSettings>(ct);
        var firm = await settings.Get<FirmSettings>(ct);
        var products = await ledger.Products(ct);
        if (await pictures.Get<LedgerPicture>("", ct) is not { Picture: var known } || known.Lines < smallLedger || !CanMend(known, change, LedgerPicture.RulesOf(value, firm, products))) { return Taken.NeedsWhole; }
        var days = new FirmDays(firm.Zone);
        var last = days.DayOf(change.LastAt);
        if (last > days.DayOf(clock.GetUtcNow().ToUnixTimeMilliseconds())) { return Taken.NeedsWhole; }
        var asOf = Math.Max(known.AsOf.DayNumber, last);
        progress(0.05);
        var mended = await Mend(new(value, days, known, asOf), change, new CostOfGoods(products, value), progress, ct);
        await Store(mended, known, change, new(value, days, known, asOf), ct);
        progress(1);
        return Taken.In;
    }

    private static bool CanMend(LedgerPicture known, LedgerTouch change, string rules) =>
        known.Rules == rules && known.Period == Periods.All && known.Forecast.IsUsable && known.LaterLines == 0
        && !change.Pending.Exists(one => one.Undone) && change.Customers.Count <= known.Customers / 5;

    private async Task<Mended> Mend(Frame frame, LedgerTouch change, CostOfGoods goods, Action<double> progress, CancellationToken ct)
    {
        var pins = await standings.Pins(ct);
        var history = new StageHistory(new ModelRhythm(frame.Known.Forecast.PurchaseModel(), frame.Settings), frame.Settings, frame.Days, frame.AsOf);
        var again = new HashSet<long>(change.Customers.Concat(pins.Keys));
        var facts = new Dictionary<long, (CustomerFacts Facts, StageNow Stage)>(frame.Known.Customers);
        await foreach (var one in standings.All(ct))
        {
            if (again.Contains(one.CustomerId)) { continue; }
            if (StageMoved(one, history, frame.Days)) { again.Add(one.CustomerId); }
            else if (one.Purchases > 0 || one.Documents > 0 || one.Returns > 0 || one.Sales != 0) { facts[one.CustomerId] = (FactsOf(one), new(one.Stage, one.StageSinceAt.ToUnixTimeMilliseconds())); }
        }
        progress(0.3);
        var steps = new List<StageStep>();
        var fresh = new GatherFacts(frame.Settings, frame.Days).Run(await ledger.Of(again, goods, ct), frame.AsOf, frame.AsOf);
        for (var i = 0; i < fresh.Customers.Length; i++)
        {
            var id = fresh.Customers[i].CustomerId;
            facts[id] = (fresh.Customers[i], Appraise.StageOf(id, fresh.PurchasesOf(i), history, steps, pins));
        }
        foreach (var (id, pin) in pins) { facts.TryAdd(id, (new CustomerFacts { CustomerId = id }, new(pin.Stage, pin.SinceAt.ToUnixTimeMilliseconds()))); }
        progress(0.5);
        var everyone = facts.Values.OrderBy(one => one.Facts.CustomerId).ToArray();
        var ordered = Array.ConvertAll(everyone, one => one.Facts);
        return new(ordered, new JudgeCustomers(frame.Settings, frame.Days, frame.AsOf, frame.Known.Forecast).Run(ordered, Array.ConvertAll(everyone, one => one.Stage)), again, steps);
    }

    private async Task Store(Mended mended, LedgerPicture known, LedgerTouch change, Frame frame, CancellationToken ct)
    {
        var changed = await Differing(mended.Roll, mended.Facts, ct);
        await standings.Replace(changed, mended.Again, mended.Steps, ct);
        var pyramid = await pictures.Get<PyramidPicture>(Periods.All, ct);
        var stages = await pictures.Get<StagePicture>("", ct);
        var unknown = checked((pyramid?.Picture.SalesOfUnknown.ToStored() ?? 0) + change.SalesOfUnknown);
        var drawings = new DrawPictures(frame.Settings, frame.Days).Changed(mended.Facts, mended.Roll, frame.AsOf, unknown, stages?.Picture ?? new([], [], ByModel: true));
        drawings.Add(known with
        {
            AsOf = DateOnly.FromDayNumber(frame.AsOf),
            Lines = known.Lines + change.Pending.Sum(one => one.Transactions),
            Customers = mended.Facts.Count(one => one.InLedger),
            Buyers = mended.Facts.Count(one => one.Purchases > 0),
        });
        await pictures.Put(drawings, [.. change.Pending.Select(one => one.Id)], ct);
    }

    /// <summary>Standings that are not in force as they are now, found by reading those in force side by side.</summary>
    private async Task<List<Standing>> Differing(StandingRoll roll, CustomerFacts[] facts, CancellationToken ct)
    {
        var differing = new List<Standing>();
        var place = 0;
        await foreach (var old in standings.All(ct))
        {
            while (place < roll.Count && facts[place].CustomerId < old.CustomerId) { differing.Add(roll.At(place++)); }
            if (place == roll.Count || facts[place].CustomerId != old.CustomerId) { continue; }
            if (roll.At(place++) is var now && now != old) { differing.Add(now); }
        }
        while (place < roll.Count) { differing.Add(roll.At(place++)); }
        return differing;
    }

    /// <summary>Whether time alone moved the customer into silence, or a pin ended.</summary>
    private static bool StageMoved(in Standing one, StageHistory history, FirmDays days)
    {
        if (one.Purchases == 0) { return one.Stage != BuyingStage.NonCustomer; }
        var silent = history.SilentStage(one.Purchases - 1, days.DayOf(one.FirstAt.ToUnixTimeMilliseconds()), days.DayOf(one.LastAt.ToUnixTimeMilliseconds()));
        return silent is { } stage ? one.Stage != stage : one.Stage is not (BuyingStage.FirstTimeBuyer or BuyingStage.RepeatBuyer or BuyingStage.LoyalBuyer);
    }

    private static CustomerFacts FactsOf(in Standing one) => new()
    {
        CustomerId = one.CustomerId,
        Purchases = one.Purchases,
        Documents = one.Documents,
        Returns = one.Returns,
        Sales = one.Sales.ToStored(),
        Returned = one.Returned.ToStored(),
        Margin = one.Margin.ToStored(),
        CostToServe = one.CostToServe.ToStored(),
        MarginOfAll = one.Margin.ToStored(),
        ServedOfAll = one.CostToServe.ToStored(),
        FirstAt = one.FirstAt.ToUnixTimeMilliseconds(),
        LastAt = one.LastAt.ToUnixTimeMilliseconds(),
    };

    private sealed record Frame(ValueSettings Settings, FirmDays Days, LedgerPicture Known, int AsOf);

    private sealed record Mended(CustomerFacts[] Facts, StandingRoll Roll, IReadOnlyCollection<long> Again, IReadOnlyList<StageStep> Steps);
}
