using System.Data.Common;
using Huike.Customers.Consents;
using Huike.Customers.Contracts;
using Huike.Customers.OneVoice;
using Huike.Customers.Relations;
using Huike.Platform.Data;

namespace Huike.Customers.PermissionStages;

/// <summary>Reads the facts behind the stages of some customers, each kind of fact by one query. Who was erased has none.</summary>
internal static class ReadFacts
{
    /// <param name="connection">Where.</param>
    /// <param name="some">Condition on a customer's number, by the name <c>customer_id</c>.</param>
    /// <param name="rules">Which consents count.</param>
    /// <param name="parameters">Of the condition.</param>
    /// <param name="ct">Ends the read.</param>
    public static async Task<Dictionary<long, PermissionFacts>> Of(DbConnection connection, string some, PermissionRules rules, (string, object?)[] parameters, CancellationToken ct)
    {
        var facts = new Dictionary<long, PermissionFacts>();
        var codes = rules.Codes();
        (string, object?)[] known = [.. parameters, .. codes.Select((code, i) => ($"code{i}", (object?)code)), ("customer", InteractionSide.Customer), ("referred", RelationKind.ReferredBy)];
        var purposes = codes.Length == 0 ? "" : $"select id from customers_purpose where code in ({string.Join(", ", codes.Select((_, i) => $"@code{i}"))})";
        if (purposes.Length > 0)
        {
            await Each($"select customer_id, purpose_id, channel, given, at from customers_consent where {some} and purpose_id in ({purposes}) order by customer_id, at, id",
                (of, row) => of.Consents.Add((row.GetInt64(1), (ContactChannel)row.GetInt16(2), row.GetBoolean(3), row.At(4))));
        }
        // The index holds each customer's first contact in front; grouped, all of them would be read.
        await Each($"select customer_id, at from (select customer_id, (select min(n.at) from customers_note n where n.customer_id = known.customer_id and n.kind > 0) as at from (select id as customer_id from customers_customer) known where {some}) first where at is not null", (of, row) => Reached(of, row.At(1)));
        await Each($"select customer_id, first_at from customers_standing where {some} and documents > 0", (of, row) => Reached(of, row.At(1)));
        // What follows counts only with a consent: few have one.
        var agreed = purposes.Length == 0 ? "1 = 0" : $"customer_id in (select customer_id from customers_consent where {some} and purpose_id in ({purposes}))";
        await Each($"select customer_id, at from customers_note where {some} and kind > 0 and direction = @customer and {agreed} order by customer_id, at", (of, row) => of.Answers.Add(row.At(1)));
        await Each($"select customer_id, since_at, stage from customers_stage where {some} and {agreed} order by customer_id, since_at, stage", (of, row) => of.Buying.Add((row.At(1), (BuyingStage)row.GetInt16(2))));
        await Each($"select customer_id, created_at, until_at, stage from customers_stage_pin where {some}", (of, row) => of.BuyingPin = (new(row.At(1), row.At(2)), (BuyingStage)row.GetInt16(3)));
        await Each($"select customer_id, min(created_at) from (select other_id as customer_id, created_at from customers_relation where kind = @referred) brought where {some} group by customer_id", (of, row) => of.ReferredAt = row.At(1));
        foreach (var erased in await connection.Rows($"select customer_id from customers_erasure where {some}", row => row.GetInt64(0), ct, parameters)) { facts.Remove(erased); }
        return facts;

        async Task Each(string sql, Action<PermissionFacts, DbDataReader> add)
        {
            await using var command = connection.Command(sql, known);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                var id = reader.GetInt64(0);
                if (!facts.TryGetValue(id, out var of)) { facts[id] = of = new(); }
                add(of, reader);
            }
        }
    }

    private static void Reached(PermissionFacts facts, DateTimeOffset at) => facts.ReachedAt = facts.ReachedAt is { } known && known <= at ? known : at;
}
