using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;

namespace Huike.Platform.Retention;

/// <summary>Takes away what was kept for long enough, kind by kind in batches; cut off, it goes on with what is left.</summary>
internal sealed class RetentionJob(IEnumerable<IRetention> kinds, SettingsStore settings, AuditLog audit, JobQueue jobs, Database database, TimeProvider clock) : IJobWorker
{
    public const string KindName = "platform.retention";
    private const int Batch = 500;

    public string Kind => KindName;

    /// <summary>Asks for a run, and says so in the audit.</summary>
    public async Task Ask(string by, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await jobs.AddUnlessWaiting(connection, KindName, "{}", by, ct);
        await audit.Write(connection, new AuditEntry("retention.asked"), ct);
        await transaction.CommitAsync(ct);
    }

    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        var rules = await settings.Get<RetentionSettings>(ct);
        var taken = new List<AuditChange>();
        var all = kinds.ToList();
        try
        {
            for (var i = 0; i < all.Count; i++)
            {
                progress((double)i / all.Count);
                var gone = await Take(all[i], rules.Of(all[i]), ct);
                if (gone > 0) { taken.Add(AuditChange.Is(all[i].Kind, gone)); }
            }
        }
        finally
        {
            // What is gone is told also where the rest failed.
            await audit.Write(new AuditEntry("retention.run") { Kind = nameof(RetentionSettings), Changes = taken }, CancellationToken.None);
        }
    }

    private async Task<long> Take(IRetention kind, RetentionPeriod period, CancellationToken ct)
    {
        if (period.IsForEver) { return 0; }
        var before = period.Before(clock.GetUtcNow());
        for (var gone = 0L; ;)
        {
            ct.ThrowIfCancellationRequested();
            var batch = await kind.Remove(before, Batch, ct);
            gone += batch;
            if (batch < Batch) { return gone; }
        }
    }
}
