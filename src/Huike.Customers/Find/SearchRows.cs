using System.Data.Common;
using Huike.Customers.Ledger;
using Huike.Platform.Data;
using Huike.Platform.Search;
using Microsoft.Data.Sqlite;

namespace Huike.Customers.Find;

/// <summary>A table of tokens: a side table with a GIN index on PostgreSQL, FTS5 without content on SQLite.</summary>
/// <param name="Table">Its name.</param>
/// <param name="PostgresKey">The column of ids on PostgreSQL; on SQLite it is the row's own.</param>
internal sealed record SearchRows(string Table, string PostgresKey)
{
    /// <summary>What customers are found by.</summary>
    public static readonly SearchRows Customers = new("customers_search", "customer_id");

    /// <summary>What notes are found by. A note that is deleted takes its row with it, by the database.</summary>
    public static readonly SearchRows Notes = new("customers_note_search", "note_id");

    /// <summary>The column of ids.</summary>
    public string Key(DatabaseKind kind) => kind == DatabaseKind.Postgres ? PostgresKey : "rowid";

    /// <summary>The condition that tokens of the alias <c>t</c> meet a parameter.</summary>
    public string Match(DatabaseKind kind, string parameter) => kind == DatabaseKind.Postgres ? $"t.tokens @@ @{parameter}::tsquery" : $"{Table} match @{parameter}";

    /// <summary>Adds new rows.</summary>
    public async Task Add(DbConnection connection, IReadOnlyList<(long Id, string Tokens)> rows, CancellationToken ct)
    {
        var kept = rows.Select(row => (row.Id, Tokens: SearchTokens.Kept(row.Id, row.Tokens))).ToList();
        if (connection is SqliteConnection)
        {
            SqliteLedgerTable.Insert(connection, Table, "rowid, tokens", kept.Select(row => (object?[])[row.Id, row.Tokens]));
            return;
        }
        if (connection.Kind() == DatabaseKind.Sqlite)
        {
            // One that is lent for a part of a larger transaction.
            foreach (var row in kept) { await connection.Run($"insert into {Table} (rowid, tokens) values (@id, @tokens)", ct, ("id", row.Id), ("tokens", row.Tokens)); }
            return;
        }
        await connection.Run($"insert into {Table} select id, array_to_tsvector(string_to_array(tokens, ' ')) from unnest(@ids, @tokens) as t (id, tokens)", ct,
            ("ids", kept.Select(row => row.Id).ToArray()), ("tokens", kept.Select(row => row.Tokens).ToArray()));
    }

    /// <summary>Adds a new row.</summary>
    public Task Add(DbConnection connection, long id, string tokens, CancellationToken ct) => Add(connection, [(id, tokens)], ct);

    /// <summary>Replaces rows; those that are not there are added.</summary>
    public async Task Write(DbConnection connection, IReadOnlyList<(long Id, string Tokens)> rows, CancellationToken ct)
    {
        foreach (var some in rows.Chunk(500))
        {
            await connection.Run($"delete from {Table} where {Key(connection.Kind())} in ({string.Join(", ", some.Select((_, i) => $"@k{i}"))})", ct, [.. some.Select((row, i) => ($"k{i}", (object?)row.Id))]);
        }
        await Add(connection, rows, ct);
    }

    /// <summary>Takes a row away.</summary>
    public Task Remove(DbConnection connection, long id, CancellationToken ct) => connection.Run($"delete from {Table} where {Key(connection.Kind())} = @id", ct, ("id", id));

    /// <summary>Replaces a row.</summary>
    public Task Write(DbConnection connection, long id, string tokens, CancellationToken ct) => Write(connection, [(id, tokens)], ct);
}
