using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Huike.Platform.Data;

/// <summary>Months of instants in a zone, computed where the rows are.</summary>
public static class LocalMonth
{
    /// <summary>An expression that gives the month as yyyy-MM, null of null. The statement is given a parameter <c>zone</c>, the zone's name.</summary>
    /// <param name="connection">On which it is run, and before it is closed.</param>
    /// <param name="instant">An expression of an instant.</param>
    /// <param name="zone">The firm's.</param>
    public static string Sql(DbConnection connection, string instant, TimeZoneInfo zone)
    {
        if (connection.Kind() == DatabaseKind.Postgres) { return $"to_char(({instant}) at time zone @zone, 'YYYY-MM')"; }
        // SQLite knows no zones.
        var inner = connection;
        while (inner is LentConnection lent) { inner = lent.Inner; }
        ((SqliteConnection)inner).CreateFunction("local_month", (long? at) => at is { } known ? TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(known), zone).ToString("yyyy-MM", CultureInfo.InvariantCulture) : null);
        return $"local_month({instant})";
    }
}
