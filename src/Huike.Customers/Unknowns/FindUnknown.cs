using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Customers.Unknowns;

/// <summary>Of how many customers a field matters, and of how many of them it is not known.</summary>
internal sealed record UnknownCount(UnknownWish Wish, long Unknown, long Of);

/// <summary>What is not known of a customer, whom to ask and when.</summary>
/// <param name="Id">The customer.</param>
/// <param name="Name">What he is called.</param>
/// <param name="Contribution">What he brings.</param>
/// <param name="Fields">What is not known.</param>
internal sealed record UnknownOf(long Id, string Name, long Contribution, IReadOnlyList<UnknownField> Fields)
{
    /// <summary>Who looks after him; null: nobody.</summary>
    public string? Owner { get; init; }

    /// <summary>Who of us spoke with him last; null: nobody did.</summary>
    public string? Colleague { get; init; }

    /// <summary>The contact with the most influence; null: none is known.</summary>
    public string? Contact { get; init; }

    /// <summary>Who brought him, where the viewer sees that one; null: nobody.</summary>
    public string? Referrer { get; init; }

    /// <summary>The next step that is planned, and until when; null: none is.</summary>
    public (string What, DateTimeOffset DueAt)? Next { get; init; }

    /// <summary>Fields that somebody is to ask for already.</summary>
    public IReadOnlySet<string> Asked { get; init; } = new HashSet<string>();
}

/// <summary>未知也是一种信息: finds what the firm does not know of its good customers.</summary>
internal sealed class FindUnknown(Database database, SettingsStore settings, Remembered remembered)
{
    public const int Most = 20;

    /// <summary>How many of how many, field by field, the customers of some tiers over.</summary>
    public Task<(long Customers, List<UnknownCount> Counts)> Count(IReadOnlyList<UnknownWish> wishes, IReadOnlyList<Tier> tiers, Viewer viewer, CancellationToken ct) =>
        remembered.Get($"unknown {UnknownFilter.Numbers(tiers)} {string.Join(',', wishes.Select(wish => $"{wish.Field.Name} {string.Join(' ', wish.Kinds)}"))} {viewer.Key}", async () =>
        {
            await using var connection = await database.Open(ct);
            var sums = string.Concat(wishes.Select(wish => $", count(case when {wish.IsUnknown} then 1 end), count(case when {wish.Matters} then 1 end)"));
            return await connection.First($"select count(*){sums} from {From(tiers, viewer)}",
                row => (row.GetInt64(0), wishes.Select((wish, i) => new UnknownCount(wish, row.GetInt64(1 + 2 * i), row.GetInt64(2 + 2 * i))).ToList()), ct, [.. viewer.Parameters]);
        });

    /// <summary>A page of customers of whom something is not known, those who bring most first; one more than <see cref="Most"/> where there are more.</summary>
    /// <param name="wishes">What matters.</param>
    /// <param name="tiers">Of whom.</param>
    /// <param name="viewer">Who asks.</param>
    /// <param name="after">The page begins after this one: contribution as stored, and number.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<List<UnknownOf>> Page(IReadOnlyList<UnknownWish> wishes, IReadOnlyList<Tier> tiers, Viewer viewer, (long Contribution, long Id)? after, CancellationToken ct)
    {
        if (wishes.Count == 0) { return []; }
        var behind = after is null ? "" : "and (s.contribution, s.customer_id) < (@contribution, @after) ";
        await using var connection = await database.Open(ct);
        return await Read(connection, wishes, $"{From(tiers, viewer)} and ({string.Join(" or ", wishes.Select(wish => wish.IsUnknown))}) {behind}order by s.contribution desc, s.customer_id desc limit {Most + 1}", viewer,
            [.. viewer.Parameters, .. after is { } last ? [("contribution", last.Contribution), ("after", last.Id)] : (ReadOnlySpan<(string, object?)>)[]], ct);
    }

    /// <summary>Of one customer.</summary>
    /// <returns>Null where nothing is missing, or there is no person behind the file any more.</returns>
    public async Task<UnknownOf?> Of(long customerId, Viewer viewer, CancellationToken ct)
    {
        var wishes = (await settings.Get<UnknownRules>(ct)).Wishes(viewer);
        if (wishes.Count == 0) { return null; }
        await using var connection = await database.Open(ct);
        var found = await Read(connection, wishes, $"customers_standing s join customers_customer c on c.id = s.customer_id where c.id = @one and {Living} and ({string.Join(" or ", wishes.Select(wish => wish.IsUnknown))})", viewer, [.. viewer.Parameters, ("one", customerId)], ct);
        return found.Count > 0 ? found[0] : null;
    }

    private const string Living = "not exists (select 1 from customers_erasure gone where gone.customer_id = c.id)";

    private static string From(IReadOnlyList<Tier> tiers, Viewer viewer) => $"customers_standing s join customers_customer c on c.id = s.customer_id where s.tier in ({UnknownFilter.Numbers(tiers)}) and {Living} and {viewer.Sql("c")}";

    private static async Task<List<UnknownOf>> Read(DbConnection connection, IReadOnlyList<UnknownWish> wishes, string from, Viewer viewer, (string, object?)[] parameters, CancellationToken ct)
    {
        var flags = string.Concat(wishes.Select((wish, i) => $", case when {wish.IsUnknown} then 1 else 0 end as u{i}"));
        const string name = "case when {0}.name <> '' then {0}.name else {0}.number end";
        var found = await connection.Rows($"""
            with page as materialized (select c.id, {string.Format(CultureInfo.InvariantCulture, name, "c")} as name, s.contribution, c.owner_id{flags} from {from})
            select p.*,
                (select coalesce(nullif(u.display_name, ''), u.user_name) from platform_user u where u.id = p.owner_id),
                (select n.created_by from customers_note n where n.customer_id = p.id and n.kind > 0 order by n.at desc limit 1),
                (select k.name from customers_post t join customers_person k on k.id = t.person_id where t.customer_id = p.id order by t.influence desc, t.is_main desc, t.id limit 1),
                (select {string.Format(CultureInfo.InvariantCulture, name, "r")} from customers_relation l join customers_customer r on r.id = l.other_id where l.customer_id = p.id and l.kind = 3 and {viewer.Sql("r")} order by l.id limit 1),
                (select f.what from customers_next_step f where f.customer_id = p.id and f.done_at is null order by f.due_at, f.id limit 1),
                (select f.due_at from customers_next_step f where f.customer_id = p.id and f.done_at is null order by f.due_at, f.id limit 1)
            from page p order by p.contribution desc, p.id desc
            """, row => Map(row, wishes), ct, parameters);
        if (found.Count == 0) { return found; }
        var asked = (await connection.Rows($"select customer_id, form_key from customers_next_step where customer_id in ({string.Join(',', found.Select(one => one.Id))}) and done_at is null and form_key like '{AskFor.Prefix}%'", row => (Id: row.GetInt64(0), Key: row.GetString(1)), ct))
            .ToLookup(row => row.Id, row => AskFor.FieldOf(row.Key));
        return found.ConvertAll(one => one with { Asked = asked[one.Id].ToHashSet() });
    }

    private static UnknownOf Map(DbDataReader row, IReadOnlyList<UnknownWish> wishes)
    {
        var after = 4 + wishes.Count;
        return new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), [.. wishes.Where((_, i) => row.GetInt32(4 + i) == 1).Select(wish => wish.Field)])
        {
            Owner = row.TextOrNull(after),
            Colleague = row.TextOrNull(after + 1),
            Contact = row.TextOrNull(after + 2),
            Referrer = row.TextOrNull(after + 3),
            Next = row.TextOrNull(after + 4) is { } what ? (what, row.At(after + 5)) : null,
        };
    }
}
