using System.Data.Common;

namespace Huike.Platform.Data;

/// <summary>Hand-written SQL, the same text on both databases: for hot reads and whole-set writes. Parameters are named <c>@name</c>.</summary>
/// <remarks>Does not go on where the caller's context wants it: while a page renders that is a queue, and each of a row's and a statement's ends would stand in it.</remarks>
public static class Sql
{
    /// <summary>A command with its parameters bound as this database stores them.</summary>
    public static DbCommand Command(this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var kind = connection.Kind();
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = Stored.Parameter(kind, value);
            if (value is JsonText && parameter is Npgsql.NpgsqlParameter json) { json.NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Json; }
            command.Parameters.Add(parameter);
        }
        return command;
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>Rows changed.</returns>
    public static async Task<int> Run(this DbConnection connection, string sql, CancellationToken ct, params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    /// <summary>First column of the first row as a whole number; 0 where there is no row or no value.</summary>
    public static async Task<long> Number(this DbConnection connection, string sql, CancellationToken ct, params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        return await command.ExecuteScalarAsync(ct).ConfigureAwait(false) is { } value and not DBNull ? Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>All rows, mapped; for results that are bounded by the query itself.</summary>
    public static async Task<List<T>> Rows<T>(this DbConnection connection, string sql, Func<DbDataReader, T> map, CancellationToken ct, params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false)) { rows.Add(map(reader)); }
        return rows;
    }

    /// <summary>The first row, mapped, or the type's default where there is none.</summary>
    public static async Task<T?> First<T>(this DbConnection connection, string sql, Func<DbDataReader, T> map, CancellationToken ct, params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SingleRow, ct).ConfigureAwait(false);
        return await reader.ReadAsync(ct).ConfigureAwait(false) ? map(reader) : default;
    }
}
