using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Huike.Platform.Data;

/// <summary>A connection that is somebody else's: closing it leaves it open.</summary>
/// <param name="inner">The driver's own.</param>
internal abstract class LentConnection(DbConnection inner) : DbConnection
{
    /// <summary>The driver's own.</summary>
    public DbConnection Inner => inner;

    [AllowNull]
    public override string ConnectionString { get => inner.ConnectionString; set => throw new NotSupportedException(); }

    public override string Database => inner.Database;

    public override string DataSource => inner.DataSource;

    public override string ServerVersion => inner.ServerVersion;

    public override ConnectionState State => inner.State;

    public override void Open()
    {
        // It is open as long as its owner wants.
    }

    public override void Close()
    {
        // It is the owner's to close.
    }

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();
}
