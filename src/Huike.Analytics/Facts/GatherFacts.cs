using Huike.Analytics.Settings;
using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Analytics.Facts;

/// <summary>From lines to facts about customers: purchase days, documents, sales, margin, cost to serve. O(lines · log of lines per customer).</summary>
internal sealed class GatherFacts(ValueSettings settings, FirmDays days)
{
    /// <summary>Gathers the facts of every customer that the lines name.</summary>
    /// <param name="lines">In any order; the result does not depend on it.</param>
    /// <param name="today">Day number of today in the firm's zone.</param>
    /// <param name="asOf">Last day that counts; null: the earlier of today and the last line's day.</param>
    /// <exception cref="RuleException"><c>value.ledger.large</c>: amounts add up to more than can be stored.</exception>
    public LedgerFacts Run(LedgerLines lines, int today, int? asOf = null)
    {
        var end = asOf ?? (lines.Count == 0 ? today : Math.Min(today, days.DayOf(lines.LastAt)));
        var first = lines.Count == 0 ? end : days.DayOf(lines.FirstAt);
        var periods = Periods.Of(first, end);
        try
        {
            return Gather(lines, periods, first, end);
        }
        catch (OverflowException)
        {
            throw new RuleException("value.ledger.large");
        }
    }

    private LedgerFacts Gather(LedgerLines lines, IReadOnlyList<Period> periods, int first, int asOf)
    {
        var sums = periods.Select(_ => new PeriodSums()).ToArray();
        var tally = new CustomerTally(periods, sums, Chosen(periods), days, Stored.ToStored(settings.CostPerDocument), Stored.ToStored(settings.CostPerReturn));
        var (order, starts) = lines.ByCustomer();
        var ids = lines.CustomerIds.ToArray();
        var places = new int[ids.Length];
        for (var i = 0; i < places.Length; i++) { places[i] = i; }
        Array.Sort(ids, places);
        var all = lines.All;
        var customers = new List<CustomerFacts>(ids.Length);
        var purchases = new List<long>(order.Length / 2);
        var purchaseStarts = new List<int>(ids.Length + 1) { 0 };
        var mine = new LedgerLine[64];
        for (var i = 0; i < ids.Length; i++)
        {
            var (begin, count) = (starts[places[i]], starts[places[i] + 1] - starts[places[i]]);
            if (count > mine.Length) { mine = new LedgerLine[count * 2]; }
            for (var j = 0; j < count; j++) { mine[j] = all[order[begin + j]]; }
            var facts = tally.Of(ids[i], mine.AsSpan(0, count), purchases);
            if (!facts.InLedger) { continue; }
            customers.Add(facts);
            purchaseStarts.Add(purchases.Count);
        }
        var counted = CountUnknown(all, periods, sums);
        return new LedgerFacts
        {
            Customers = [.. customers],
            PurchaseAt = [.. purchases],
            Starts = [.. purchaseStarts],
            AsOf = asOf,
            FirstDay = first,
            Periods = periods,
            Sums = sums,
            Lines = counted,
            LaterLines = all.Length - counted,
        };
    }

    private int Chosen(IReadOnlyList<Period> periods)
    {
        for (var i = 0; i < periods.Count; i++)
        {
            if (periods[i].Key == settings.Period) { return i; }
        }
        return 0;
    }

    private long CountUnknown(ReadOnlySpan<LedgerLine> all, IReadOnlyList<Period> periods, PeriodSums[] sums)
    {
        var counted = 0L;
        foreach (ref readonly var line in all)
        {
            var day = days.DayOf(line.At);
            if (day > periods[0].To) { continue; }
            counted++;
            if (line.Customer >= 0) { continue; }
            for (var i = 0; i < sums.Length; i++)
            {
                if (periods[i].Holds(day)) { sums[i].SalesOfUnknown = checked(sums[i].SalesOfUnknown + line.Amount); }
            }
        }
        return counted;
    }
}

/// <summary>Adds up one customer after the other, with room used again.</summary>
internal sealed class CustomerTally(IReadOnlyList<Period> periods, PeriodSums[] sums, int chosen, FirmDays days, long costPerDocument, long costPerReturn)
{
    private static readonly Comparison<LedgerLine> ByTime = static (a, b) => a.At.CompareTo(b.At);
    private static readonly Comparison<LedgerLine> ByDocument = static (a, b) => a.Document.CompareTo(b.Document);
    private readonly Period[] spans = [.. periods];
    private readonly long[] sales = new long[periods.Count];
    private readonly long[] margin = new long[periods.Count];
    private readonly long[] cost = new long[periods.Count];
    private readonly bool[] seen = new bool[periods.Count];

    /// <summary>The facts of one customer.</summary>
    /// <param name="customerId">Whose.</param>
    /// <param name="lines">All lines of the customer; their order is changed.</param>
    /// <param name="purchases">Takes the first instant of each purchase day, in order.</param>
    public CustomerFacts Of(long customerId, Span<LedgerLine> lines, List<long> purchases)
    {
        Array.Clear(sales);
        Array.Clear(margin);
        Array.Clear(cost);
        Array.Clear(seen);
        var facts = new CustomerFacts { CustomerId = customerId };
        lines.Sort(ByTime);
        var counted = 0;
        while (counted < lines.Length && days.DayOf(lines[counted].At) <= spans[0].To) { counted++; }
        lines = lines[..counted];
        AddDays(ref facts, lines, purchases);
        AddDocuments(ref facts, lines);
        for (var i = 0; i < spans.Length; i++)
        {
            if (!seen[i]) { continue; }
            sums[i].Customers.Add(customerId);
            sums[i].Sales.Add(sales[i]);
            sums[i].Contribution.Add(margin[i] - cost[i]);
        }
        facts.Margin = margin[chosen];
        facts.CostToServe = cost[chosen];
        facts.MarginOfAll = margin[0];
        facts.ServedOfAll = cost[0];
        return facts;
    }

    private void AddDays(ref CustomerFacts facts, Span<LedgerLine> lines, List<long> purchases)
    {
        for (var i = 0; i < lines.Length;)
        {
            var day = days.DayOf(lines[i].At);
            var (net, sold, marginOfDay, firstAt, lastAt) = (0L, 0L, 0L, long.MaxValue, 0L);
            for (; i < lines.Length && days.DayOf(lines[i].At) == day; i++)
            {
                ref readonly var line = ref lines[i];
                net = checked(net + line.Amount);
                marginOfDay = checked(marginOfDay + line.Margin);
                if (line.IsReturn)
                {
                    facts.Returned = checked(facts.Returned - line.Amount);
                    continue;
                }
                sold = checked(sold + line.Amount);
                firstAt = Math.Min(firstAt, line.At);
                lastAt = line.At;
            }
            facts.Sales = checked(facts.Sales + net);
            AddToPeriods(day, net, marginOfDay);
            if (sold <= 0) { continue; }
            if (facts.Purchases++ == 0) { facts.FirstAt = firstAt; }
            facts.LastAt = lastAt;
            purchases.Add(firstAt);
        }
        facts.Returned = Math.Max(0, facts.Returned);
    }

    private void AddDocuments(ref CustomerFacts facts, Span<LedgerLine> lines)
    {
        lines.Sort(ByDocument);
        for (var i = 0; i < lines.Length;)
        {
            var document = lines[i].Document;
            var (sells, returns, at) = (false, false, long.MaxValue);
            for (; i < lines.Length && lines[i].Document == document; i++)
            {
                sells |= !lines[i].IsReturn;
                returns |= lines[i].IsReturn;
                at = Math.Min(at, lines[i].At);
            }
            facts.Documents += sells ? 1 : 0;
            facts.Returns += returns ? 1 : 0;
            var served = checked((sells ? costPerDocument : 0) + (returns ? costPerReturn : 0));
            var day = days.DayOf(at);
            for (var p = 0; p < spans.Length; p++)
            {
                if (!spans[p].Holds(day)) { continue; }
                seen[p] = true;
                cost[p] = checked(cost[p] + served);
            }
        }
    }

    private void AddToPeriods(int day, long net, long marginOfDay)
    {
        for (var i = 0; i < spans.Length; i++)
        {
            if (!spans[i].Holds(day)) { continue; }
            seen[i] = true;
            sales[i] = checked(sales[i] + net);
            margin[i] = checked(margin[i] + marginOfDay);
        }
    }
}
