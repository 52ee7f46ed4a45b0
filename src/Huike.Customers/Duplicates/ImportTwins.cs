using System.Data.Common;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Customers.Duplicates;

/// <summary>What the rules say of a new customer of a file, and of which sign.</summary>
internal readonly record struct ImportTwin(DuplicateAction Action, DuplicateSign Sign);

/// <summary>What the rules say of new customers of a file: by their keys, and by likeness to those whose names sound the same; with all others they are compared at night.</summary>
internal sealed class ImportTwins(SettingsStore settings)
{
    private const int MostAlike = 100;

    /// <summary>Those of new customers whom the rules speak of, by number.</summary>
    /// <param name="connection">Holds the caller's transaction.</param>
    /// <param name="fresh">New customers; at most some thousands.</param>
    /// <param name="ct">Ends the search.</param>
    public async Task<IReadOnlyDictionary<string, ImportTwin>> Run(DbConnection connection, IReadOnlyList<NewCustomer> fresh, CancellationToken ct)
    {
        var rules = await settings.Get<DuplicateRules>(ct);
        var found = new Dictionary<string, ImportTwin>(StringComparer.Ordinal);
        (DuplicateSign Sign, Func<NewCustomer, string?> Key, string Sql)[] keys =
        [
            (DuplicateSign.Phone, customer => customer.Phone, "select phone from customers_customer where coalesce(phone, '') in ({0}) union select value from customers_contact_point where kind = 0 and value in ({0})"),
            (DuplicateSign.Email, customer => customer.Email?.ToLowerInvariant(), "select lower(email) from customers_customer where " + CustomerTraits.EmailSql(connection.Kind(), "email") + " in ({0}) union select value from customers_contact_point where kind = 1 and value in ({0})"),
            (DuplicateSign.CreditCode, customer => customer.CreditCode, "select credit_code from customers_customer where credit_code in ({0})"),
        ];
        foreach (var (sign, key, sql) in keys)
        {
            if (rules.Of(sign, [DuplicateRules.Import]) is not (> DuplicateAction.Allow and var action)) { continue; }
            var known = await Known(connection, sql, [.. fresh.Select(key).OfType<string>().Where(value => value.Length > 0).Distinct(StringComparer.Ordinal)], ct);
            // Of several in one file with one key the first comes in.
            foreach (var customer in fresh)
            {
                if (key(customer) is not { Length: > 0 } value || known.Add(value)) { continue; }
                Met(found, customer, new(action, sign));
            }
        }
        if (rules.Of(DuplicateSign.Similar, [DuplicateRules.Import]) is > DuplicateAction.Allow and var similar) { await Alike(connection, fresh, rules, customer => Met(found, customer, new(similar, DuplicateSign.Similar)), ct); }
        return found;
    }

    private static void Met(Dictionary<string, ImportTwin> found, NewCustomer customer, ImportTwin twin)
    {
        if (!found.TryGetValue(customer.Number, out var other) || other.Action < twin.Action) { found[customer.Number] = twin; }
    }

    private static async Task Alike(DbConnection connection, IReadOnlyList<NewCustomer> fresh, DuplicateRules rules, Action<NewCustomer> met, CancellationToken ct)
    {
        var named = fresh.Where(customer => customer.Name.Length > 0).Select(customer => (Customer: customer, Sound: CustomerColumns.SortKey(customer.Name, ""))).ToList();
        var stock = new List<(string Sound, CustomerTraits Traits)>();
        foreach (var some in named.Select(one => one.Sound).Distinct(StringComparer.Ordinal).Chunk(500))
        {
            stock.AddRange(await connection.Rows($"""
                select sort_key, name, phone, email, credit_code, place, address from (
                    select c.sort_key, c.name, c.phone, c.email, c.credit_code, c.place, c.address, row_number() over (partition by c.sort_key order by c.id) as place_of
                    from customers_customer c where c.sort_key in ({string.Join(", ", some.Select((_, i) => $"@v{i}"))}) and not exists (select 1 from customers_erasure e where e.customer_id = c.id)) known
                where place_of <= {MostAlike}
                """, row => (row.GetString(0), new CustomerTraits(row.GetString(1), row.TextOrNull(2), row.TextOrNull(3)?.ToLowerInvariant(), row.TextOrNull(4), null, CustomerTraits.Place(row.TextOrNull(5), row.TextOrNull(6)))), ct, [.. some.Select((value, i) => ($"v{i}", (object?)value))]));
        }
        // Most sound like nobody else: those are compared with nobody.
        var heard = stock.Select(one => one.Sound).Concat(named.GroupBy(one => one.Sound, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key)).ToHashSet(StringComparer.Ordinal);
        named.RemoveAll(one => !heard.Contains(one.Sound));
        if (named.Count == 0) { return; }
        var likeness = await TraitLikeness.Of(connection, [.. stock.Select(one => one.Traits), .. named.Select(one => CustomerTraits.Of(one.Customer))], rules, ct);
        var places = stock.Select((one, at) => (one.Sound, at)).GroupBy(one => one.Sound, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Select(one => one.at).ToList(), StringComparer.Ordinal);
        for (var i = 0; i < named.Count; i++)
        {
            var at = stock.Count + i;
            if (!places.TryGetValue(named[i].Sound, out var others)) { others = places[named[i].Sound] = []; }
            if (others.Exists(other => likeness.IsSimilar(other, at))) { met(named[i].Customer); }
            else if (others.Count < 2 * MostAlike) { others.Add(at); }
        }
    }

    private static async Task<HashSet<string>> Known(DbConnection connection, string sql, IReadOnlyList<string> values, CancellationToken ct)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in values.Chunk(500))
        {
            var statement = string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, string.Join(", ", some.Select((_, i) => $"@v{i}")));
            known.UnionWith(await connection.Rows(statement, row => row.GetString(0), ct, [.. some.Select((value, i) => ($"v{i}", (object?)value))]));
        }
        return known;
    }
}
