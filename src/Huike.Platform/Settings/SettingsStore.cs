using System.Text.Json;
using System.Text.Json.Serialization;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Platform.Settings;

/// <summary>
/// What an administrator may change: one record per subject, whose property initialisers are the defaults. Kept as JSON under the record's name,
/// read through a short memory.
/// </summary>
public sealed class SettingsStore(Database database, AuditLog audit, TimeProvider clock)
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Type, (object Value, DateTimeOffset At)> known = new();

    /// <summary>The settings in force; the defaults where none were saved. Changes of another node are seen within five seconds.</summary>
    public async Task<T> Get<T>(CancellationToken ct) where T : class, new()
    {
        var now = clock.GetUtcNow();
        if (known.TryGetValue(typeof(T), out var entry) && now - entry.At < Memory) { return (T)entry.Value; }
        await using var connection = await database.OpenForShort(ct);
        var json = await connection.First("select value from platform_setting where name = @name", row => row.GetString(0), ct, ("name", typeof(T).Name));
        var value = json is null ? new T() : JsonSerializer.Deserialize<T>(json) ?? new T();
        known[typeof(T)] = (value, now);
        return value;
    }

    /// <summary>Replaces the settings of one subject.</summary>
    /// <param name="value">The whole record.</param>
    /// <param name="by">Name of who changed it.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task Save<T>(T value, string by, CancellationToken ct) where T : class, new()
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Holds the row, so that nobody comes in between reading and writing it.
        await connection.Run("update platform_setting set name = name where name = @name", ct, ("name", typeof(T).Name));
        var old = await connection.First("select value from platform_setting where name = @name", row => row.GetString(0), ct, ("name", typeof(T).Name));
        var json = JsonSerializer.Serialize(value);
        await connection.Run("""
            insert into platform_setting (name, value, changed_at, changed_by) values (@name, @value, @at, @by)
            on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at, changed_by = excluded.changed_by
            """, ct, ("name", typeof(T).Name), ("value", json), ("at", clock.GetUtcNow()), ("by", by));
        await audit.Write(connection, new("settings.saved") { Kind = typeof(T).Name, Actor = by, Changes = AuditChange.Between(old ?? JsonSerializer.Serialize(new T()), json) }, ct);
        await transaction.CommitAsync(ct);
        known[typeof(T)] = (value, clock.GetUtcNow());
    }
}

/// <summary>The firm as a whole.</summary>
public sealed record FirmSettings
{
    /// <summary>ISO 4217 code of the currency that all sums are in; default CNY.</summary>
    public string Currency { get; init; } = "CNY";

    /// <summary>IANA name of the time zone in which the firm's days begin and ledgers' times are meant; default Asia/Shanghai.</summary>
    public string TimeZone { get; init; } = "Asia/Shanghai";

    /// <summary>What one unit of another currency is worth in the firm's own, by ISO code. A ledger in a currency that is not here is refused row by row.</summary>
    public IReadOnlyDictionary<string, decimal> Rates { get; init; } = new Dictionary<string, decimal>();

    /// <summary>The time zone itself.</summary>
    [JsonIgnore]
    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
}
