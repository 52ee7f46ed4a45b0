using System.Data;
using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Data;

/// <summary>
/// One connection for all that a request reads one after the other. A page of many parts would take dozens from the pool, each another one, and the server would have to warm up to each:
/// a third more work for the same statements (bench <c>file</c>). Whoever opens one while it is lent gets one from the pool.
/// </summary>
public sealed class SharedReads : IAsyncDisposable
{
    private DbConnection? connection;
    private bool isLent;
    private bool hasEnded;

    /// <summary>Null: it is lent already, or the request has ended.</summary>
    internal async Task<DbConnection?> Lend(Func<Task<DbConnection>> open)
    {
        if (hasEnded || Interlocked.Exchange(ref isLent, true)) { return null; }
        try { return new Lent(this, connection ??= await open()); }
        catch
        {
            isLent = false;
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        hasEnded = true;
        // Who still has it gives it back to the pool.
        if (connection is { } open && !Interlocked.Exchange(ref isLent, true)) { await open.DisposeAsync(); }
    }

    private async ValueTask Back(DbConnection lent)
    {
        if (hasEnded) { await lent.DisposeAsync(); }
        else { isLent = false; }
    }

    /// <summary>Goes back to the request.</summary>
    internal sealed class Lent(SharedReads owner, DbConnection inner) : LentConnection(inner)
    {
        private bool isBack;

        public override ConnectionState State => isBack ? ConnectionState.Closed : base.State;

        public override async ValueTask DisposeAsync()
        {
            if (!isBack)
            {
                isBack = true;
                await owner.Back(Inner);
            }
            await base.DisposeAsync();
        }

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => Inner.BeginTransaction(isolationLevel);

        protected override ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken) => Inner.BeginTransactionAsync(isolationLevel, cancellationToken);

        protected override DbCommand CreateDbCommand() => Inner.CreateCommand();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !isBack)
            {
                isBack = true;
                owner.isLent = false;
            }
            base.Dispose(disposing);
        }
    }
}

/// <summary>Puts routes under <see cref="SharedReads"/>.</summary>
public static class ReadingTogether
{
    /// <summary>What the route reads, it reads over one connection. Not for answers that take long.</summary>
    public static TBuilder ReadTogether<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Together());

    /// <summary>After routing, before the routes.</summary>
    public static void UseSharedReads(this IApplicationBuilder app)
    {
        var database = app.ApplicationServices.GetRequiredService<Database>();
        app.Use(async (http, next) =>
        {
            await using var shared = http.GetEndpoint()?.Metadata.GetMetadata<Together>() is null ? null : database.ReadTogether();
            await next(http);
        });
    }

    private sealed class Together;
}
