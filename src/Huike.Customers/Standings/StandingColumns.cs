using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Data;

namespace Huike.Customers;

/// <summary>The standing table's columns: names, values and reading in one order.</summary>
internal static class StandingColumns
{
    public const string Names = "customer_id, purchases, documents, returns, sales, returned, margin, cost_to_serve, contribution, first_at, last_at, "
        + "recency, frequency, monetary, tier, stage, stage_since_at, active, expected, lifetime, at_risk";

    /// <summary>Values in the order of <see cref="Names"/>; amounts as stored, instants as <see cref="DateTimeOffset"/>.</summary>
    public static object[] Values(in Standing of) =>
    [
        of.CustomerId, of.Purchases, of.Documents, of.Returns, of.Sales.ToStored(), of.Returned.ToStored(), of.Margin.ToStored(), of.CostToServe.ToStored(), of.Contribution.ToStored(),
        of.FirstAt, of.LastAt, (short)of.Recency, (short)of.Frequency, (short)of.Monetary, (short)of.Tier, (short)of.Stage, of.StageSinceAt,
        of.Active, of.Expected, of.Lifetime.ToStored(), of.AtRisk.ToStored(),
    ];

    /// <summary>Writes a new row of <see cref="Values"/>.</summary>
    public static Task Add(DbConnection connection, object[] values, CancellationToken ct) => connection.Run($"insert into customers_standing ({Names}) values ({string.Join(", ", values.Select((_, i) => $"@s{i}"))})", ct, [.. values.Select((value, i) => ($"s{i}", (object?)value))]);

    /// <summary>Of a customer who never bought.</summary>
    public static object[] Empty(long customerId) => Values(new Standing { CustomerId = customerId, FirstAt = DateTimeOffset.UnixEpoch, LastAt = DateTimeOffset.UnixEpoch, StageSinceAt = DateTimeOffset.UnixEpoch });

    /// <summary>Reads a standing whose columns begin at <paramref name="c"/> in the order of <see cref="Names"/>.</summary>
    public static Standing Read(DbDataReader row, int c) => new(
        row.GetInt64(c), row.GetInt32(c + 1), row.GetInt32(c + 2), row.GetInt32(c + 3), row.Amount(c + 4), row.Amount(c + 5), row.Amount(c + 6), row.Amount(c + 7), row.Amount(c + 8),
        row.At(c + 9), row.At(c + 10), (byte)row.GetInt16(c + 11), (byte)row.GetInt16(c + 12), (byte)row.GetInt16(c + 13), (Tier)row.GetInt16(c + 14), (BuyingStage)row.GetInt16(c + 15), row.At(c + 16),
        row.GetDouble(c + 17), row.GetDouble(c + 18), row.Amount(c + 19), row.Amount(c + 20));
}
