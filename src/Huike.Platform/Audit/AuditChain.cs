using System.Data;
using System.Data.Common;
using Huike.Platform.Data;
using Microsoft.Data.Sqlite;

namespace Huike.Platform.Audit;

/// <summary>What is wrong with a link of the chain.</summary>
public enum AuditFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It was changed: it doesn't match its own hash, or the hash of the one before.</summary>
    Changed = 1,

    /// <summary>It was removed.</summary>
    Missing = 2,

    /// <summary>It was put in by another hand.</summary>
    Extra = 3,

    /// <summary>It is whole, but another one than the one that was noted elsewhere: the chain was written anew.</summary>
    Rewritten = 4,
}

/// <summary>What walking the chain came to.</summary>
/// <param name="Whole">How many links are whole, from the first.</param>
/// <param name="Hash">Hash of the last whole one; empty where there is none. Noted elsewhere, it proves later that nothing up to here was rewritten.</param>
/// <param name="Fault">What is wrong with the one after.</param>
public sealed record AuditVerdict(long Whole, string Hash, AuditFault Fault)
{
    /// <summary>Number of the first broken link; null where all are whole.</summary>
    public long? BrokenAt => Fault == AuditFault.None ? null : Whole + 1;
}

/// <summary>Walks the chain of the audit from its first link to its last.</summary>
public sealed class AuditChain(Database database)
{
    private const int BatchSize = 2_000;

    /// <summary>Compares every link with its hash and with the one before. O(entries), in little memory; writers go on meanwhile.</summary>
    /// <param name="noted">Number and hash of a link that was noted elsewhere; null: none.</param>
    /// <param name="ct">Ends the walk.</param>
    public async Task<AuditVerdict> Verify((long Id, string Hash)? noted, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        // One view of chain and head, whoever writes meanwhile. On SQLite a deferred transaction holds up no writer.
        await using DbTransaction view = connection is SqliteConnection sqlite ? sqlite.BeginTransaction(deferred: true) : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var head = await connection.First("select id, hash from platform_audit_head", row => (Id: row.GetInt64(0), Hash: row.GetString(1)), ct);
        var (whole, hash) = (0L, "");
        var from = long.MinValue;
        var erasures = new AuditErasures();
        while (true)
        {
            var batch = await connection.Rows($"select {AuditRow.Columns} from platform_audit where id > @from order by id limit {BatchSize}", AuditRow.Map, ct, ("from", from));
            foreach (var link in batch)
            {
                var fault = FaultOf(link, (whole, hash), noted);
                if (fault != AuditFault.None) { return new(whole, hash, fault); }
                erasures.Note(link);
                (whole, hash) = (link.Row.Id, link.Hash);
            }
            if (batch.Count < BatchSize)
            {
                var end = AtEnd((whole, hash), head, noted);
                // What was erased by nobody's leave comes before what is wrong at the end.
                return erasures.FirstUntold() is { } untold ? new(untold.Id - 1, untold.Previous, AuditFault.Changed) : new(whole, hash, end);
            }
            from = whole;
        }
    }

    private static AuditFault FaultOf((AuditRow Row, string Hash) link, (long Id, string Hash) before, (long Id, string Hash)? noted) =>
        link.Row.Id > before.Id + 1 ? AuditFault.Missing
        : link.Row.Id <= before.Id ? AuditFault.Extra
        : link.Row.Previous != before.Hash || !link.Row.Holds(link.Hash) ? AuditFault.Changed
        : noted is { } kept && kept.Id == link.Row.Id && kept.Hash != link.Hash ? AuditFault.Rewritten
        : AuditFault.None;

    private static AuditFault AtEnd((long Id, string Hash) last, (long Id, string? Hash) head, (long Id, string Hash)? noted) =>
        last.Id < head.Id || last.Id < noted?.Id ? AuditFault.Missing
        : last.Id > head.Id ? AuditFault.Extra
        : last != head ? AuditFault.Rewritten
        : AuditFault.None;
}
