using Huike.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Data;

/// <summary>The SQL files are written by hand; here they meet the model that Entity Framework believes in.</summary>
public sealed class SchemaTests
{
    [Theory, OnBothDatabases]
    public async Task Every_entitys_table_has_exactly_its_columns_with_the_same_nullability(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var faults = await app.In(async services =>
        {
            var found = new List<string>();
            foreach (var entity in services.GetRequiredService<HuikeDb>().Model.GetEntityTypes().Where(entity => entity.GetTableName() is not null))
            {
                found.AddRange(Differences(entity, await Columns(app, entity.GetTableName()!)));
            }
            return found;
        });
        Assert.Equal([], faults);
    }

    [Theory, OnBothDatabases]
    public async Task Every_table_is_named_after_its_module(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await using var connection = await app.Database.Open(TestContext.Current.CancellationToken);
        var tables = await connection.Rows(kind == DatabaseKind.Sqlite
            ? "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
            : "select table_name from information_schema.tables where table_schema = 'public'", row => row.GetString(0), TestContext.Current.CancellationToken);
        Assert.All(tables.Except(["schema_version"]), table => Assert.Matches("^(platform|customers|analytics)_[a-z_]+$", table));
    }

    private static IEnumerable<string> Differences(IEntityType entity, Dictionary<string, bool> actual)
    {
        var table = entity.GetTableName();
        var expected = entity.GetProperties().ToDictionary(property => property.GetColumnName(), property => property.IsColumnNullable());
        foreach (var column in expected.Keys.Union(actual.Keys))
        {
            if (!actual.TryGetValue(column, out var nullable)) { yield return $"{table}.{column} is missing in the SQL files"; }
            else if (!expected.TryGetValue(column, out var optional)) { yield return $"{table}.{column} is unknown to the model"; }
            else if (nullable != optional) { yield return $"{table}.{column} is {(nullable ? "nullable" : "not null")} in the SQL files only"; }
        }
    }

    /// <returns>Column → whether it may be null.</returns>
    private static async Task<Dictionary<string, bool>> Columns(HuikeApp app, string table)
    {
        await using var connection = await app.Database.Open(TestContext.Current.CancellationToken);
        var columns = app.Database.Kind == DatabaseKind.Sqlite
            ? await connection.Rows("""select name, "notnull" = 0 and pk = 0 from pragma_table_info(@table)""", row => (Name: row.GetString(0), Nullable: row.GetInt64(1) == 1), TestContext.Current.CancellationToken, ("table", table))
            : await connection.Rows("select column_name, is_nullable = 'YES' from information_schema.columns where table_schema = 'public' and table_name = @table",
                row => (Name: row.GetString(0), Nullable: row.GetBoolean(1)), TestContext.Current.CancellationToken, ("table", table));
        return columns.ToDictionary(column => column.Name, column => column.Nullable);
    }
}
