using System.Data.Common;
using System.Text.Json;
using Huike.Customers.Ledger;
using Huike.Platform.Data;
using Huike.Platform.Retention;

namespace Huike.Customers.Retention;

/// <summary>Files that were sent in, files of refused rows, and the samples of refused rows that pages show. What is under way stays.</summary>
internal sealed class OldLoadFiles(Database database, LoadFiles loads) : IRetention
{
    private const string Samples = """from customers_load where created_at < @before and state not in (1, 3, 6) and outcome like '%"refusedSample":[{%'""";

    public string Kind => "loadFiles";

    public RetentionPeriod Usual => new(90, PeriodUnit.Days);

    public async Task<long> Count(DateTimeOffset before, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return (await Files(connection, before, ct)).Count + await connection.Number("select count(*) " + Samples, ct, ("before", before));
    }

    public async Task<long> Remove(DateTimeOffset before, int most, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var files = (await Files(connection, before, ct)).Take(most).ToList();
        var samples = await connection.Rows($"select id, outcome {Samples} order by id limit {most - files.Count}", row => (Id: row.GetInt64(0), Outcome: row.GetString(1)), ct, ("before", before));
        foreach (var (id, json) in samples)
        {
            var outcome = JsonSerializer.Deserialize<LoadOutcome>(json)! with { RefusedSample = [] };
            await connection.Run("update customers_load set outcome = @outcome where id = @id", ct, ("outcome", JsonSerializer.Serialize(outcome)), ("id", id));
        }
        await transaction.CommitAsync(ct);
        foreach (var file in files) { File.Delete(file); }
        return files.Count + samples.Count;
    }

    private async Task<List<string>> Files(DbConnection connection, DateTimeOffset before, CancellationToken ct)
    {
        if (!Directory.Exists(loads.Folder)) { return []; }
        var busy = await connection.Rows("select id, request from customers_load where state in (1, 3, 6)", row => (Id: row.GetInt64(0), Request: row.GetString(1)), ct);
        var kept = busy.SelectMany(load => JsonSerializer.Deserialize<LoadRequest>(load.Request)!.Files).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var writing = busy.Select(load => $"refused-{load.Id}-").ToList();
        return [.. Directory.EnumerateFiles(loads.Folder).Where(path => File.GetLastWriteTimeUtc(path) < before.UtcDateTime && !kept.Contains(path)
            && !writing.Exists(begin => Path.GetFileName(path).StartsWith(begin, StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
    }
}
