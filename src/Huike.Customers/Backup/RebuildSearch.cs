using System.Data.Common;
using Huike.Customers.Ledger;
using Huike.Platform.Backup;
using Huike.Platform.Data;
using Huike.Platform.Fields;

namespace Huike.Customers.Backup;

/// <summary>Makes the search index of customers anew: SQLite's can't be read, and PostgreSQL's is of another form.</summary>
internal sealed class RebuildSearch(FieldBook book) : IRebuilt
{
    /// <summary>The index.</summary>
    public const string Table = "customers_search";

    private const int BatchSize = 2_000;

    public async Task Run(DbConnection connection, CancellationToken ct)
    {
        await book.Refresh(connection, ct);
        var fields = book.Of(CustomerFields.Kind.Name);
        for (var from = long.MinValue; ;)
        {
            var ids = await connection.Rows($"select id from customers_customer where id > @from order by id limit {BatchSize}", row => (object)row.GetInt64(0), ct, ("from", from));
            var customers = (await CustomerColumns.Find(connection, "id", ids, ct)).ConvertAll(found => (found.Id, found.Customer.Completed(fields).Tokens));
            if (customers.Count == 0) { return; }
            if (connection.Kind() == DatabaseKind.Sqlite) { SqliteLedgerTable.Insert(connection, Table, "rowid, tokens", customers.Select(customer => (object?[])[customer.Id, customer.Tokens])); }
            else
            {
                await connection.Run($"insert into {Table} select id, array_to_tsvector(string_to_array(tokens, ' ')) from unnest(@ids, @tokens) as t (id, tokens)", ct,
                    ("ids", customers.Select(customer => customer.Id).ToArray()), ("tokens", customers.Select(customer => customer.Tokens).ToArray()));
            }
            from = (long)ids[^1];
        }
    }
}
