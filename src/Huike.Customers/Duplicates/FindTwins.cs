using System.Data.Common;
using System.Globalization;
using Huike.Customers.ContactPoints;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Customers.Duplicates;

/// <summary>A customer who may be the one that is entered.</summary>
/// <param name="Id">Which; null where the visitor may not open it.</param>
/// <param name="Name">What it is called; null where the visitor is not to know.</param>
/// <param name="Owner">Who looks after it; null: nobody.</param>
/// <param name="Signs">By what it is known again.</param>
/// <param name="Probability">How likely the two are the same; null where nothing was learned yet.</param>
/// <param name="Action">What the rules say of it, to this visitor.</param>
internal sealed record Twin(long? Id, string? Name, string? Owner, IReadOnlyList<DuplicateSign> Signs, double? Probability, DuplicateAction Action)
{
    /// <summary>Which, not to be shown where the visitor may not open it.</summary>
    public long CustomerId { get; init; }

    /// <summary>What each field says, as the queue keeps it.</summary>
    public string Reasons { get; init; } = "[]";
}

/// <summary>查重: finds customers who may be the one that is about to be entered, by keys through indexes and by likeness among those whose names begin alike.</summary>
internal sealed class FindTwins(Database database, SettingsStore settings, TimeProvider clock)
{
    private const int MostShown = 10;
    private const int MostAlike = 100;

    /// <summary>Those of whom the rules say something, the strictest and likeliest first; at most ten.</summary>
    /// <param name="traits">What is entered.</param>
    /// <param name="self">The customer that is changed; null for a new one.</param>
    /// <param name="viewer">Whom one may see.</param>
    /// <param name="roles">Whose rules hold.</param>
    /// <param name="ct">Ends the search.</param>
    public async Task<IReadOnlyList<Twin>> Run(CustomerTraits traits, long? self, Viewer viewer, IReadOnlyList<string> roles, CancellationToken ct)
    {
        var rules = await settings.Get<DuplicateRules>(ct);
        await using var connection = await database.Open(ct);
        var signs = new Dictionary<long, List<DuplicateSign>>();
        foreach (var (sign, id) in await ByKeys(connection, traits, rules, roles, ct)) { (signs.TryGetValue(id, out var known) ? known : signs[id] = []).Add(sign); }
        var alike = rules.Of(DuplicateSign.Similar, roles) == DuplicateAction.Allow ? new HashSet<long>() : await ByName(connection, traits, ct);
        var ids = signs.Keys.Concat(alike).Where(id => id != self).Distinct().ToList();
        if (ids.Count == 0) { return []; }
        var rows = await Rows(connection, ids, viewer, ct);
        var likeness = await TraitLikeness.Of(connection, [traits, .. rows.Select(row => row.Traits)], rules, ct);
        for (var i = 0; i < rows.Count; i++)
        {
            if (alike.Contains(rows[i].Id) && likeness.IsSimilar(0, i + 1)) { (signs.TryGetValue(rows[i].Id, out var known) ? known : signs[rows[i].Id] = []).Add(DuplicateSign.Similar); }
        }
        return [.. rows.Select((row, i) => (row, at: i + 1)).Where(one => signs.ContainsKey(one.row.Id))
            .Select(one => Shown(one.row, signs[one.row.Id], rules, roles) with { Probability = likeness.Probability(0, one.at), Reasons = likeness.Reasons(0, one.at) }).OrderByDescending(twin => twin.Action).ThenByDescending(twin => twin.Probability).Take(MostShown)];
    }

    /// <summary>What the rules say of all of them together.</summary>
    public static DuplicateAction Worst(IEnumerable<Twin> twins) => twins.Select(twin => twin.Action).DefaultIfEmpty().Max();

    /// <summary>Who was entered all the same is a pair for the queue with each of them, as far as the weights say so: one need not wait for the night.</summary>
    public async Task Queue(long id, IReadOnlyList<Twin> twins, CancellationToken ct)
    {
        var least = (await settings.Get<DuplicateRules>(ct)).QueueFrom / 100.0;
        var likely = twins.Where(twin => twin.Probability >= least && twin.CustomerId != id).ToList();
        if (likely.Count == 0) { return; }
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        foreach (var twin in likely)
        {
            await connection.Run("insert into customers_duplicate (a_id, b_id, score, reasons, state, found_at) select a.id, b.id, @score, @reasons, 0, @at from customers_customer a, customers_customer b where a.id = @a and b.id = @b on conflict (a_id, b_id) do nothing", ct,
                ("a", Math.Min(id, twin.CustomerId)), ("b", Math.Max(id, twin.CustomerId)), ("score", twin.Probability), ("reasons", twin.Reasons), ("at", clock.GetUtcNow()));
        }
    }

    private static Twin Shown(Row row, List<DuplicateSign> signs, DuplicateRules rules, IReadOnlyList<string> roles) =>
        new(row.IsSeen ? row.Id : null, row.IsSeen || rules.ShowsName ? row.Traits.Name : null, row.Owner, signs, null, signs.Max(sign => rules.Of(sign, roles))) { CustomerId = row.Id };

    private static async Task<List<(DuplicateSign, long)>> ByKeys(DbConnection connection, CustomerTraits traits, DuplicateRules rules, IReadOnlyList<string> roles, CancellationToken ct)
    {
        const string points = "select customer_id as id from customers_contact_point where value = @key and kind = ";
        (DuplicateSign Sign, string? Key, string Sql)[] keys =
        [
            (DuplicateSign.Phone, traits.Phone, "select id from customers_customer where coalesce(phone, '') = @key union " + points + "0"),
            (DuplicateSign.Email, traits.Email?.ToLowerInvariant(), $"select id from customers_customer where {CustomerTraits.EmailSql(connection.Kind(), "email")} = @key union {points}1"),
            (DuplicateSign.CreditCode, traits.CreditCode?.ToUpperInvariant(), "select id from customers_customer where credit_code = @key"),
            (DuplicateSign.WeChat, traits.WeChat?.ToLowerInvariant(), points + "2"),
        ];
        var found = new List<(DuplicateSign, long)>();
        foreach (var (sign, key, sql) in keys)
        {
            if (string.IsNullOrEmpty(key) || rules.Of(sign, roles) == DuplicateAction.Allow) { continue; }
            found.AddRange(await connection.Rows($"select id from ({sql}) as k order by id limit {MostShown + 1}", row => (sign, row.GetInt64(0)), ct, ("key", key)));
        }
        return found;
    }

    /// <summary>Those of the same name, and those whose names begin like it, through the index that orders lists.</summary>
    private static async Task<IReadOnlySet<long>> ByName(DbConnection connection, CustomerTraits traits, CancellationToken ct)
    {
        var key = CustomerColumns.SortKey(traits.Name ?? "", "");
        if (key.Length < 2) { return new HashSet<long>(); }
        var begin = key[..Math.Max(2, key.Length * 2 / 3)];
        var same = await connection.Rows($"select id from customers_customer where sort_key = @key order by id limit {MostAlike}", row => row.GetInt64(0), ct, ("key", key));
        same.AddRange(await connection.Rows($"select id from customers_customer where sort_key >= @from and sort_key < @to order by sort_key, id limit {MostAlike}", row => row.GetInt64(0), ct, ("from", begin), ("to", begin + "\uffff")));
        return same.ToHashSet();
    }

    private static Task<List<Row>> Rows(DbConnection connection, IReadOnlyList<long> ids, Viewer viewer, CancellationToken ct) => connection.Rows($"""
        select c.id, case when {viewer.Sql("c")} then 1 else 0 end, coalesce(nullif(p.display_name, ''), p.user_name), c.name, c.phone, c.email, c.credit_code, (select min(w.value) from customers_contact_point w where w.customer_id = c.id and w.kind = 2), c.place, c.address
        from customers_customer c left join platform_user p on p.id = c.owner_id
        where c.id in ({string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))}) and not exists (select 1 from customers_erasure e where e.customer_id = c.id) order by c.id
        """, row => new Row(row.GetInt64(0), Convert.ToInt32(row.GetValue(1), CultureInfo.InvariantCulture) == 1, row.TextOrNull(2), new(row.GetString(3), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7), CustomerTraits.Place(row.TextOrNull(8), row.TextOrNull(9)))), ct, [.. viewer.Parameters]);

    private sealed record Row(long Id, bool IsSeen, string? Owner, CustomerTraits Traits);
}
