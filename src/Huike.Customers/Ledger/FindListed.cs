using System.Data.Common;
using Huike.Customers.Merges;
using Huike.Platform.Data;
using Huike.Platform.Fields;

namespace Huike.Customers.Ledger;

/// <summary>Customers of a list who are there already.</summary>
/// <param name="ByNumber">By the number that the list gives them.</param>
/// <param name="Held">Numbers whose file went into another one's.</param>
/// <param name="Refused">Of whom it can't be told which of several they are.</param>
internal sealed record FoundListed(IReadOnlyDictionary<string, (long Id, NewCustomer Customer)> ByNumber, IReadOnlySet<string> Held, IReadOnlyDictionary<string, Refusal> Refused);

/// <summary>Finds which customers of a list are there already: by the key that was chosen, and where nobody has it by the number.</summary>
internal static class FindListed
{
    /// <param name="connection">Holds the caller's transaction.</param>
    /// <param name="key">As in <see cref="LoadRequest.Key"/>.</param>
    /// <param name="listed">At most some thousands.</param>
    /// <param name="own">The firm's own fields.</param>
    /// <param name="ct">Ends the reads.</param>
    public static async Task<FoundListed> Run(DbConnection connection, string key, IReadOnlyCollection<ListedCustomer> listed, IReadOnlyList<CustomField> own, CancellationToken ct)
    {
        var ids = new Dictionary<string, long>(StringComparer.Ordinal);
        var refused = new Dictionary<string, Refusal>(StringComparer.Ordinal);
        var byKey = await ByKey(connection, key, [.. listed.Select(one => one.Key).OfType<string>().Distinct(StringComparer.Ordinal)], own, ct);
        var met = new HashSet<long>();
        foreach (var one in listed.Where(one => one.Key is not null && byKey.Contains(one.Key)))
        {
            var found = byKey[one.Key!].Distinct().ToList();
            if (found.Count > 1) { refused[one.Customer.Number] = new("load.key.several", one.Key!); }
            else if (!met.Add(found[0])) { refused[one.Customer.Number] = new("load.key.twice", one.Key!); }
            else { ids[one.Customer.Number] = found[0]; }
        }
        var customers = (await CustomerColumns.Find(connection, "id", [.. ids.Values.Cast<object>()], ct)).ToDictionary(one => one.Id);
        var known = ids.ToDictionary(one => one.Key, one => customers[one.Value], StringComparer.Ordinal);
        var rest = listed.Select(one => one.Customer.Number).Where(number => !known.ContainsKey(number) && !refused.ContainsKey(number)).ToList();
        foreach (var one in await CustomerColumns.Find(connection, "number", [.. rest], ct)) { known[one.Customer.Number] = one; }
        // Whose file went into another one's: what is said there counts.
        var held = await CustomerMerge.HoldersOf(connection, [.. rest.Where(number => !known.ContainsKey(number))], ct);
        return new(known, held.Keys.ToHashSet(StringComparer.Ordinal), refused);
    }

    private static async Task<ILookup<string, long>> ByKey(DbConnection connection, string key, IReadOnlyList<string> values, IReadOnlyList<CustomField> own, CancellationToken ct)
    {
        var sql = key switch
        {
            "creditCode" => "select credit_code, id from customers_customer where credit_code in ({0})",
            "phone" => "select phone, id from customers_customer where coalesce(phone, '') in ({0}) union select value, customer_id from customers_contact_point where kind = 0 and value in ({0})",
            "email" => "select lower(email), id from customers_customer where " + Duplicates.CustomerTraits.EmailSql(connection.Kind(), "email") + " in ({0}) union select value, customer_id from customers_contact_point where kind = 1 and value in ({0})",
            _ => own.FirstOrDefault(field => field.Input == key) is { } field ? $"select {field.Sql("")}, id from customers_customer where {field.Sql("")} in ({{0}})" : null,
        };
        var found = new List<(string Value, long Id)>();
        foreach (var some in sql is null ? [] : values.Chunk(500))
        {
            var statement = string.Format(System.Globalization.CultureInfo.InvariantCulture, sql!, string.Join(", ", some.Select((_, i) => $"@v{i}")));
            found.AddRange(await connection.Rows(statement, row => (row.GetString(0), row.GetInt64(1)), ct, [.. some.Select((value, i) => ($"v{i}", (object?)value))]));
        }
        return found.ToLookup(one => one.Value, one => one.Id, StringComparer.Ordinal);
    }
}
