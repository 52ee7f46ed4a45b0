using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Customers.Tags;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Customers.BulkChanges;

/// <summary>Gives many customers tags, or takes them.</summary>
internal sealed class ChangeTags(EventLog events) : IBulkVerb
{
    public bool Does(BulkVerb verb) => verb is BulkVerb.Tag or BulkVerb.Untag;

    /// <summary>A field for each tag, by its key; with a value the customer has it.</summary>
    public async Task<IReadOnlyList<(string Field, string? New)>> Wanted(DbConnection connection, BulkWish wish, Viewer viewer, UserAccess access, CancellationToken ct)
    {
        // What people think of customers is internal: who doesn't see it doesn't write it.
        if (!viewer.SeesInternal) { throw new RuleException("access.record.refused"); }
        var wanted = new List<(string, string?)>();
        foreach (var name in Tag.Read(wish.Tags))
        {
            var spelt = await connection.First("select name from customers_tag where name_key = @key", row => row.GetString(0), ct, ("key", Tag.Key(name))) ?? name;
            wanted.Add((Tag.Key(name), wish.Verb == BulkVerb.Tag ? spelt : null));
        }
        return wanted;
    }

    public async Task<Func<BulkTarget, string, string?>> Now(DbConnection connection, IReadOnlyList<BulkTarget> targets, CancellationToken ct)
    {
        var had = (await connection.Rows($"select g.customer_id, t.name_key, t.name from customers_tagged g join customers_tag t on t.id = g.tag_id where g.customer_id in ({BulkTurn.List(targets.Select(one => one.Id))})",
            row => (Of: (row.GetInt64(0), row.GetString(1)), Name: row.GetString(2)), ct)).ToDictionary(row => row.Of, row => row.Name);
        return (target, field) => had.GetValueOrDefault((target.Id, field));
    }

    public async Task<Dictionary<long, string>> Refused(DbConnection connection, IReadOnlyList<BulkDecision> decisions, CancellationToken ct)
    {
        var counts = (await connection.Rows($"select customer_id, count(*) from customers_tagged where customer_id in ({BulkTurn.List(decisions.Select(one => one.Target.Id))}) group by customer_id", row => (Id: row.GetInt64(0), Count: row.GetInt64(1)), ct)).ToDictionary(row => row.Id, row => row.Count);
        return decisions.Where(one => counts.GetValueOrDefault(one.Target.Id) + one.Changes.Sum(change => change.New is null ? -1 : 1) > TagCustomer.Most).ToDictionary(one => one.Target.Id, _ => $"customers.tag.many|{TagCustomer.Most}");
    }

    public async Task Write(BulkTurn turn, IReadOnlyList<BulkDecision> decisions, CancellationToken ct)
    {
        var ids = new Dictionary<string, long>();
        foreach (var change in decisions.SelectMany(one => one.Changes).DistinctBy(change => change.Field)) { ids[change.Field] = (await TagCustomer.Known(turn.Connection, change.New ?? change.Old!, ct)).Id; }
        var (kind, changes) = (turn.Connection.Kind(), decisions.SelectMany(one => one.Changes.Select(change => (one.Target.Id, Tag: ids[change.Field], change.Old, change.New))).ToList());
        var (given, givenRows) = ValueTable.Of(kind, "bigint, bigint", changes.Where(change => change.New is not null).Select(change => (object?[])[change.Id, change.Tag]));
        await turn.Connection.Run($"insert into customers_tagged (customer_id, tag_id, created_at, created_by) select column1, column2, @at, @by from {given} v where 1 = 1 on conflict do nothing", ct, givenRows, ("at", turn.Now), ("by", turn.Change.By));
        var (taken, takenRows) = ValueTable.Of(kind, "bigint, bigint", changes.Where(change => change.New is null).Select(change => (object?[])[change.Id, change.Tag]));
        await turn.Connection.Run($"delete from customers_tagged where (customer_id, tag_id) in (select column1, column2 from {taken} v)", ct, takenRows);
        await turn.Connection.Run($"update customers_customer set version = version + 1 where id in ({BulkTurn.List(decisions.Select(one => one.Target.Id))})", ct);
        await CustomerHistory.Write(turn.Connection, changes.ConvertAll(change => (change.Id, Tag.Field, change.Old, change.New)), turn.When, ct);
        await events.RaiseAll(turn.Connection, [.. decisions.Select(one => new CustomerEdited(one.Target.Id, [Tag.Field]))], ct);
        turn.Entries.AddRange(decisions.Select(one => Audited.Customer("customer.edited", one.Target.Id, [.. one.Changes.Select(change => change with { Field = Tag.Field })])));
    }
}
