using System.Globalization;

namespace Huike.Platform.Audit;

/// <summary>What a walk over the chain saw of erasures: each erased entry must be told by an entry that is whole itself, later, with what is left of the erased one.</summary>
internal sealed class AuditErasures
{
    private readonly Dictionary<(long Id, long By), (string Left, string Previous)> erased = [];
    private readonly HashSet<(long Id, long By, string Left)> told = [];

    /// <summary>Takes in a link that is whole.</summary>
    public void Note((AuditRow Row, string Hash) link)
    {
        if (link.Row.ErasedBy is { } by) { erased[(link.Row.Id, by)] = (link.Row.Left(link.Hash), link.Row.Previous); }
        if (link.Row.Action != EraseEntries.Action) { return; }
        foreach (var change in AuditChange.Read(link.Row.Changes).Where(change => change.New is not null))
        {
            told.Add((long.TryParse(change.Field, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0, link.Row.Id, change.New!));
        }
    }

    /// <summary>The first entry that was erased without being told, with the hash of the one before it; null where there is none.</summary>
    public (long Id, string Previous)? FirstUntold() =>
        erased.Where(one => one.Key.By <= one.Key.Id || !told.Contains((one.Key.Id, one.Key.By, one.Value.Left))).OrderBy(one => one.Key.Id).Select(one => ((long, string)?)(one.Key.Id, one.Value.Previous)).FirstOrDefault();
}
