using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Customers.BulkChanges;

/// <summary>Gives many customers to another owner, or to nobody.</summary>
internal sealed class AssignOwners(EventLog events) : IBulkVerb
{
    private const string Field = "owner";

    public bool Does(BulkVerb verb) => verb == BulkVerb.Assign;

    public async Task<IReadOnlyList<(string Field, string? New)>> Wanted(DbConnection connection, BulkWish wish, Viewer viewer, UserAccess access, CancellationToken ct) =>
        [(Field, wish.Owner?.Trim() is { Length: > 0 } name ? Text((await Owner.Find(connection, name, ct)).Id) : null)];

    public Task<Func<BulkTarget, string, string?>> Now(DbConnection connection, IReadOnlyList<BulkTarget> targets, CancellationToken ct) =>
        Task.FromResult<Func<BulkTarget, string, string?>>((target, _) => target.OwnerId is { } owner ? Text(owner) : null);

    public async Task<Dictionary<long, string>> Refused(DbConnection connection, IReadOnlyList<BulkDecision> decisions, CancellationToken ct)
    {
        var people = await People(connection, decisions, ct);
        return decisions.Where(one => Number(one.Changes[0].New) is { } owner && !(people.TryGetValue(owner, out var person) && person.IsIn)).ToDictionary(one => one.Target.Id, one => "access.user.nameUnknown|" + people.GetValueOrDefault(Number(one.Changes[0].New)!.Value).Name);
    }

    public async Task Write(BulkTurn turn, IReadOnlyList<BulkDecision> decisions, CancellationToken ct)
    {
        var people = await People(turn.Connection, decisions, ct);
        var given = decisions.Select(one => (one.Target.Id, From: one.Target.OwnerId, To: Number(one.Changes[0].New))).ToList();
        var (sql, values) = ValueTable.Of(turn.Connection.Kind(), "bigint, bigint, bigint", given.Select(one => (object?[])[one.Id, one.To, one.To is { } to ? people[to].Unit : null]));
        await turn.Connection.Run($"update customers_customer set owner_id = column2, unit_id = column3, version = version + 1 from {sql} v where id = column1", ct, values);
        await events.RaiseAll(turn.Connection, given.ConvertAll(one => new CustomerAssigned(one.Id, one.From, one.To)), ct);
        turn.Entries.AddRange(given.Select(one => Audited.Customer("record.assigned", one.Id, [new(Field, Name(one.From), Name(one.To))])));

        string? Name(long? id) => id is { } known ? people.GetValueOrDefault(known).Name : null;
    }

    private static async Task<Dictionary<long, (string? Name, long Unit, bool IsIn)>> People(DbConnection connection, IReadOnlyList<BulkDecision> decisions, CancellationToken ct)
    {
        var ids = decisions.SelectMany(one => new[] { one.Target.OwnerId, Number(one.Changes[0].New) }).OfType<long>().Distinct();
        return (await connection.Rows($"select id, user_name, unit_id, disabled_at is null and kind < 2 from platform_user where id in ({BulkTurn.List(ids)})", row => (Id: row.GetInt64(0), Person: ((string?)row.GetString(1), row.GetInt64(2), row.GetBoolean(3))), ct)).ToDictionary(row => row.Id, row => row.Person);
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static long? Number(string? id) => id is null ? null : long.Parse(id, CultureInfo.InvariantCulture);
}
