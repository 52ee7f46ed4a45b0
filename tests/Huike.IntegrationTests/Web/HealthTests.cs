using System.Net;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Web;

public sealed class HealthTests
{
    [Theory, OnBothDatabases]
    public async Task A_program_that_runs_is_live_and_with_its_database_ready(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = app.Anonymous();
        Assert.Equal("live", await visitor.Text("/health/live"));
        Assert.Equal("ready", await visitor.Text("/health/ready"));
    }

    [Fact]
    public async Task Without_its_database_it_is_live_but_not_ready()
    {
        Assert.SkipWhen(TestDatabase.Server is null, "no PostgreSQL: HUIKE_TEST_POSTGRES is not set (./test sets it)");
        await using var app = await HuikeApp.Start(DatabaseKind.Postgres);
        using var visitor = app.Anonymous();
        await TestDatabase.TakeAway(app.Database);
        Assert.Equal("live", await visitor.Text("/health/live"));
        using var answer = await visitor.Raw(new(HttpMethod.Get, "/health/ready"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }
}
