using System.Data.Common;
using Huike.Customers.Bin;
using Huike.Platform.Access.Records;

namespace Huike.Customers.BulkChanges;

/// <summary>Puts many customers into the bin, or brings them back.</summary>
internal sealed class MoveToBin(PutInBin put, TakeFromBin take) : IBulkVerb
{
    private const string Binned = "bin";
    private const string Yes = "1";

    public bool Does(BulkVerb verb) => verb is BulkVerb.Remove or BulkVerb.Restore;

    public Task<IReadOnlyList<(string Field, string? New)>> Wanted(DbConnection connection, BulkWish wish, Viewer viewer, UserAccess access, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<(string, string?)>>([(Binned, wish.Verb == BulkVerb.Remove ? Yes : null)]);

    public Task<Func<BulkTarget, string, string?>> Now(DbConnection connection, IReadOnlyList<BulkTarget> targets, CancellationToken ct) =>
        Task.FromResult<Func<BulkTarget, string, string?>>((target, _) => target.IsBinned ? Yes : null);

    public async Task<Dictionary<long, string>> Refused(DbConnection connection, IReadOnlyList<BulkDecision> decisions, CancellationToken ct)
    {
        var refused = await BinnedCustomer.Refused(connection, [.. decisions.Where(Goes).Select(one => one.Target.Id)], ct);
        var numbers = decisions.ToDictionary(one => one.Target.Id, one => one.Target.Customer.Number);
        foreach (var id in await BinnedCustomer.Taken(connection, [.. decisions.Where(one => !Goes(one)).Select(one => one.Target.Id)], ct)) { refused[id] = "customers.bin.number|" + numbers[id]; }
        return refused;
    }

    public async Task Write(BulkTurn turn, IReadOnlyList<BulkDecision> decisions, CancellationToken ct)
    {
        var (goes, comes) = (decisions.Where(Goes).Select(one => (one.Target.Id, one.Target.Customer)).ToList(), decisions.Where(one => !Goes(one)).Select(one => one.Target.Id).ToList());
        if (goes.Count > 0) { turn.Entries.AddRange(await put.Run(turn.Connection, goes, turn.When, ct)); }
        if (comes.Count > 0) { turn.Entries.AddRange(await take.Run(turn.Connection, comes, ct)); }
    }

    private static bool Goes(BulkDecision one) => one.Changes[0].New == Yes;
}
