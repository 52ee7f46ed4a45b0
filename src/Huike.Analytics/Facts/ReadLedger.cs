using System.Data.Common;
using System.Text.Json;
using Huike.Platform.Data;
using Npgsql;

namespace Huike.Analytics.Facts;

/// <summary>Reads the ledger in one pass: as a binary copy on PostgreSQL, by a forward reader on SQLite.</summary>
internal sealed class ReadLedger(Database database)
{
    /// <summary>The whole ledger.</summary>
    /// <param name="goods">What goods cost.</param>
    /// <param name="expected">About how many lines there are.</param>
    /// <param name="progress">Takes the share read, in [0, 1].</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<LedgerLines> Whole(CostOfGoods goods, long expected, Action<double> progress, CancellationToken ct)
    {
        var lines = new LedgerLines((int)Math.Clamp(expected + 1000, 1024, Array.MaxLength));
        await using var connection = await database.Open(ct);
        var source = new LineSource(lines, goods, expected, progress);
        if (connection is NpgsqlConnection postgres)
        {
            var sql = $"copy ({Select("hashtextextended(nullif(document, ''), 0)")}) to stdout (format binary)";
            await using var export = await postgres.BeginBinaryExportAsync(sql, ct);
            source.Take(export, ct);
        }
        else
        {
            await using var command = connection.Command(Select("document"));
            await using var reader = await command.ExecuteReaderAsync(ct);
            source.Take(reader, ct);
        }
        return lines;
    }

    /// <summary>The lines of some customers.</summary>
    /// <param name="customers">Whose.</param>
    /// <param name="goods">What goods cost.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<LedgerLines> Of(IReadOnlyCollection<long> customers, CostOfGoods goods, CancellationToken ct)
    {
        var lines = new LedgerLines();
        await using var connection = await database.Open(ct);
        var source = new LineSource(lines, goods, 1, _ => { });
        foreach (var some in customers.Chunk(10_000))
        {
            await using var command = database.Kind == DatabaseKind.Postgres
                ? connection.Command($"{Select("document")} where customer_id = any(@ids)", ("ids", some))
                : connection.Command($"{Select("document")} where customer_id in (select value from json_each(@ids))", ("ids", JsonSerializer.Serialize(some)));
            await using var reader = await command.ExecuteReaderAsync(ct);
            source.Take(reader, ct);
        }
        return lines;
    }

    /// <summary>How many lines there are.</summary>
    public async Task<long> Count(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number("select count(*) from customers_fact_transaction", ct);
    }

    /// <summary>All products with what they cost.</summary>
    public async Task<Dictionary<long, ProductCost>> Products(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await using var command = connection.Command("select id, category, cost from customers_fact_product");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var products = new Dictionary<long, ProductCost>();
        while (await reader.ReadAsync(ct)) { products[reader.GetInt64(0)] = new(reader.GetString(1), await reader.IsDBNullAsync(2, ct) ? null : reader.GetInt64(2)); }
        return products;
    }

    private static string Select(string document) => $"select customer_id, at, {document}, product_id, quantity, amount, cost, is_return from customers_fact_transaction";
}

/// <summary>Takes lines from a database's own stream. Row by row without awaiting: they are read from buffers, ten million times.</summary>
internal sealed class LineSource(LedgerLines lines, CostOfGoods goods, long expected, Action<double> progress)
{
    public void Take(NpgsqlBinaryExporter export, CancellationToken ct)
    {
        while (export.StartRow() >= 0)
        {
            var customer = Optional(export);
            var at = new DateTimeOffset(export.Read<DateTime>()).ToUnixTimeMilliseconds();
            var document = Optional(export);
            var product = Optional(export);
            var quantity = export.Read<long>();
            var amount = export.Read<long>();
            var cost = Optional(export);
            Add(customer, at, document, product, quantity, amount, cost, export.Read<bool>(), ct);
        }
    }

    public void Take(DbDataReader row, CancellationToken ct)
    {
        while (row.Read())
        {
            var document = row.GetString(2);
            Add(Optional(row, 0), row is NpgsqlDataReader ? row.At(1).ToUnixTimeMilliseconds() : row.GetInt64(1), document.Length == 0 ? null : Hash(document),
                Optional(row, 3), row.GetInt64(4), row.GetInt64(5), Optional(row, 6), row.GetBoolean(7), ct);
        }
    }

    private void Add(long? customer, long at, long? document, long? product, long quantity, long amount, long? cost, bool isReturn, CancellationToken ct)
    {
        if ((lines.Count & 0xFFFF) == 0)
        {
            ct.ThrowIfCancellationRequested();
            progress(Math.Min(1, lines.Count / (double)Math.Max(1, expected)));
        }
        // A ledger without document numbers: lines of products at one instant are one document, other lines are one each.
        var number = document ?? (product is null ? lines.Count : at);
        lines.Add(new LedgerLine { At = at, Amount = amount, Margin = goods.MarginOf(amount, cost, product, quantity), Document = number, IsReturn = isReturn }, customer);
    }

    /// <summary>FNV-1a in 64 bits: two documents of one customer meet less than once in a billion customers.</summary>
    private static long Hash(string document)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var c in document) { hash = unchecked((hash ^ c) * 1_099_511_628_211UL); }
        return (long)hash;
    }

    private static long? Optional(NpgsqlBinaryExporter export)
    {
        if (!export.IsNull) { return export.Read<long>(); }
        export.Skip();
        return null;
    }

    private static long? Optional(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
