using Huike.Platform.Data;
using Huike.Platform.Retention;

namespace Huike.Customers.Exports;

/// <summary>Files that nobody can download any more; what was never decided goes the same way.</summary>
internal sealed class ExpiredExports(Database database) : IRetention
{
    private const int DaysToDecide = 30;

    private const string Ended = $"from {Export.Table} where (state = 2 and (expires_at < @before or downloads >= most_downloads)) or (state = 0 and asked_at < @undecided)";

    public string Kind => "exportFiles";

    public RetentionPeriod Usual => new(1, PeriodUnit.Days);

    public async Task<long> Count(DateTimeOffset before, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number("select count(*) " + Ended, ct, ("before", before), ("undecided", before.AddDays(-DaysToDecide)));
    }

    public async Task<long> Remove(DateTimeOffset before, int most, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var ids = await connection.Rows($"select id {Ended} order by id limit {most}", row => row.GetInt64(0), ct, ("before", before), ("undecided", before.AddDays(-DaysToDecide)));
        if (ids.Count == 0) { return 0; }
        await connection.Run($"delete from {ExportJob.Parts} where export_id in ({string.Join(',', ids)})", ct);
        await connection.Run($"update {Export.Table} set state = case when state = 0 then 6 else 7 end, query = '', row_ids = null, expires_at = null where id in ({string.Join(',', ids)})", ct);
        await transaction.CommitAsync(ct);
        return ids.Count;
    }
}
