using System.Data.Common;
using Huike.Customers.Find;
using Huike.Platform.Data;
using Huike.Platform.Search;
using Microsoft.Data.Sqlite;

namespace Huike.Customers.Ledger;

/// <summary>SQLite's fastest way in: one prepared statement, bound again for each row, within the batch's transaction.</summary>
internal sealed class SqliteLedgerTable : ILedgerTable
{
    public Task<Dictionary<long, long>> Find(DbConnection connection, ArraySegment<LedgerLine> lines, CancellationToken ct)
    {
        using var find = Prepare(connection, "select load_id from customers_transaction where identity = @p0", 1);
        var found = new Dictionary<long, long>();
        foreach (var line in lines)
        {
            find.Parameters[0].Value = line.Identity;
            if (find.ExecuteScalar() is long load) { found[line.Identity] = load; }
        }
        return Task.FromResult(found);
    }

    public Task<Dictionary<string, long>> Ids(DbConnection connection, string table, string key, IReadOnlyList<string> keys, CancellationToken ct)
    {
        using var find = Prepare(connection, $"select id from {table} where {key} = @p0", 1);
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var value in keys)
        {
            find.Parameters[0].Value = value;
            if (find.ExecuteScalar() is long id) { found[value] = id; }
        }
        return Task.FromResult(found);
    }

    public async Task<IReadOnlyList<long>> NewIds(DbConnection connection, int count, CancellationToken ct)
    {
        var next = await connection.Number(CustomerColumns.NextId, ct);
        return [.. Enumerable.Range(0, count).Select(i => next + i)];
    }

    public Task AddCustomers(DbConnection connection, IReadOnlyList<long> ids, IReadOnlyList<NewCustomer> customers, CancellationToken ct)
    {
        Insert(connection, "customers_customer", "id, " + CustomerColumns.Names, customers.Select((customer, i) => (object?[])[ids[i], .. CustomerColumns.Values(customer)]));
        Insert(connection, "customers_standing", StandingColumns.Names, ids.Select(id => (object?[])StandingColumns.Empty(id)));
        return SearchRows.Customers.Add(connection, [.. customers.Select((customer, i) => (ids[i], customer.Tokens(customer.Also)))], ct);
    }

    public async Task<IReadOnlyList<long>> PartIds(DbConnection connection, string table, int count, CancellationToken ct)
    {
        var next = await connection.Number($"select coalesce(max(id), 0) + 1 from {table}", ct);
        return [.. Enumerable.Range(0, count).Select(i => next + i)];
    }

    public Task Add(DbConnection connection, string table, string columns, IReadOnlyList<object?[]> rows, CancellationToken ct)
    {
        if (rows.Count > 0) { Insert(connection, table, columns, rows); }
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<long>> AddProducts(DbConnection connection, IReadOnlyList<Article> products, CancellationToken ct)
    {
        var next = await connection.Number("select coalesce(max(id), 0) + 1 from customers_product", ct);
        Insert(connection, "customers_product", "id, code, name, category", products.Select((product, i) => (object?[])[next + i, product.Code, product.Name, product.Category]));
        return [.. Enumerable.Range(0, products.Count).Select(i => next + i)];
    }

    public Task AddLines(DbConnection connection, IEnumerable<StoredLine> lines, long loadId, CancellationToken ct)
    {
        using var insert = Prepare(connection, """
            insert into customers_transaction (customer_id, at, document, product_id, quantity, price, amount, cost, is_return, currency, place, load_id, identity)
            values (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)
            """, 13);
        var p = insert.Parameters;
        p[11].Value = loadId;
        foreach (var (line, document, customer, product) in lines)
        {
            p[0].Value = (object?)customer ?? DBNull.Value;
            p[1].Value = line.At.ToUnixTimeMilliseconds();
            p[2].Value = document;
            p[3].Value = (object?)product ?? DBNull.Value;
            p[4].Value = line.Quantity;
            p[5].Value = line.Price;
            p[6].Value = line.Amount;
            p[7].Value = (object?)line.Cost ?? DBNull.Value;
            p[8].Value = line.IsReturn ? 1L : 0L;
            p[9].Value = (object?)line.Currency ?? DBNull.Value;
            p[10].Value = (object?)line.Place ?? DBNull.Value;
            p[12].Value = line.Identity;
            insert.ExecuteNonQuery();
        }
        return Task.CompletedTask;
    }

    /// <summary>Inserts rows through one prepared statement.</summary>
    internal static void Insert(DbConnection connection, string table, string columns, IEnumerable<object?[]> rows, string verb = "insert")
    {
        var count = columns.Count(c => c == ',') + 1;
        using var insert = Prepare(connection, $"{verb} into {table} ({columns}) values ({string.Join(", ", Enumerable.Range(0, count).Select(i => $"@p{i}"))})", count);
        foreach (var row in rows)
        {
            for (var i = 0; i < count; i++) { insert.Parameters[i].Value = Stored.Parameter(DatabaseKind.Sqlite, row[i]); }
            insert.ExecuteNonQuery();
        }
    }

    private static SqliteCommand Prepare(DbConnection connection, string sql, int parameters)
    {
        var command = ((SqliteConnection)connection).CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++) { command.Parameters.Add(new SqliteParameter { ParameterName = $"@p{i}" }); }
        command.Prepare();
        return command;
    }
}
