using System.Text.Json;
using System.Text.Json.Serialization;
using Huike.Analytics.Contracts;
using Huike.Analytics.Facts;
using Huike.Analytics.Pyramid;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Analytics.Recomputation;

/// <summary>A picture with the time at which it was computed.</summary>
internal sealed record Computed<T>(T Picture, DateTimeOffset At);

/// <summary>Pictures computed ahead, kept as JSON under the record's name: pages read one small row instead of the ledger.</summary>
internal sealed class PictureStore(Database database, EventLog events, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The picture of a type, or null where nothing was computed yet.</summary>
    /// <param name="variant">Which of several of the type, such as a period; empty where there is one.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<Computed<T>?> Get<T>(string variant, CancellationToken ct) where T : class
    {
        await using var connection = await database.Open(ct);
        var row = await connection.First("select json, computed_at from analytics_picture where name = @name", row => new { Json = row.GetString(0), At = row.At(1) }, ct, ("name", NameOf<T>(variant)));
        return row is null || JsonSerializer.Deserialize<T>(row.Json, Json) is not { } picture ? null : new(picture, row.At);
    }

    /// <summary>Puts pictures in place of those of the same names, in one transaction.</summary>
    /// <param name="drawings">What to keep.</param>
    /// <param name="done">Changes of the ledger that are in them.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task Put(Drawings drawings, IReadOnlyList<long> done, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (drawings.Whole) { await connection.Run("delete from analytics_picture", ct); }
        foreach (var (name, json) in drawings.Texts)
        {
            await connection.Run("""
                insert into analytics_picture (name, json, computed_at) values (@name, @json, @at)
                on conflict (name) do update set json = excluded.json, computed_at = excluded.computed_at
                """, ct, ("name", name), ("json", json), ("at", clock.GetUtcNow()));
        }
        if (drawings.Whole) { await connection.Run("delete from analytics_ranking", ct); }
        foreach (var (period, sums) in drawings.Rankings) { await Ranking.Put(connection, period, sums, ct); }
        foreach (var id in done) { await connection.Run("delete from analytics_change where id = @id", ct, ("id", id)); }
        await events.Raise(connection, new ValueRecomputed(drawings.Whole), ct);
        await transaction.CommitAsync(ct);
    }

    private static string NameOf<T>(string variant) => variant.Length == 0 ? typeof(T).Name : $"{typeof(T).Name}.{variant}";

    /// <summary>Pictures on their way into the store.</summary>
    /// <param name="Whole">True where they replace all there are: a period that the ledger no longer has goes.</param>
    internal sealed record Drawings(bool Whole)
    {
        public Dictionary<string, string> Texts { get; } = [];

        /// <summary>Period and what its customers brought.</summary>
        public Dictionary<string, PeriodSums> Rankings { get; } = [];

        public Drawings Add<T>(T picture, string variant = "") where T : class
        {
            Texts[NameOf<T>(variant)] = JsonSerializer.Serialize(picture, Json);
            return this;
        }
    }
}
