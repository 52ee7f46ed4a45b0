using System.Data.Common;
using Huike.Customers.Find;
using Huike.Platform.Data;
using Npgsql;
using NpgsqlTypes;

namespace Huike.Customers.Ledger;

/// <summary>PostgreSQL's fastest way in: binary COPY straight into the tables, after looking up by array what is there.</summary>
internal sealed class PostgresLedgerTable : ILedgerTable
{
    private static readonly DateTime Never = DateTime.UnixEpoch;

    public async Task<Dictionary<long, long>> Find(DbConnection connection, ArraySegment<LedgerLine> lines, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select identity, load_id from customers_transaction where identity = any(@ids)", (NpgsqlConnection)connection);
        command.Parameters.AddWithValue("ids", lines.Select(line => line.Identity).ToArray());
        var found = new Dictionary<long, long>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) { found[reader.GetInt64(0)] = reader.GetInt64(1); }
        return found;
    }

    public async Task<Dictionary<string, long>> Ids(DbConnection connection, string table, string key, IReadOnlyList<string> keys, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select {key}, id from {table} where {key} = any(@keys)", (NpgsqlConnection)connection);
        command.Parameters.AddWithValue("keys", keys.ToArray());
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) { found[reader.GetString(0)] = reader.GetInt64(1); }
        return found;
    }

    public async Task<IReadOnlyList<long>> NewIds(DbConnection connection, int count, CancellationToken ct) => await NextIds((NpgsqlConnection)connection, "customers_customer", count, ct);

    public async Task AddCustomers(DbConnection connection, IReadOnlyList<long> ids, IReadOnlyList<NewCustomer> customers, CancellationToken ct)
    {
        var postgres = (NpgsqlConnection)connection;
        await using (var copy = await postgres.BeginBinaryImportAsync($"copy customers_customer (id, {CustomerColumns.Names}) from stdin (format binary)", ct))
        {
            for (var i = 0; i < ids.Count; i++)
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(ids[i], NpgsqlDbType.Bigint, ct);
                foreach (var value in CustomerColumns.Values(customers[i])) { await Write(copy, value, ct); }
            }
            await copy.CompleteAsync(ct);
        }
        await using (var copy = await postgres.BeginBinaryImportAsync($"copy customers_standing ({StandingColumns.Names}) from stdin (format binary)", ct))
        {
            foreach (var id in ids)
            {
                await copy.StartRowAsync(ct);
                foreach (var value in StandingColumns.Empty(id)) { await Write(copy, value, ct); }
            }
            await copy.CompleteAsync(ct);
        }
        await SearchRows.Customers.Add(connection, [.. customers.Select((customer, i) => (ids[i], customer.Tokens(customer.Also)))], ct);
    }

    public async Task<IReadOnlyList<long>> PartIds(DbConnection connection, string table, int count, CancellationToken ct) => await NextIds((NpgsqlConnection)connection, table, count, ct);

    public async Task Add(DbConnection connection, string table, string columns, IReadOnlyList<object?[]> rows, CancellationToken ct)
    {
        if (rows.Count == 0) { return; }
        await using var copy = await ((NpgsqlConnection)connection).BeginBinaryImportAsync($"copy {table} ({columns}) from stdin (format binary)", ct);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(ct);
            foreach (var value in row) { await Write(copy, value, ct); }
        }
        await copy.CompleteAsync(ct);
    }

    public async Task<IReadOnlyList<long>> AddProducts(DbConnection connection, IReadOnlyList<Article> products, CancellationToken ct)
    {
        var postgres = (NpgsqlConnection)connection;
        var ids = await NextIds(postgres, "customers_product", products.Count, ct);
        await using var copy = await postgres.BeginBinaryImportAsync("copy customers_product (id, code, name, category) from stdin (format binary)", ct);
        for (var i = 0; i < ids.Count; i++)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(ids[i], NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(products[i].Code, ct);
            await copy.WriteAsync(products[i].Name, ct);
            await copy.WriteAsync(products[i].Category, ct);
        }
        await copy.CompleteAsync(ct);
        return ids;
    }

    public async Task AddLines(DbConnection connection, IEnumerable<StoredLine> lines, long loadId, CancellationToken ct)
    {
        await using var copy = await ((NpgsqlConnection)connection).BeginBinaryImportAsync("""
            copy customers_transaction (customer_id, at, document, product_id, quantity, price, amount, cost, is_return, currency, place, load_id, identity)
            from stdin (format binary)
            """, ct);
        foreach (var (line, document, customer, product) in lines)
        {
            // The synchronous writes fill a buffer; only a full one goes to the server.
            copy.StartRow();
            Write(copy, customer);
            copy.Write(line.At.UtcDateTime, NpgsqlDbType.TimestampTz);
            copy.Write(document, NpgsqlDbType.Text);
            Write(copy, product);
            copy.Write(line.Quantity, NpgsqlDbType.Bigint);
            copy.Write(line.Price, NpgsqlDbType.Bigint);
            copy.Write(line.Amount, NpgsqlDbType.Bigint);
            Write(copy, line.Cost);
            copy.Write(line.IsReturn, NpgsqlDbType.Boolean);
            Write(copy, line.Currency);
            Write(copy, line.Place);
            copy.Write(loadId, NpgsqlDbType.Bigint);
            copy.Write(line.Identity, NpgsqlDbType.Bigint);
        }
        await copy.CompleteAsync(ct);
    }

    private static void Write(NpgsqlBinaryImporter copy, long? value)
    {
        if (value is { } number) { copy.Write(number, NpgsqlDbType.Bigint); }
        else { copy.WriteNull(); }
    }

    private static void Write(NpgsqlBinaryImporter copy, string? value)
    {
        if (value is null) { copy.WriteNull(); }
        else { copy.Write(value, NpgsqlDbType.Text); }
    }

    private static Task Write(NpgsqlBinaryImporter copy, object? value, CancellationToken ct) => value switch
    {
        null => copy.WriteNullAsync(ct),
        string text => copy.WriteAsync(text, NpgsqlDbType.Text, ct),
        JsonText json => copy.WriteAsync(json.Text, NpgsqlDbType.Json, ct),
        bool flag => copy.WriteAsync(flag, NpgsqlDbType.Boolean, ct),
        short small => copy.WriteAsync(small, NpgsqlDbType.Smallint, ct),
        int number => copy.WriteAsync(number, NpgsqlDbType.Integer, ct),
        long big => copy.WriteAsync(big, NpgsqlDbType.Bigint, ct),
        double real => copy.WriteAsync(real, NpgsqlDbType.Double, ct),
        DateTimeOffset at => copy.WriteAsync(at == default ? Never : at.UtcDateTime, NpgsqlDbType.TimestampTz, ct),
        _ => throw new InvalidOperationException(value.GetType().Name),
    };

    private static async Task<List<long>> NextIds(NpgsqlConnection connection, string table, int count, CancellationToken ct)
    {
        var ids = new List<long>(count);
        await using var command = new NpgsqlCommand($"select nextval(pg_get_serial_sequence('{table}', 'id')) from generate_series(1, @count)", connection);
        command.Parameters.AddWithValue("count", count);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) { ids.Add(reader.GetInt64(0)); }
        return ids;
    }
}
