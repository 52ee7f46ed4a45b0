using System.Data.Common;

namespace Huike.Platform.Data;

/// <summary>A JSON text for a column that is <c>json</c> on PostgreSQL (which keeps it as it was written) and text on SQLite.</summary>
/// <param name="Text">Without NUL.</param>
public readonly record struct JsonText(string Text);

/// <summary>
/// How values lie in the database: money and quantities as whole ten-thousandths on both databases (exact, summed as integers);
/// instants as <c>timestamptz</c> on PostgreSQL and as Unix milliseconds on SQLite.
/// </summary>
public static class Stored
{
    /// <summary>Stored units in one unit of money or quantity.</summary>
    public const int Scale = 10_000;

    /// <summary>Rounds half to even at the fourth decimal.</summary>
    /// <exception cref="OverflowException">Beyond ±922,337,203,685,477.</exception>
    public static long ToStored(this decimal value) => checked((long)decimal.Round(value * Scale));

    /// <summary>The amount that a stored number stands for; no trailing zeros.</summary>
    public static decimal FromStored(this long stored)
    {
        // A division of decimals costs more than reading the column.
        byte decimals = 4;
        for (; decimals > 0 && stored % 10 == 0; decimals--) { stored /= 10; }
        var size = unchecked(stored < 0 ? 0UL - (ulong)stored : (ulong)stored);
        return new decimal((int)(uint)size, (int)(size >> 32), 0, stored < 0, decimals);
    }

    /// <summary>Reads a stored amount.</summary>
    public static decimal Amount(this DbDataReader row, int column) => row.GetInt64(column).FromStored();

    /// <summary>Reads a stored instant, as UTC.</summary>
    public static DateTimeOffset At(this DbDataReader row, int column) => row is Npgsql.NpgsqlDataReader
        ? new DateTimeOffset(row.GetDateTime(column), TimeSpan.Zero)
        : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    /// <summary>Reads a stored instant that may be missing.</summary>
    public static DateTimeOffset? AtOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.At(column);

    /// <summary>Reads a text that may be missing.</summary>
    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>The value as this database takes it for a parameter.</summary>
    public static object Parameter(DatabaseKind kind, object? value) => value switch
    {
        null => DBNull.Value,
        decimal amount => amount.ToStored(),
        DateTimeOffset at when kind == DatabaseKind.Sqlite => at.ToUnixTimeMilliseconds(),
        DateTimeOffset at => at.UtcDateTime,
        bool flag when kind == DatabaseKind.Sqlite => flag ? 1L : 0L,
        // PostgreSQL keeps no NUL; what holds one is the same text without it.
        string text when kind == DatabaseKind.Postgres && text.Contains('\0', StringComparison.Ordinal) => text.Replace("\0", "", StringComparison.Ordinal),
        JsonText json => json.Text,
        Enum choice => Convert.ToInt64(choice, System.Globalization.CultureInfo.InvariantCulture),
        _ => value,
    };
}
