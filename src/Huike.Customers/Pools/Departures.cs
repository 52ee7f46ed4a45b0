using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.OneVoice;
using Huike.Customers.Tags;
using Huike.Platform;
using Huike.Platform.Calendar;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Customers.Pools;

/// <summary>A customer who goes back to a pool, when, and why.</summary>
/// <param name="CustomerId">Who.</param>
/// <param name="Customer">What the customer is called.</param>
/// <param name="OwnerId">From whom.</param>
/// <param name="On">On which day, early in the morning; one on which the owner works.</param>
/// <param name="Lack">Without what the customer was.</param>
/// <param name="Since">Since which day.</param>
/// <param name="Days">For how many working days of the owner.</param>
internal sealed record Departure(long CustomerId, string Customer, long OwnerId, DateOnly On, Lack Lack, DateOnly Since, int Days);

/// <summary>Which customers of a pool's members are asked about.</summary>
/// <param name="From">Whoever should have gone before goes on this day, or the owner's next working day.</param>
/// <param name="Until">The last day.</param>
/// <param name="Owner">Of this one alone; null: of all members.</param>
internal sealed record DepartureAsk(DateOnly From, DateOnly Until, long? Owner = null)
{
    /// <summary>These customers alone; null: all.</summary>
    public IReadOnlyCollection<long>? Customers { get; init; }

    /// <summary>Of whom this one sees; null: all.</summary>
    public Viewer? Viewer { get; init; }
}

/// <summary>
/// Who goes back to a pool when: the one answer behind the dry run, the warning and the return itself, so that none can say what another doesn't do.
/// The day is a function of the facts alone: of each rule's latest fact, of what keeps a customer, and of the owner's working days.
/// </summary>
internal sealed class Departures(Database database, Calendars calendars, SettingsStore settings)
{
    /// <summary>Read at once; the next ones are read from the last on.</summary>
    private const int AtOnce = 5_000;

    private sealed record Facts(long Id, string Name, long Owner, DateTimeOffset OwnedAt, DateTimeOffset? ContactAt, DateTimeOffset? DoneAt, DateTimeOffset? DueAt, DateTimeOffset? BoughtAt, Tier Tier, BuyingStage Stage, DateOnly? Extended);

    /// <summary>In order of the customers' numbers.</summary>
    public async Task<List<Departure>> Of(Pool pool, DepartureAsk ask, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await Of(connection, pool, ask, ct);
    }

    public async Task<List<Departure>> Of(DbConnection connection, Pool pool, DepartureAsk ask, CancellationToken ct)
    {
        var departures = new List<Departure>();
        if (!pool.IsOpen || pool.Rules.Returns.Count == 0) { return departures; }
        List<long> owners = ask.Owner is { } owner ? await PoolMember.Home(connection, owner, ct) == pool.Id ? [owner] : [] : [.. (await PoolMember.Homes(connection, ct)).Where(home => home.Value == pool.Id).Select(home => home.Key).Order()];
        if (owners.Count == 0) { return departures; }
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        var sql = Sql(pool.Rules, owners, ask);
        (string, object?)[] values = [.. Values(pool.Rules, ask.Until, zone), .. ask.Viewer?.Parameters ?? []];
        for (var behind = 0L; ;)
        {
            var some = await connection.Rows(sql, Map, ct, [.. values, ("behind", behind)]);
            foreach (var one in some)
            {
                if (Leaves(pool, one, (await calendars.OfPerson(one.Owner, ct)).Time, ask.From) is { } departure && departure.On <= ask.Until) { departures.Add(departure); }
            }
            if (some.Count < AtOnce) { return departures; }
            behind = some[^1].Id;
        }
    }

    /// <summary>Where the owner's calendar has no day to work on, nobody goes: days can't be counted there.</summary>
    private static Departure? Leaves(Pool pool, Facts one, WorkingTime time, DateOnly from)
    {
        try { return Earliest(pool, one, time, from); }
        catch (RuleException uncounted) when (uncounted.Code.StartsWith("calendar.count.", StringComparison.Ordinal)) { return null; }
    }

    /// <summary>The first of a pool's rules that a customer meets; null: none ever does while nothing happens.</summary>
    private static Departure? Earliest(Pool pool, Facts one, WorkingTime time, DateOnly from)
    {
        var rules = pool.Rules;
        DateOnly[] stays =
        [
            from,
            time.AddDays(pool.RulesOn, rules.WarningDays),
            rules.ProtectedDays == 0 ? DateOnly.MinValue : time.AddDays(Day(one.OwnedAt), rules.ProtectedDays + 1),
            !rules.StaysWithStep || one.DueAt is not { } due ? DateOnly.MinValue : Day(due).AddDays(1),
            rules.StaysAfterPurchase == 0 || one.BoughtAt is not { } bought ? DateOnly.MinValue : Day(bought).AddDays(rules.StaysAfterPurchase + 1),
            one.Extended is { } until ? until.AddDays(1) : DateOnly.MinValue,
        ];
        var notBefore = stays.Max();
        return rules.Returns.Where(rule => (rule.Tier is null || rule.Tier == one.Tier) && (rule.Stage is null || rule.Stage == one.Stage)).Select(rule =>
        {
            var since = Day(Latest(one, rule.Lack));
            var meets = time.AddDays(since, rule.Days + 1);
            var on = meets > notBefore ? meets : notBefore;
            // Nobody returns on a day on which the owner could do nothing about it.
            return new Departure(one.Id, one.Name, one.Owner, time.AddDays(on.AddDays(-1), 1), rule.Lack, since, rule.Days);
        }).OrderBy(departure => departure.On).ThenBy(departure => departure.Since).FirstOrDefault();

        DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, time.Zone).DateTime) is var day && day.Year < WorkingTime.FirstYear ? new(WorkingTime.FirstYear, 1, 1) : day;
    }

    /// <summary>The newest fact by which the clock of a lack begins anew.</summary>
    private static DateTimeOffset Latest(Facts one, Lack lack)
    {
        DateTimeOffset?[] facts = lack switch { Lack.Contact => [one.ContactAt], Lack.Step => [one.DoneAt, one.DueAt], _ => [one.BoughtAt] };
        return facts.OfType<DateTimeOffset>().Append(one.OwnedAt).Max();
    }

    /// <summary>Facts of whoever could go until the last day: of each lack, those without it for the fewest days that any rule asks for. Who stays for good is left out.</summary>
    private static string Sql(PoolRules rules, IReadOnlyList<long> owners, DepartureAsk ask)
    {
        var lacks = rules.Returns.Select(rule => rule.Lack).Distinct().Select(lack => lack switch
        {
            Lack.Contact => "(k.contact_at is null or k.contact_at < @contact)",
            Lack.Step => "((k.done_at is null or k.done_at < @step) and (k.due_at is null or k.due_at < @step))",
            _ => "(k.bought_at is null or k.bought_at < @purchase)",
        });
        List<string> tests = [$"c.owner_id in ({Numbers(owners)})", "c.id > @behind", "not exists (select 1 from customers_erasure x where x.customer_id = c.id)"];
        if (ask.Viewer is { } viewer) { tests.Add(viewer.Sql("c")); }
        if (ask.Customers is { } some) { tests.Add($"c.id in ({Numbers(some)})"); }
        if (rules.StayingTiers.Count > 0) { tests.Add($"s.tier not in ({Numbers(rules.StayingTiers.Select(tier => (long)tier))})"); }
        if (rules.StayingTypes.Count > 0) { tests.Add($"c.id not in (select customer_id from customers_relationship where type in ({Numbers(rules.StayingTypes.Select(type => (long)type))}))"); }
        if (rules.StayingTags.Count > 0) { tests.Add($"not exists (select 1 from customers_tagged g join customers_tag t on t.id = g.tag_id where g.customer_id = c.id and t.name_key in ({string.Join(", ", rules.StayingTags.Select((_, i) => $"@tag{i}"))}))"); }
        return $"""
            select * from (
                select c.id, case when c.name <> '' then c.name else c.number end as name, c.owner_id,
                    coalesce((select max(h.at) from {Hand.Table} h where h.customer_id = c.id and h.to_id = c.owner_id and h.cause <> {(int)HandCause.Extended}), c.created_at) as owned_at,
                    (select max(n.at) from customers_note n where n.customer_id = c.id and (n.kind in ({(int)InteractionKind.Call}, {(int)InteractionKind.Visit}, {(int)InteractionKind.Meeting}) or length(n.body) >= @least)) as contact_at,
                    (select max(p.done_at) from customers_next_step p where p.customer_id = c.id and p.done_at is not null) as done_at,
                    (select max(p.due_at) from customers_next_step p where p.customer_id = c.id and p.done_at is null) as due_at,
                    case when s.purchases > 0 then s.last_at end as bought_at, s.tier, s.stage,
                    (select max(e.until_on) from {Extension.Table} e where e.customer_id = c.id and e.owner_id = c.owner_id and e.state = {(int)ExtensionState.Granted}) as extended
                from customers_customer c join customers_standing s on s.customer_id = c.id where {string.Join(" and ", tests)}) k
            where k.owned_at < @owned and ({string.Join(" or ", lacks)}) order by k.id limit {AtOnce}
            """;
    }

    private static IEnumerable<(string, object?)> Values(PoolRules rules, DateOnly until, TimeZoneInfo zone)
    {
        yield return ("least", rules.LeastNote);
        yield return ("owned", Bound(rules.Returns.Min(rule => rule.Days)));
        foreach (var of in rules.Returns.GroupBy(rule => rule.Lack)) { yield return (CustomerFilter.Kebab(of.Key), Bound(of.Min(rule => rule.Days))); }
        foreach (var (tag, i) in rules.StayingTags.Select((tag, i) => (tag, i))) { yield return ($"tag{i}", Tag.Key(tag)); }

        // So many working days are at least so many days; a day more, as zones of owners differ from the firm's.
        DateTimeOffset Bound(int days) => LocalDay.Begin(until.AddDays(1 - days), zone).ToUniversalTime().AddDays(1);
    }

    private static string Numbers(IEnumerable<long> numbers) => string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)).DefaultIfEmpty("-1"));

    private static Facts Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.At(3), row.AtOrNull(4), row.AtOrNull(5), row.AtOrNull(6), row.AtOrNull(7), (Tier)row.GetInt16(8), (BuyingStage)row.GetInt16(9),
        row.TextOrNull(10) is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null);
}
