using Huike.Platform.Data;
using Xunit;

namespace Huike.UnitTests.Platform;

public sealed class SharedReadsTests : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("huike-reads-");
    private readonly Database database;

    public SharedReadsTests() => database = new(new DatabaseOptions { Provider = "sqlite", DataFolder = folder.FullName });

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_after_the_other_read_over_one_connection_and_who_opens_a_second_one_gets_his_own()
    {
        await using (database.ReadTogether())
        {
            await using (var first = await database.Open(Ct))
            {
                Assert.Equal(DatabaseKind.Sqlite, first.Kind());
                await first.Run("create temp table seen_by_one_alone (id integer)", Ct);
                await using var second = await database.Open(Ct);
                Assert.Equal(0, await Temporary(second));
            }
            await using var third = await database.Open(Ct);
            Assert.Equal(1, await Temporary(third));
            await using var transaction = await third.BeginTransactionAsync(Ct);
            await transaction.RollbackAsync(Ct);
        }
        await using var after = await database.Open(Ct);
        Assert.Equal(1, await after.Number("select 1", Ct));
        Assert.IsNotType<SharedReads.Lent>(after);
    }

    [Fact]
    public async Task Who_keeps_it_longer_than_the_request_gives_it_back_himself()
    {
        var shared = database.ReadTogether();
        var kept = await database.Open(Ct);
        await shared.DisposeAsync();
        Assert.Equal(1, await kept.Number("select 1", Ct));
        await kept.DisposeAsync();
        Assert.Equal(System.Data.ConnectionState.Closed, kept.State);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    private static Task<long> Temporary(System.Data.Common.DbConnection connection) => connection.Number("select count(*) from sqlite_temp_master", Ct);
}
