using System.Data.Common;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Customers.Duplicates;

/// <summary>What the rules say of new customers of a file, by their keys; by likeness they are compared with all others afterwards.</summary>
internal sealed class ImportTwins(SettingsStore settings)
{
    /// <summary>Those of new customers whom the rules speak of, by number.</summary>
    /// <param name="connection">Holds the caller's transaction.</param>
    /// <param name="fresh">New customers; at most some thousands.</param>
    /// <param name="ct">Ends the search.</param>
    public async Task<IReadOnlyDictionary<string, DuplicateAction>> Run(DbConnection connection, IReadOnlyList<NewCustomer> fresh, CancellationToken ct)
    {
        var rules = await settings.Get<DuplicateRules>(ct);
        var found = new Dictionary<string, DuplicateAction>(StringComparer.Ordinal);
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
                found[customer.Number] = found.TryGetValue(customer.Number, out var other) && other > action ? other : action;
            }
        }
        return found;
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
