using Huike.Platform.Data;
using Xunit;

namespace Huike.UnitTests.Platform;

/// <summary>Connection strings of every kind that operators write are taken.</summary>
public sealed class DatabaseTests
{
    [Theory]
    [InlineData("Host=one.example;Username=huike")]
    [InlineData("Host=one.example,two.example;Username=huike;Target Session Attributes=primary")]
    [InlineData("Host=one.example;Username=huike;Pooling=false")]
    [InlineData("Host=one.example;Username=huike;Minimum Pool Size=20;Maximum Pool Size=40")]
    public async Task A_connection_string_makes_a_database(string connection)
    {
        var folder = Directory.CreateTempSubdirectory("huike-test-").FullName;
        await using (var database = new Database(new() { Provider = "postgres", ConnectionString = connection, DataFolder = folder })) { Assert.Equal(DatabaseKind.Postgres, database.Kind); }
        Directory.Delete(folder, recursive: true);
    }
}
