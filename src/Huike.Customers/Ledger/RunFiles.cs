using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers.Ledger;

/// <summary>Loads files of this machine from beginning to end, for callers without a page.</summary>
internal sealed class RunFiles(HuikeDb db, Loads loads, LoadFiles files, FieldBook fields, JobRunner runner) : ILoads
{
    public async Task<string> Run(FileLoad load, Action<double> progress, CancellationToken ct)
    {
        var request = new LoadRequest
        {
            Kind = load.Customers ? LoadKind.Customers : LoadKind.Transactions,
            Files = LoadSheets.Of([.. load.Paths.Select(path => new LoadFile(Path.GetFileName(path), Path.GetFullPath(path)))], load.Customers),
            Columns = load.Columns,
            Source = load.Source,
            DropDuplicates = load.DropDuplicates,
            CancelledPrefix = load.CancelledPrefix,
            Known = load.Known.Length == 0 ? KnownRows.Update : TypedText.Chosen<KnownRows>(load.Known, "load.known.wrong"),
            Key = load.Key,
            IsLocal = true,
            Language = load.Language,
        };
        await fields.Refresh(ct);
        // Found out before anything is kept: a mapping that can't work is no load.
        LoadPlan.Make(request, fields).Demand(request.Kind);
        if (load.DryRun) { return JsonSerializer.Serialize(await files.Run(request, 0, true, progress, ct)); }
        var id = await loads.Create(request, load.By, ct);
        var job = await runner.RunUntilDone(await loads.Begin(id, LoadState.Loading, ct), progress, ct);
        if (job.State == JobState.Cancelled) { throw new RuleException("load.cancelled"); }
        if (job.State == JobState.Failed) { throw new RuleException("load.failed", job.Message); }
        return await db.Set<Load>().AsNoTracking().Where(kept => kept.Id == id).Select(kept => kept.Outcome).FirstAsync(ct);
    }
}
