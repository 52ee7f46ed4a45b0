using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Huike.Platform.Data;
using Npgsql;

namespace Huike.Benchmarks;

/// <summary>A statement that a request ran, with its values.</summary>
internal sealed record Logged(string Sql, IReadOnlyList<(string Name, object? Value)> Values)
{
    public bool Writes => Words.Any(word => Sql.TrimStart().StartsWith(word, StringComparison.OrdinalIgnoreCase));

    private static readonly string[] Words = ["insert", "update", "delete"];
}

/// <summary>Writes down what one request asks the database, and asks it again by itself: what no program above it can undercut.</summary>
internal static class StatementLog
{
    private static readonly string[] Pools = ["postgres", "shared"];

    /// <summary>The statements of one piece of work, in order. Nobody else may use the database meanwhile.</summary>
    public static async Task<List<Logged>> Of(Database database, Func<Task> work)
    {
        var log = new List<Logged>();
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == "Npgsql", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        var builder = new NpgsqlDataSourceBuilder(database.ConnectionString);
        builder.ConfigureTracing(tracing => tracing.ConfigureCommandEnrichmentCallback((_, command) => { lock (log) { log.Add(new(command.CommandText, [.. command.Parameters.Select(one => (one.ParameterName, one.Value))])); } }));
        await using var traced = builder.Build();
        // The program has no door for this: its pools are changed for those that listen.
        var pools = Pools.Select(name => typeof(Database).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!).ToArray();
        var usual = pools.Select(pool => pool.GetValue(database)).ToArray();
        foreach (var pool in pools) { pool.SetValue(database, traced); }
        try { await work(); }
        finally { for (var i = 0; i < pools.Length; i++) { pools[i].SetValue(database, usual[i]); } }
        return log;
    }

    /// <summary>Runs them on one connection, writes in one transaction, with other values in the place of some.</summary>
    /// <returns>Rows that were read.</returns>
    public static async Task<long> Again(DbConnection connection, IReadOnlyList<Logged> statements, Func<object?, object?> instead)
    {
        long rows = 0;
        DbTransaction? transaction = null;
        foreach (var statement in statements)
        {
            if (statement.Writes && transaction is null) { transaction = await connection.BeginTransactionAsync(); }
            await using var command = connection.CreateCommand();
            command.CommandText = statement.Sql;
            foreach (var (name, value) in statement.Values) { command.Parameters.Add(new NpgsqlParameter(name, instead(value) ?? DBNull.Value)); }
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                for (var i = 0; i < reader.FieldCount; i++) { reader.GetValue(i); }
                rows++;
            }
        }
        if (transaction is not null)
        {
            await transaction.CommitAsync();
            await transaction.DisposeAsync();
        }
        return rows;
    }

    /// <summary>Each text and number with those that name one request changed for others of its kind.</summary>
    public static Func<object?, object?> Instead(IReadOnlyDictionary<string, string> texts, IReadOnlyDictionary<long, long> numbers)
    {
        return value => value switch
        {
            long number => Number(number),
            string text => Text(text),
            long[] many => many.Select(Number).ToArray(),
            string[] many => many.Select(Text).ToArray(),
            _ => value,
        };

        long Number(long number) => numbers.GetValueOrDefault(number, number);

        string Text(string text) => texts.Aggregate(text, (said, one) => said.Replace(one.Key, one.Value, StringComparison.Ordinal));
    }

    /// <summary>The value at a share of sorted times.</summary>
    public static string At(IReadOnlyList<double> times, double share) => times.Order().ElementAt((int)((times.Count - 1) * share)).ToString("F1", CultureInfo.InvariantCulture);
}
