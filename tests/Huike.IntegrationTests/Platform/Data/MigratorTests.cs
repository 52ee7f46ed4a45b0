using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Ui;
using Huike.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Data;

public sealed class MigratorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Programs_that_start_at_once_on_an_empty_database_apply_each_file_once(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Empty(kind);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            await using var app = HuikeHost.Build(database.Arguments, HuikeApp.Quiet);
            await app.Services.GetRequiredService<Migrator>().Run(Ct);
        }, Ct)));
        await using var started = await HuikeApp.On(database);
        var files = started.Services.GetRequiredService<Migrator>().Files();
        Assert.Equal(files.Count, await started.Number("select count(*) from schema_version"));
        Assert.Equal(files.Count, files.DistinctBy(file => file.Number).Count());
    }

    [Theory, OnBothDatabases]
    public async Task A_database_of_a_newer_program_is_refused_and_left_as_it_is(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var migrator = app.Services.GetRequiredService<Migrator>();
        await Change(app, "insert into schema_version (number, name, checksum, applied_at) values (9999, '9999_later.sql', 'x', 'x')");
        var refused = await Assert.ThrowsAsync<RuleException>(() => migrator.Run(Ct));
        Assert.Equal("database.newer", refused.Code);
        Assert.All(TextCatalog.Languages, language => Assert.Contains("9,999", TextCatalog.For(language)[refused.Code, [.. refused.Args]], StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task A_file_that_was_altered_after_it_was_applied_is_refused(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var migrator = app.Services.GetRequiredService<Migrator>();
        await Change(app, "update schema_version set checksum = 'other' where number = 1");
        var refused = await Assert.ThrowsAsync<RuleException>(() => migrator.Run(Ct));
        Assert.Equal("database.changed", refused.Code);
        Assert.All(TextCatalog.Languages, language => Assert.True(TextCatalog.For(language).Has(refused.Code)));
    }

    [Theory, OnBothDatabases]
    public async Task A_database_is_not_migrated_twice(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var before = await app.Number("select count(*) from schema_version");
        await app.Services.GetRequiredService<Migrator>().Run(Ct);
        Assert.Equal(before, await app.Number("select count(*) from schema_version"));
    }

    private static async Task Change(HuikeApp app, string sql)
    {
        await using var connection = await app.Database.Open(Ct);
        Assert.Equal(1, await connection.Run(sql, Ct));
    }
}
