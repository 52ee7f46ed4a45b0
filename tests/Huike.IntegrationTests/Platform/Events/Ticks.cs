using System.Data.Common;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Events;

/// <summary>An event of the tests' own, with two handlers whose effects can be counted.</summary>
internal sealed record Tick(long Number) : IEvent
{
    /// <summary>The first handler fails at ticks of this number.</summary>
    public const long Poison = 13;

    public static string Kind => "test.tick";

    public RecordName? About() => Number < 0 ? null : new("customers", Number);
}

/// <summary>What handlers write: a row for each telling, and nothing that would keep two of the same apart.</summary>
internal static class Ticks
{
    public static void Handled(WebApplicationBuilder builder) => builder.Services.AddEventHandler<Tick, Fragile>("test.fragile").AddEventHandler<Tick, Sturdy>("test.sturdy");

    public static async Task Table(Database database, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await connection.Run("create table test_effect (handler text not null, event_id bigint not null, node text not null)", ct);
    }

    /// <summary>Raises ticks in a transaction of their own.</summary>
    public static async Task Raise(IServiceProvider services, IReadOnlyList<Tick> ticks, CancellationToken ct, bool commit = true)
    {
        var database = services.GetRequiredService<Database>();
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await services.GetRequiredService<EventLog>().RaiseAll(connection, ticks, ct);
        if (commit) { await transaction.CommitAsync(ct); }
    }

    private static Task<int> Write(DbConnection connection, Occurrence occurrence, CancellationToken ct) => connection.Run("insert into test_effect (handler, event_id, node) values (@handler, @event, @node)", ct,
        ("handler", occurrence.Handler), ("event", occurrence.Id), ("node", Environment.GetEnvironmentVariable(StartupHook.Node) ?? ""));

    private sealed class Fragile : IEventHandler<Tick>
    {
        public async Task Run(Tick happened, Occurrence occurrence, DbConnection connection, CancellationToken ct)
        {
            await Write(connection, occurrence, ct);
            if (happened.Number == Tick.Poison) { throw new IOException("the pipe is broken"); }
        }
    }

    private sealed class Sturdy : IEventHandler<Tick>
    {
        public Task Run(Tick happened, Occurrence occurrence, DbConnection connection, CancellationToken ct) => Write(connection, occurrence, ct);
    }
}
