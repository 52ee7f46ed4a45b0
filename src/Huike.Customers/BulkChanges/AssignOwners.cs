using System.Data.Common;
using System.Globalization;
using Huike.Customers.Pools;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;

namespace Huike.Customers.BulkChanges;

/// <summary>Gives many customers to another owner, or to nobody.</summary>
internal sealed class AssignOwners(ChangeHands hands) : IBulkVerb
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
        foreach (var some in decisions.GroupBy(one => Number(one.Changes[0].New)))
        {
            var to = some.Key is { } owner ? await Owner.Find(turn.Connection, owner, ct) : null;
            turn.Entries.AddRange(await hands.Run(turn.Connection, [.. some.Select(one => one.Target.Id)], new(HandCause.Assigned, to, null) { By = turn.Change.By }, ct));
        }
    }

    private static async Task<Dictionary<long, (string Name, bool IsIn)>> People(DbConnection connection, IReadOnlyList<BulkDecision> decisions, CancellationToken ct)
    {
        var ids = decisions.Select(one => Number(one.Changes[0].New)).OfType<long>().Distinct();
        return (await connection.Rows($"select id, user_name, disabled_at is null and kind < 2 from platform_user where id in ({BulkTurn.List(ids)})", row => (Id: row.GetInt64(0), Person: (row.GetString(1), row.GetBoolean(2))), ct)).ToDictionary(row => row.Id, row => row.Person);
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static long? Number(string? id) => id is null ? null : long.Parse(id, CultureInfo.InvariantCulture);
}
