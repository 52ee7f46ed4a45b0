using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Exports;
using Huike.Customers.Merges;
using Huike.Customers.PermissionStages;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers.Erasures;

/// <summary>
/// Erases the person behind a customer (PIPL article 47): what the law wants kept stays, of a customer without a name; the rest goes from tables, search index, history,
/// audit and files. Done again it does nothing.
/// </summary>
internal sealed class EraseCustomer(Database database, IEnumerable<PersonalRecords> records, ErasedBeside beside, ErasureList list, EraseEntries entries, AuditLog audit)
{
    /// <param name="customerId">Whose person.</param>
    /// <param name="cause">Why: <c>request</c>, <c>retention</c> or <c>replay</c>.</param>
    /// <param name="after">What else belongs into the transaction; null: nothing.</param>
    /// <param name="ct">Ends the work before the commit.</param>
    /// <returns>False where it had been done before.</returns>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>.</exception>
    public async Task<bool> Run(long customerId, string cause, Func<DbConnection, Task>? after, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        // Looking through the files takes a while: nobody's write waits for it.
        var files = beside.Traces.Files(await PersonalWords.Of(connection, customerId, ct), ct);
        using var turn = await database.WriteTurn(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Holds the row, so that nobody writes a name into it meanwhile.
        if (await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", customerId)) == 0) { throw new RuleException("customers.customer.unknown", customerId); }
        if (await ErasedNumbers.ErasedAt(connection, customerId, ct) is not null) { return false; }
        var words = await PersonalWords.Of(connection, customerId, ct);
        var merged = await CustomerMerge.Absorbed(connection, customerId, ct);
        var referrers = await connection.Rows(FollowPermission.Referrers, row => row.GetInt64(0), ct, ("id", customerId));
        var taken = new List<AuditChange> { AuditChange.Is("cause", cause) };
        foreach (var one in records)
        {
            if (await Take(connection, one, customerId, ct) is > 0 and var rows) { taken.Add(AuditChange.Is(one.Name, rows)); }
        }
        var samples = await LoadedTraces.Samples(connection, words, files, ct);
        foreach (var (id, request, outcome) in samples) { await connection.Run("update customers_load set request = @request, outcome = @outcome where id = @id", ct, ("id", id), ("request", request), ("outcome", outcome)); }
        await Anonymise(connection, customerId, words, ct);
        foreach (var (id, number) in merged.Prepend((customerId, words.Number)))
        {
            var note = await list.Add(id, number, ct);
            await connection.Run("insert into customers_erasure (customer_id, number_hash, at) values (@id, @hash, @at)", ct, ("id", id), ("hash", note.Number), ("at", note.At));
        }
        await beside.Permission.Run(connection, [customerId, .. referrers], ct);
        await Export.RemoveFiles(connection, ct);
        if (after is not null) { await after(connection); }
        // Gone before the commit: should it fail, the erasure is asked for again, and the files are not needed.
        foreach (var file in files) { File.Delete(file); }
        taken.Add(AuditChange.Is("files", files.Count));
        var emptied = 0L;
        foreach (var (id, _) in merged.Prepend((customerId, ""))) { emptied += await entries.Run(connection, Audited.Customers.Name, id, words.Spellings, ct); }
        taken.Add(AuditChange.Is(OwnRecords.Audit, emptied));
        await audit.Write(connection, Audited.Customer("customer.erased", customerId, taken), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private static async Task<int> Take(DbConnection connection, PersonalRecords one, long customerId, CancellationToken ct)
    {
        // Joined tables only help to read.
        var table = one.Table.Split(" left join ")[0].Split(" join ")[0];
        return one switch
        {
            { Fate: PersonalFate.Erased } => await connection.Run($"delete from {table} where {one.Where}", ct, ("id", customerId)),
            { Fate: PersonalFate.Emptied, Emptying: { } emptying } => await connection.Run($"update {table} set {emptying} where {one.Where}{(one.Holding is null ? "" : " and " + one.Holding)}", ct, ("id", customerId)),
            _ => 0,
        };
    }

    /// <summary>A customer without name or address. A number that tells of the person gives way to one of ours; the firm's own stays, so that its ledger goes on finding the customer.</summary>
    private static async Task Anonymise(DbConnection connection, long customerId, PersonalWords words, CancellationToken ct)
    {
        var number = words.Number;
        for (var turn = 0; turn == 0 ? words.IsTelling : await connection.Number("select count(*) from customers_customer where number = @number and id <> @id", ct, ("number", number), ("id", customerId)) > 0; turn++)
        {
            number = string.Create(CultureInfo.InvariantCulture, $"E{customerId:D7}{(turn == 0 ? "" : $"-{turn}")}");
        }
        await connection.Run("update customers_customer set number = @number, form_key = null, reach_channel = null, reach_days = null, reach_from = null, reach_to = null, pool_id = null, pooled_at = null where id = @id", ct, ("number", number), ("id", customerId));
        var (_, file) = (await CustomerColumns.Find(connection, "id", [customerId], ct))[0];
        await CustomerColumns.Update(connection, customerId, new NewCustomer(number) { Kind = file.Kind, Category = file.Category, CreatedAt = file.CreatedAt, LoadId = file.LoadId }, ct);
    }
}

/// <summary>What an erasure touches beside the person's own rows: files of loads, and how far others let the firm in.</summary>
internal sealed record ErasedBeside(LoadedTraces Traces, FollowPermission Permission);
