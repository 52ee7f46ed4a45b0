using System.Data.Common;
using System.Text;
using Huike.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Audit;

/// <summary>审计: writes who did what into a chain of hashes, in the transaction of the act itself (H18; ADR 0013).</summary>
public sealed class AuditLog(Database database, CurrentActor actor, TimeProvider clock)
{
    private const int LongestName = 100;
    private const string Values = "@at, @actor, @address, @action, @kind, @record, @changes, @reason";

    /// <summary>From so many entries on they are hashed here and go to PostgreSQL together: that is quicker than a way there and back for each.</summary>
    private const int Many = 8;

    /// <summary>Sign-in name of who acts.</summary>
    public string Who => actor.Value.Name;

    /// <summary>
    /// Adds an entry to the caller's transaction. The last statement before the commit: on PostgreSQL other writers' entries wait from here on until it.
    /// </summary>
    /// <param name="connection">Holds the caller's transaction and, on SQLite, the turn to write.</param>
    /// <param name="entry">What was done.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Number of the entry.</returns>
    public Task<long> Write(DbConnection connection, AuditEntry entry, CancellationToken ct) => WriteAll(connection, [entry], ct);

    /// <summary>Adds an entry of each of many records that one act changed.</summary>
    /// <param name="connection">Holds the caller's transaction and, on SQLite, the turn to write.</param>
    /// <param name="entries">What was done, in order.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Number of the last entry.</returns>
    public async Task<long> WriteAll(DbConnection connection, IReadOnlyList<AuditEntry> entries, CancellationToken ct)
    {
        var who = actor.Value;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var rows = entries.Select(entry => new AuditRow(0, now, Clean(entry.Actor ?? who.Name, LongestName), who.Address, entry.Action, entry.Kind, entry.Record,
            AuditChange.Write([.. entry.Changes, .. By(who)]), Clean(entry.Reason, int.MaxValue), "").Sealed());
        return database.Kind == DatabaseKind.Postgres && entries.Count < Many ? await LinkThere(connection, rows, ct) : await LinkHere(connection, rows, ct);
    }

    /// <summary>The server itself computes the hashes, so that others, whom the head's row keeps waiting until the commit, wait for one way there and back instead of two.</summary>
    private static async Task<long> LinkThere(DbConnection connection, IEnumerable<AuditRow> rows, CancellationToken ct)
    {
        var last = 0L;
        foreach (var row in rows)
        {
            last = await connection.Number($"""
                update platform_audit_head set id = id + 1, hash = encode(sha256(convert_to({AuditRow.HashedBy("(id + 1)", "@body", "hash")}, 'UTF8')), 'hex');
                insert into platform_audit ({AuditRow.Columns})
                select h.id, {Values}, coalesce((select hash from platform_audit where id = h.id - 1), ''), h.hash, @salt, @digest, null from platform_audit_head h returning id
                """, ct, [.. Parameters(row), ("body", row.Body())]);
        }
        return last;
    }

    /// <summary>For SQLite, which knows no hashes and has one writer, and for many at once.</summary>
    private static async Task<long> LinkHere(DbConnection connection, IEnumerable<AuditRow> rows, CancellationToken ct)
    {
        var kind = connection.Kind();
        var (last, hash) = await connection.First($"select id, hash from platform_audit_head{(kind == DatabaseKind.Postgres ? " for update" : "")}", head => (head.GetInt64(0), head.GetString(1)), ct);
        var links = new List<object?[]>();
        foreach (var row in rows)
        {
            var link = row with { Id = ++last, Previous = hash };
            hash = link.Hash();
            links.Add([link.Id, .. Parameters(link)[..8].Select(one => one.Item2), link.Previous, hash, link.Salt, link.Digest]);
        }
        var (sql, values) = ValueTable.Of(kind, "bigint, timestamptz, text, text, text, text, bigint, text, text, text, text, text, text", links);
        await connection.Run($"insert into platform_audit ({AuditRow.Columns}) select v.*, cast(null as bigint) from {sql} v order by column1", ct, values);
        await connection.Run("update platform_audit_head set id = @id, hash = @hash", ct, ("id", last), ("hash", hash));
        return last;
    }

    private static (string, object?)[] Parameters(AuditRow row) => [("at", row.At), ("actor", row.Actor), ("address", row.Address), ("action", row.Action), ("kind", row.Kind),
        ("record", row.Record), ("changes", row.Changes), ("reason", row.Reason), ("salt", row.Salt), ("digest", row.Digest)];

    /// <summary>Adds an entry in a transaction of its own, for acts that write nothing else: signing in, taking a list away.</summary>
    public async Task Write(AuditEntry entry, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Write(connection, entry, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Does a piece of work and adds its entry, in one transaction; nothing is written where the work comes to nothing.</summary>
    /// <param name="work">Writes, and says what it did; null: nothing.</param>
    /// <param name="ct">Ends the write.</param>
    /// <param name="hold">A statement that holds what the work goes by, so that no other comes between; null: nothing has to be held.</param>
    /// <returns>Whether something was written.</returns>
    public async Task<bool> Change(Func<DbConnection, Task<AuditEntry?>> work, CancellationToken ct, string? hold = null) =>
        await ChangeAll(async connection => await work(connection) is { } entry ? [entry] : [], ct, hold) > 0;

    /// <summary>The same of many records, with an entry of each.</summary>
    /// <returns>How many entries were written.</returns>
    public async Task<int> ChangeAll(Func<DbConnection, Task<IReadOnlyList<AuditEntry>>> work, CancellationToken ct, string? hold = null)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (hold is not null) { await connection.Run(hold, ct); }
        if (await work(connection) is not { Count: > 0 } entries) { return 0; }
        await WriteAll(connection, entries, ct);
        await transaction.CommitAsync(ct);
        return entries.Count;
    }

    /// <summary>Does a piece of work with the model and adds its entry, in one transaction.</summary>
    /// <param name="db">What the work saves to.</param>
    /// <param name="work">Saves its changes and says what they were.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task Save(HuikeDb db, Func<Task<AuditEntry>> work, CancellationToken ct)
    {
        if (database.Current is { } batch)
        {
            await batch.Join(db, ct);
            await Write(db.Database.GetDbConnection(), await work(), ct);
            return;
        }
        using var turn = await database.WriteTurn(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var entry = await work();
        await Write(db.Database.GetDbConnection(), entry, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>By what the actor was let in, besides a sign-in of the actor's own: as deputy, by a token.</summary>
    private static IEnumerable<AuditChange> By(Actor who)
    {
        if (who.For is not null) { yield return AuditChange.Is("deputyFor", who.For); }
        if (who.Token is not null) { yield return AuditChange.Is("byToken", who.Token); }
    }

    /// <summary>Without what a database can't keep: NUL and halves of characters.</summary>
    private static string Clean(string text, int longest) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Length > longest ? text[..longest] : text)).Replace("\0", "", StringComparison.Ordinal);
}
