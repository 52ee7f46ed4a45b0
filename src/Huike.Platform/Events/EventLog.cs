using System.Data.Common;
using System.Text.Json;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Platform.Events;

/// <summary>Writes what happened, with one row for each handler that is to be told, in the transaction of its cause (ADR 0015).</summary>
public sealed class EventLog(EventHandlers handlers, Wire wire, CurrentActor actor, TimeProvider clock)
{
    private const int AtOnce = 1_000;

    /// <summary>Raises an event.</summary>
    /// <param name="connection">Holds the caller's transaction and, on SQLite, the turn to write.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="ct">Ends the write.</param>
    public Task Raise<T>(DbConnection connection, T happened, CancellationToken ct) where T : IEvent => RaiseAll(connection, [happened], ct);

    /// <summary>Raises many events of one type.</summary>
    /// <param name="connection">Holds the caller's transaction and, on SQLite, the turn to write.</param>
    /// <param name="happened">What happened, in order.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task RaiseAll<T>(DbConnection connection, IReadOnlyList<T> happened, CancellationToken ct) where T : IEvent
    {
        var told = handlers.Of(T.Kind).Select(handler => handler.Name).ToList();
        foreach (var some in happened.Chunk(AtOnce))
        {
            var ids = await Insert(connection, some, ct);
            if (told.Count > 0) { await Address(connection, ids, told, ct); }
            await wire.Tell(connection, new(WordKind.Event, T.Kind, ids.Min(), ids.Max()), ct);
        }
    }

    private Task<List<long>> Insert<T>(DbConnection connection, T[] happened, CancellationToken ct) where T : IEvent
    {
        var (sql, values) = ValueTable.Of(connection.Kind(), "text, text, bigint", happened.Select(one => one.About() is { } about ? (object?[])[JsonSerializer.Serialize(one), about.Kind, about.Id] : [JsonSerializer.Serialize(one), "", 0L]));
        return connection.Rows($"insert into platform_event (kind, payload, record_kind, record_id, at, created_by) select @kind, column1, column2, column3, @at, @by from {sql} v returning id", row => row.GetInt64(0), ct,
            values, ("kind", T.Kind), ("at", clock.GetUtcNow()), ("by", actor.Value.Name));
    }

    /// <summary>A row for each event and handler: a reader that went on by the newest id would miss what commits late with an older one.</summary>
    private static Task<int> Address(DbConnection connection, List<long> ids, List<string> told, CancellationToken ct)
    {
        var (sql, values) = ValueTable.Of(connection.Kind(), "bigint, text", ids.SelectMany(id => told.Select(name => (object?[])[id, name])));
        return connection.Run($"insert into platform_delivery (event_id, handler, state, attempts, error) select column1, column2, 0, 0, '' from {sql} v", ct, values);
    }
}
