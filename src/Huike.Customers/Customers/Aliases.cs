using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Customers;

/// <summary>What else the search finds a customer by: former names, names and phones of contacts, further phones, and what files went by that became part of this one.</summary>
/// <param name="Names">Names of all kinds.</param>
/// <param name="Phones">Numbers, as they are kept.</param>
/// <param name="Codes">Numbers of the firm's own.</param>
internal sealed record Aliases(IReadOnlyList<string> Names, IReadOnlyList<string> Phones, IReadOnlyList<string> Codes)
{
    public static readonly Aliases None = new([], [], []);

    private const string Sources = """
        select customer_id, name, 0 from customers_former_name where customer_id in ({0})
        union all select t.customer_id, p.name, 0 from customers_post t join customers_person p on p.id = t.person_id where t.customer_id in ({0})
        union all select t.customer_id, p.phone, 1 from customers_post t join customers_person p on p.id = t.person_id where t.customer_id in ({0}) and p.phone is not null
        union all select customer_id, value, 1 from customers_contact_point where customer_id in ({0}) and kind = 0
        union all select customer_id, name, 0 from customers_merge where customer_id in ({0}) and undone_at is null
        union all select customer_id, number, 2 from customers_merge where customer_id in ({0}) and undone_at is null
        """;

    /// <summary>Those of some customers; who has none is left out.</summary>
    /// <param name="connection">Holds the caller's transaction.</param>
    /// <param name="ids">At most some hundreds.</param>
    /// <param name="ct">Ends the read.</param>
    public static async Task<Dictionary<long, Aliases>> Of(DbConnection connection, IReadOnlyList<long> ids, CancellationToken ct)
    {
        if (ids.Count == 0) { return []; }
        var names = string.Join(", ", ids.Select((_, i) => $"@a{i}"));
        var rows = await connection.Rows(Sources.Replace("{0}", names, StringComparison.Ordinal), row => (Customer: row.GetInt64(0), Text: row.GetString(1), What: row.GetInt32(2)), ct, [.. ids.Select((id, i) => ($"a{i}", (object?)id))]);
        static List<string> Texts(IEnumerable<(long Customer, string Text, int What)> of, int what) => [.. of.Where(row => row.What == what).Select(row => row.Text)];
        return rows.GroupBy(row => row.Customer).ToDictionary(of => of.Key, of => new Aliases(Texts(of, 0), Texts(of, 1), Texts(of, 2)));
    }
}
