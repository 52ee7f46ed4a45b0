using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Huike.Platform.Data;

/// <summary>
/// One transaction around whatever the rest of a flow writes: features in it open connections and transactions as ever, and get the batch's connection and a savepoint.
/// What is not committed is taken back whole. The flow must do one thing after the other.
/// </summary>
public sealed class Batch : IAsyncDisposable
{
    private IDisposable? turn;
    private DbConnection? connection;
    private DbTransaction? transaction;

    /// <summary>Whether it has begun and not ended.</summary>
    internal bool IsOpen => transaction is not null;

    /// <summary>Ends it well.</summary>
    public async Task Commit(CancellationToken ct)
    {
        await transaction!.CommitAsync(ct);
        await End();
    }

    /// <summary>Takes back what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (transaction is { } open) { await open.RollbackAsync(); }
        await End();
    }

    internal async Task<Batch> Begin(Database database, CancellationToken ct)
    {
        turn = await database.WriteTurn(ct);
        try
        {
            connection = await database.Open(ct);
            transaction = await connection.BeginTransactionAsync(ct);
            return this;
        }
        catch
        {
            await End();
            throw;
        }
    }

    /// <summary>The batch's connection, as features get theirs: closing it leaves it open, and a transaction on it is a savepoint.</summary>
    internal DbConnection Lend() => new Lent(connection!, transaction!);

    /// <summary>Lets a context write in this batch too.</summary>
    internal async Task Join(HuikeDb db, CancellationToken ct)
    {
        if (db.Database.CurrentTransaction is not null) { return; }
        db.Database.SetDbConnection(connection);
        await db.Database.UseTransactionAsync(transaction, ct);
    }

    private async Task End()
    {
        if (transaction is not null) { await transaction.DisposeAsync(); }
        transaction = null;
        if (connection is not null) { await connection.DisposeAsync(); }
        connection = null;
        turn?.Dispose();
        turn = null;
    }

    private sealed class Lent(DbConnection inner, DbTransaction transaction) : LentConnection(inner)
    {
        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

        protected override async ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken)
        {
            var savepoint = new Savepoint(this, transaction);
            await transaction.SaveAsync(savepoint.Name, cancellationToken);
            return savepoint;
        }

        protected override DbCommand CreateDbCommand()
        {
            var command = Inner.CreateCommand();
            command.Transaction = transaction;
            return command;
        }
    }

    private sealed class Savepoint(LentConnection connection, DbTransaction transaction) : DbTransaction
    {
        private bool hasEnded;

        public string Name { get; } = "s" + Guid.CreateVersion7().ToString("N");

        public override IsolationLevel IsolationLevel => transaction.IsolationLevel;

        protected override DbConnection DbConnection => connection;

        public override void Commit() => throw new NotSupportedException();

        public override async Task CommitAsync(CancellationToken cancellationToken = default)
        {
            await transaction.ReleaseAsync(Name, cancellationToken);
            hasEnded = true;
        }

        public override void Rollback() => throw new NotSupportedException();

        public override async Task RollbackAsync(CancellationToken cancellationToken = default)
        {
            hasEnded = true;
            await transaction.RollbackAsync(Name, cancellationToken);
        }

        public override async ValueTask DisposeAsync()
        {
            if (!hasEnded) { await RollbackAsync(); }
            await base.DisposeAsync();
        }
    }
}

/// <summary>Which database a connection leads to.</summary>
public static class DatabaseKinds
{
    /// <summary>Also of one that is lent.</summary>
    public static DatabaseKind Kind(this DbConnection connection) => connection switch
    {
        NpgsqlConnection => DatabaseKind.Postgres,
        LentConnection lent => lent.Inner.Kind(),
        _ => DatabaseKind.Sqlite,
    };
}
