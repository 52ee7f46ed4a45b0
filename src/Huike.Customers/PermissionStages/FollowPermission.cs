using System.Data.Common;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Customers.PermissionStages;

/// <summary>Writes the permission stages of customers as their facts say: of one after each fact that can change it, in the fact's own transaction, and of all at night. Both ways go through here, and write only what is different.</summary>
internal sealed class FollowPermission(Database database, SettingsStore settings, TimeProvider clock)
{
    /// <summary>Customers who brought the one with <c>@id</c>.</summary>
    public const string Referrers = "select other_id from customers_relation where customer_id = @id and kind = 3 and other_id <> @id";

    private const int AtOnce = 10_000;

    /// <summary>Of some customers, in the caller's transaction, which holds them until its end.</summary>
    /// <param name="connection">Holds the transaction.</param>
    /// <param name="customers">Some thousands at most; those who are not there any more lose what they had.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task Run(DbConnection connection, IReadOnlyCollection<long> customers, CancellationToken ct)
    {
        if (customers.Count == 0) { return; }
        // Ids are numbers of ours: nothing foreign gets into the text.
        var ids = string.Join(',', customers.Order());
        // Two facts of one customer at once: the later one sees the earlier one's.
        if (connection.Kind() == DatabaseKind.Postgres) { await connection.Run($"select id from customers_customer where id in ({ids}) order by id for no key update", ct); }
        var differing = await Differing(connection, $"customer_id in ({ids})", [], ct);
        foreach (var some in differing.Chunk(1_000)) { await Write(connection, some, ct); }
    }

    /// <summary>Of everyone, some at a time, so that nobody's write waits long.</summary>
    /// <param name="progress">Takes the share done, in [0, 1].</param>
    /// <param name="ct">Ends the work between two transactions.</param>
    /// <returns>Of how many something was different.</returns>
    public async Task<int> All(Action<double> progress, CancellationToken ct)
    {
        var (changed, last) = (0, 0L);
        await using (var connection = await database.Open(ct)) { last = await connection.Number("select max(id) from customers_customer", ct); }
        for (var after = long.MinValue; ;)
        {
            List<long> differing;
            await using (var connection = await database.Open(ct))
            {
                var to = await connection.Number($"select max(id) from (select id from customers_customer where id > @after order by id limit {AtOnce}) batch", ct, ("after", after));
                if (to == 0) { break; }
                differing = [.. (await Differing(connection, "customer_id > @after and customer_id <= @to", [("after", after), ("to", to)], ct)).Select(one => one.CustomerId)];
                after = to;
            }
            if (differing.Count > 0)
            {
                using var turn = await database.WriteTurn(ct);
                await using var connection = await database.Open(ct);
                await using var transaction = await connection.BeginTransactionAsync(ct);
                await Run(connection, differing, ct);
                await transaction.CommitAsync(ct);
                changed += differing.Count;
            }
            progress(Math.Min(1, (double)after / Math.Max(1, last)));
        }
        return changed;
    }

    private async Task<List<Followed>> Differing(DbConnection connection, string some, (string, object?)[] parameters, CancellationToken ct)
    {
        var (rules, now) = (await settings.Get<PermissionRules>(ct), clock.GetUtcNow());
        var facts = await ReadFacts.Of(connection, some, rules, parameters, ct);
        var steps = (await connection.Rows($"select customer_id, since_at, stage from customers_permission_step where {some} order by customer_id, since_at",
            row => (Id: row.GetInt64(0), Step: (row.At(1), (PermissionStage)row.GetInt16(2))), ct, parameters)).GroupBy(row => row.Id).ToDictionary(of => of.Key, of => of.Select(row => row.Step).ToList());
        var holding = (await connection.Rows($"select customer_id, since_at, stage from customers_permission where {some}", row => (Id: row.GetInt64(0), At: row.At(1), Stage: (PermissionStage)row.GetInt16(2)), ct, parameters)).ToDictionary(row => row.Id, row => ((DateTimeOffset SinceAt, PermissionStage Stage)?)(row.At, row.Stage));
        var pins = (await connection.Rows($"select customer_id, created_at, stage from customers_permission_pin where {some} and until_at > @now", row => (Id: row.GetInt64(0), At: row.At(1), Stage: (PermissionStage)row.GetInt16(2)), ct, [.. parameters, ("now", now)]))
            .ToDictionary(row => row.Id, row => ((DateTimeOffset SinceAt, PermissionStage Stage)?)(row.At, row.Stage));
        var differing = new List<Followed>();
        foreach (var id in facts.Keys.Concat(steps.Keys).Concat(holding.Keys).Concat(pins.Keys).Distinct())
        {
            var due = new Followed(id, facts.TryGetValue(id, out var known) ? new PermissionHistory(known, rules).Steps(now) : [], pins.GetValueOrDefault(id));
            if (!due.Steps.SequenceEqual(steps.GetValueOrDefault(id, [])) || due.Holds != holding.GetValueOrDefault(id)) { differing.Add(due); }
        }
        return differing;
    }

    private static async Task Write(DbConnection connection, Followed[] some, CancellationToken ct)
    {
        var ids = string.Join(',', some.Select(one => one.CustomerId));
        await connection.Run($"delete from customers_permission_step where customer_id in ({ids})", ct);
        await connection.Run($"delete from customers_permission where customer_id in ({ids})", ct);
        foreach (var rows in some.SelectMany(one => one.Steps.Select(step => (one.CustomerId, Step: step))).Chunk(500)) { await Add("customers_permission_step", rows); }
        foreach (var rows in some.Where(one => one.Holds is not null).Select(one => (one.CustomerId, Step: one.Holds!.Value)).Chunk(500)) { await Add("customers_permission", rows); }

        Task Add(string table, (long CustomerId, (DateTimeOffset SinceAt, PermissionStage Stage) Step)[] rows) => connection.Run(
            $"insert into {table} (customer_id, since_at, stage) values {string.Join(", ", rows.Select((_, i) => $"(@c{i}, @a{i}, @s{i})"))}", ct,
            [.. rows.SelectMany((row, i) => new (string, object?)[] { ($"c{i}", row.CustomerId), ($"a{i}", row.Step.SinceAt), ($"s{i}", row.Step.Stage) })]);
    }

    /// <summary>What a customer's rows should be.</summary>
    private sealed record Followed(long CustomerId, List<(DateTimeOffset SinceAt, PermissionStage Stage)> Steps, (DateTimeOffset SinceAt, PermissionStage Stage)? Pin)
    {
        /// <summary>What holds now; null: nothing.</summary>
        public (DateTimeOffset SinceAt, PermissionStage Stage)? Holds => Pin ?? (Steps.Count > 0 ? Steps[^1] : null);
    }
}
