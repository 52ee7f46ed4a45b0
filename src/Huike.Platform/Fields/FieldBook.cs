using System.Collections.Frozen;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Fields;

/// <summary>The firm's own fields, at hand without a read: every page of a list needs them. Changes of another node are seen within five seconds.</summary>
public sealed class FieldBook(Database database)
{
    private FrozenDictionary<string, IReadOnlyList<CustomField>> known = FrozenDictionary<string, IReadOnlyList<CustomField>>.Empty;

    /// <summary>Kinds of record and what fields they have now, without retired ones, in their order.</summary>
    public IReadOnlyList<CustomField> Of(string kind) => known.GetValueOrDefault(kind) ?? [];

    /// <summary>Those of a kind that a user sees.</summary>
    public IReadOnlyList<CustomField> Seen(FieldedKind kind, UserAccess access) =>
        [.. Of(kind.Name).Where(field => field.Level <= Math.Max(1, access.FieldsOf(kind.Levels).Clear))];

    /// <summary>Another one after each change of a field; the same for as long as there is none.</summary>
    public string Edition { get; private set; } = "";

    /// <summary>Reads them anew.</summary>
    public async Task Refresh(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await Refresh(connection, ct);
    }

    /// <summary>Reads them anew, over a connection that holds a transaction.</summary>
    public async Task Refresh(DbConnection connection, CancellationToken ct)
    {
        var all = await All(connection, null, ct);
        known = all.Where(field => !field.IsRetired).GroupBy(field => field.Kind)
            .ToFrozenDictionary(group => group.Key, group => (IReadOnlyList<CustomField>)[.. group.OrderBy(field => field.Position).ThenBy(field => field.Id)]);
        Edition = string.Join(' ', all.Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Id}.{field.Version}")));
    }

    /// <summary>All fields, retired ones too; of one kind where one is named. There are <see cref="SaveField.Most"/> of a kind at most.</summary>
    internal static Task<List<CustomField>> All(DbConnection connection, string? kind, CancellationToken ct) =>
        connection.Rows($"select id, kind, name, definition, version, retired_at from platform_field{(kind is null ? "" : " where kind = @kind")} order by id", Map, ct, kind is null ? [] : [("kind", kind)]);

    /// <exception cref="RuleException"><c>fields.unknown</c>.</exception>
    internal static async Task<CustomField> Get(DbConnection connection, long id, CancellationToken ct) =>
        await connection.First("select id, kind, name, definition, version, retired_at from platform_field where id = @id", Map, ct, ("id", id)) ?? throw new RuleException("fields.unknown", id);

    private static CustomField Map(DbDataReader row) => JsonSerializer.Deserialize<CustomField>(row.GetString(3))! with
    {
        Id = row.GetInt64(0),
        Kind = row.GetString(1),
        Name = row.GetString(2),
        Version = row.GetInt32(4),
        IsRetired = !row.IsDBNull(5),
    };
}

/// <summary>Keeps the book fresh, and has indexes made that a restored database lacks.</summary>
internal sealed class RefreshFields(FieldBook book, Database database, JobQueue jobs, IEnumerable<FieldedKind> kinds, TimeProvider clock, ILogger<RefreshFields> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Before the first request is let in.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await book.Refresh(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Try(Index, stoppingToken);
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) { await Try(book.Refresh, stoppingToken); }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    private async Task Try(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        try
        {
            await work(ct);
        }
        catch (DbException failure)
        {
            log.LogWarning(failure, "The firm's own fields could not be read");
        }
    }

    private async Task Index(CancellationToken ct)
    {
        foreach (var kind in kinds)
        {
            var wanted = book.Of(kind.Name).Count(field => field.IsIndexed);
            await using var connection = await database.Open(ct);
            if (wanted == 0 || (await ApplyFields.There(connection, kind, ct)).Count(index => index.IsWhole) >= wanted) { continue; }
            await jobs.AddUnlessWaiting(ApplyFields.Name, JsonSerializer.Serialize(new FieldWork(kind.Name, false, false)), "", ct);
        }
    }
}
