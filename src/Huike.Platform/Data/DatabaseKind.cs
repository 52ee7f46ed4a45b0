namespace Huike.Platform.Data;

/// <summary>The databases that Huike runs on.</summary>
public enum DatabaseKind
{
    /// <summary>One file in the data folder; the default.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server, 15 or newer, for real load and several nodes.</summary>
    Postgres,
}

/// <summary>Where the data lies: from arguments, environment (<c>HUIKE_Database__Provider</c> …) or a settings file.</summary>
public sealed class DatabaseOptions
{
    /// <summary><c>sqlite</c> or <c>postgres</c>.</summary>
    public string Provider { get; set; } = "sqlite";

    /// <summary>The database's connection string; for SQLite empty means <c>huike.db</c> in the data folder.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Folder for everything that the program keeps on disk; made where missing.</summary>
    public string DataFolder { get; set; } = "data";
}
