using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Customers.Erasures;

/// <summary>A line of the dry run.</summary>
/// <param name="Name">Of the records: the rest of the text key <c>privacy.records.</c></param>
/// <param name="Rows">How many rows, files or entries.</param>
/// <param name="Fate">What becomes of them.</param>
/// <param name="Until">Last day for which the law wants them; null: no such day.</param>
internal sealed record ErasureLine(string Name, long Rows, PersonalFate Fate, DateOnly? Until = null);

/// <summary>试运行: what an erasure would take and what it would leave, and until when.</summary>
internal sealed class ErasurePlan(Database database, IEnumerable<PersonalRecords> records, LoadedTraces traces, SettingsStore settings)
{
    /// <param name="customerId">Whose person.</param>
    /// <param name="ct">Ends the reading, which goes over all files of loads that are still kept.</param>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>, <c>privacy.erased</c>.</exception>
    public async Task<List<ErasureLine>> Run(long customerId, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await CustomerRules.DemandPerson(connection, customerId, ct);
        var words = await PersonalWords.Of(connection, customerId, ct);
        var files = traces.Files(words, ct);
        var lines = new List<ErasureLine>();
        foreach (var one in records)
        {
            if (one.Name == OwnRecords.Audit) { continue; }
            var rows = await connection.Number($"select count(*) from {one.Table} where {one.Where}{(one.Holding is null ? "" : " and " + one.Holding)}", ct, ("id", customerId));
            if (rows > 0) { lines.Add(new(one.Name, rows, one.Fate, one.Fate == PersonalFate.KeptByLaw ? await Until(connection, customerId, ct) : null)); }
        }
        lines.Add(new("search", 1, PersonalFate.Erased));
        lines.Add(new("files", files.Count, PersonalFate.Erased));
        lines.Add(new("samples", (await LoadedTraces.Samples(connection, words, files, ct)).Count, PersonalFate.Emptied));
        lines.Add(new(OwnRecords.Audit, await EraseEntries.Count(connection, Audited.Customers.Name, customerId, words.Spellings, ct), PersonalFate.Emptied));
        return [.. lines.Where(line => line.Rows > 0)];
    }

    private async Task<DateOnly?> Until(DbConnection connection, long customerId, CancellationToken ct)
    {
        var last = await connection.First("select max(at) from customers_transaction where customer_id = @id", row => row.AtOrNull(0), ct, ("id", customerId));
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        return last is { } at ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime).AddYears((await settings.Get<SubjectRequests.RequestRules>(ct)).LedgerYears) : null;
    }
}
