using System.Data.Common;
using System.Text.Json;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;

namespace Huike.Customers.BulkChanges;

/// <summary>Who begins a bulk change.</summary>
/// <param name="UserId">Number of the user.</param>
/// <param name="By">Shown name.</param>
/// <param name="OfOthers">Whether he may undo what others did.</param>
internal sealed record BulkAsker(long UserId, string By, bool OfOthers);

/// <summary>Writes down whom a bulk change means, and has it done in the background; or one that undoes it.</summary>
internal sealed class BeginBulk(Database database, JobQueue jobs, AuditLog audit, CurrentActor actor, TimeProvider clock)
{
    private const int Most = 1_000_000;

    /// <summary>Writes down whom it means: what comes or goes meanwhile changes nothing.</summary>
    /// <param name="asker">Who.</param>
    /// <param name="ids">Whom; each once.</param>
    /// <param name="key">The form's key; null: it comes once.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Number; of a form that came before, that one's.</returns>
    /// <exception cref="RuleException"><c>bulk.nobody</c>, <c>bulk.many</c>.</exception>
    public async Task<long> Choose(BulkAsker asker, IReadOnlyCollection<long> ids, string? key, CancellationToken ct)
    {
        if (ids.Count == 0) { throw new RuleException("bulk.nobody"); }
        if (ids.Count > Most) { throw new RuleException("bulk.many", Most); }
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var id = await Add(connection, asker, "", null, key, ct);
        if (id == 0) { return await connection.Number($"select id from {BulkChange.Table} where form_key = @key and user_id = @user", ct, ("key", key), ("user", asker.UserId)) is > 0 and var earlier ? earlier : throw new RuleException("customers.form.key"); }
        var (sql, values) = ValueTable.Of(connection.Kind(), "bigint", ids.Distinct().Select(one => (object?[])[one]));
        await connection.Run($"insert into {BulkChange.Rows} (bulk_id, customer_id, state) select @id, column1, 0 from {sql} v", ct, values, ("id", id));
        await audit.Write(connection, Entry("bulk.chosen", id, AuditChange.Is("customers", ids.Count)), ct);
        await transaction.CommitAsync(ct);
        return id;
    }

    /// <summary>Has it done, or gone on with after it failed.</summary>
    /// <exception cref="RuleException"><c>bulk.unknown</c>; <c>bulk.begun</c>: it is under way, or has ended.</exception>
    public Task Run(BulkAsker asker, long id, BulkWish? wish, CancellationToken ct) => audit.Change(async connection =>
    {
        await connection.Run($"update {BulkChange.Table} set by = by where id = @id", ct, ("id", id));
        var change = await BulkChange.Find(connection, id, ct);
        if (change.UserId != asker.UserId) { throw new RuleException("bulk.unknown", id); }
        var state = change.JobId is { } earlier ? await connection.Number("select state from platform_job where id = @id", ct, ("id", earlier)) : -1;
        if (change.FinishedAt is not null || state is (long)JobState.Queued or (long)JobState.Running) { return null; }
        var meant = change.Wish ?? wish ?? throw new RuleException("bulk.field.wrong");
        await Begin(connection, id, meant, ct);
        return Entry("bulk.begun", id, AuditChange.Is("verb", Audited.Name(meant.Verb)), AuditChange.Is("what", meant.Field ?? meant.Owner ?? meant.Tags ?? ""));
    }, ct);

    /// <summary>Takes one back: each customer gets what he had, but for what was changed again since.</summary>
    /// <returns>Number of the one that does it; asked for twice, it is the same.</returns>
    /// <exception cref="RuleException"><c>bulk.unknown</c>; <c>bulk.undo.not</c>: it has not ended, or takes another back itself.</exception>
    public async Task<long> Undo(BulkAsker asker, long id, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.Run($"update {BulkChange.Table} set by = by where id = @id", ct, ("id", id));
        var change = await BulkChange.Find(connection, id, ct);
        if (change.UserId != asker.UserId && !asker.OfOthers) { throw new RuleException("bulk.unknown", id); }
        if (change.UndoneBy is { } before) { return before; }
        if (!change.MayBeUndone) { throw new RuleException("bulk.undo.not"); }
        var undo = await Add(connection, asker, "", id, null, ct);
        await connection.Run($"insert into {BulkChange.Rows} (bulk_id, customer_id, state) select @undo, customer_id, 0 from {BulkChange.Rows} where bulk_id = @id and state = 1", ct, ("undo", undo), ("id", id));
        await Begin(connection, undo, new(BulkVerb.Undo), ct);
        await audit.Write(connection, Entry("bulk.undone", id, []), ct);
        await transaction.CommitAsync(ct);
        return undo;
    }

    private async Task Begin(DbConnection connection, long id, BulkWish wish, CancellationToken ct)
    {
        var job = await jobs.Add(connection, BulkJob.Name, JsonSerializer.Serialize(new BulkJob.Payload(id)), actor.Value.Name, thisMachineOnly: false, ct);
        await connection.Run($"update {BulkChange.Table} set change = @change, job_id = @job where id = @id", ct, ("id", id), ("change", JsonSerializer.Serialize(wish)), ("job", job));
    }

    private Task<long> Add(DbConnection connection, BulkAsker asker, string change, long? undoes, string? key, CancellationToken ct) => connection.Number(
        $"insert into {BulkChange.Table} (change, user_id, by, created_at, undoes, form_key) values (@change, @user, @by, @at, @undoes, @key) on conflict do nothing returning id", ct,
        ("change", change), ("user", asker.UserId), ("by", asker.By), ("at", clock.GetUtcNow()), ("undoes", undoes), ("key", key));

    private static AuditEntry Entry(string action, long id, params AuditChange[] changes) => new(action) { Kind = BulkChange.Audited.Name, Record = id, Changes = changes };
}
