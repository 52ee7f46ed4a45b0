using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Platform.Events;

/// <summary>Writes what happened, with one row for each handler that is to be told, in the transaction of its cause (ADR 0015).</summary>
public sealed class EventLog(EventHandlers handlers, Wire wire, CurrentActor actor, TimeProvider clock)
{
    private const int AtOnce = 100;

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
        var values = new List<(string, object?)> { ("kind", T.Kind), ("at", clock.GetUtcNow()), ("by", actor.Value.Name) };
        for (var i = 0; i < happened.Length; i++)
        {
            var about = happened[i].About();
            values.Add((Name("payload", i), JsonSerializer.Serialize(happened[i])));
            values.Add((Name("recordKind", i), about?.Kind ?? ""));
            values.Add((Name("record", i), about?.Id ?? 0));
        }
        var rows = string.Join(", ", happened.Select((_, i) => $"(@kind, @{Name("payload", i)}, @{Name("recordKind", i)}, @{Name("record", i)}, @at, @by)"));
        return connection.Rows($"insert into platform_event (kind, payload, record_kind, record_id, at, created_by) values {rows} returning id", row => row.GetInt64(0), ct, [.. values]);
    }

    /// <summary>A row for each event and handler: a reader that went on by the newest id would miss what commits late with an older one.</summary>
    private static Task<int> Address(DbConnection connection, List<long> ids, List<string> told, CancellationToken ct)
    {
        var rows = string.Join(", ", ids.SelectMany((_, i) => told.Select((_, j) => $"(@{Name("event", i)}, @{Name("handler", j)}, 0, 0, '')")));
        return connection.Run($"insert into platform_delivery (event_id, handler, state, attempts, error) values {rows}", ct,
            [.. ids.Select((id, i) => (Name("event", i), (object?)id)), .. told.Select((name, j) => (Name("handler", j), (object?)name))]);
    }

    private static string Name(string name, int i) => string.Create(CultureInfo.InvariantCulture, $"{name}{i}");
}
