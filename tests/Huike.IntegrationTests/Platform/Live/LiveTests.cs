using System.Net;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Live;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Live;

public sealed class LiveTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_page_hears_of_its_record_without_any_value_and_of_no_other(DatabaseKind kind)
    {
        await using var app = await WithCustomers(kind);
        using var visitor = await app.Administrator();
        using var stream = await OpenStream.Of(app, visitor, "watch=customers/1");
        Assert.Equal("hello {}", await stream.Next());
        await Note(visitor, 2);
        await Note(visitor, 1);
        Assert.Equal("""change {"topic":"customers/1","kind":"customers.noted","id":2}""", await stream.Next());
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_see_the_record_hears_nothing_of_it(DatabaseKind kind)
    {
        await using var app = await WithCustomers(kind);
        using var administrator = await app.Administrator();
        var owner = await app.AddUserWith("anna", 1, Own());
        await app.AddUserWith("ben", 1, Own());
        await app.Number($"update customers_customer set owner_id = {owner} where id = 1");
        using var anna = await app.As("anna");
        using var ben = await app.As("ben");
        using var hers = await OpenStream.Of(app, anna, "watch=customers/1&watch=customers/2");
        using var his = await OpenStream.Of(app, ben, "watch=customers/1&watch=customers/2");
        Assert.Equal("hello {}", await hers.Next());
        Assert.Equal("hello {}", await his.Next());
        await Note(administrator, 1);
        Assert.StartsWith("""change {"topic":"customers/1",""", await hers.Next(), StringComparison.Ordinal);
        using var given = await administrator.Submit("/customers/2", "/customers/2/owner", ("owner", "ben"));
        // The first thing that he hears is of his own.
        Assert.Equal("""change {"topic":"customers/2","kind":"customers.assigned","id":2}""", await his.Next());
    }

    [Theory, OnBothDatabases]
    public async Task A_stream_goes_on_where_it_was_cut_off(DatabaseKind kind)
    {
        await using var app = await WithCustomers(kind);
        using var visitor = await app.Administrator();
        string last;
        using (var before = await OpenStream.Of(app, visitor, "watch=customers/1"))
        {
            await before.Next();
            await Note(visitor, 1);
            await before.Next();
            last = before.LastId;
        }
        await Note(visitor, 1);
        await Note(visitor, 2);
        await Note(visitor, 1);
        using var after = await OpenStream.Of(app, visitor, "watch=customers/1", last);
        var heard = new List<string?>();
        while (heard.LastOrDefault() != "hello {}") { heard.Add(await after.Next()); }
        Assert.Contains("""change {"topic":"customers/1","kind":"customers.noted","id":2}""", heard);
        Assert.Contains("""change {"topic":"customers/1","kind":"customers.noted","id":4}""", heard);
        Assert.DoesNotContain(heard, one => one!.Contains("customers/2", StringComparison.Ordinal));
    }

    /// <summary>On PostgreSQL alone: SQLite has one writer, whose commits come in the order of the ids.</summary>
    [Fact]
    public async Task A_change_that_commits_after_a_later_one_is_not_skipped()
    {
        Assert.SkipWhen(TestDatabase.Server is null, "no PostgreSQL: HUIKE_TEST_POSTGRES is not set (./test sets it)");
        await using var app = await WithCustomers(DatabaseKind.Postgres);
        using var visitor = await app.Administrator();
        string last;
        await using var late = await app.Database.Open(Ct);
        await using var transaction = await late.BeginTransactionAsync(Ct);
        await app.Services.GetRequiredService<EventLog>().Raise(late, new CustomerNoted(1), Ct);
        using (var before = await OpenStream.Of(app, visitor, "watch=customers/1&watch=customers/2"))
        {
            await before.Next();
            await Note(visitor, 2);
            Assert.StartsWith("""change {"topic":"customers/2",""", await before.Next(), StringComparison.Ordinal);
            last = before.LastId;
        }
        await transaction.CommitAsync(Ct);
        using var after = await OpenStream.Of(app, visitor, "watch=customers/1", last);
        Assert.Equal("""change {"topic":"customers/1","kind":"customers.noted","id":1}""", await after.Next());
    }

    [Theory, OnBothDatabases]
    public async Task Who_was_away_for_longer_than_things_are_kept_is_told_to_look_anew(DatabaseKind kind)
    {
        await using var app = await WithCustomers(kind);
        using var visitor = await app.Administrator();
        await Note(visitor, 1);
        await Note(visitor, 1);
        await app.Number("delete from platform_event where id = 1");
        foreach (var last in (string[])["0", "9000000000000000", "x"])
        {
            using var stream = await OpenStream.Of(app, visitor, "watch=customers/1", last);
            var heard = await stream.Next();
            // The news of the last note may be on their way still.
            while (heard!.StartsWith("change", StringComparison.Ordinal)) { heard = await stream.Next(); }
            Assert.Equal("reset {}", heard);
        }
    }

    [Fact]
    public async Task A_change_on_one_node_is_heard_on_the_other()
    {
        Assert.SkipWhen(TestDatabase.Server is null, "no PostgreSQL: HUIKE_TEST_POSTGRES is not set (./test sets it)");
        await using var database = await TestDatabase.Migrated(DatabaseKind.Postgres);
        await using var here = await HuikeApp.On(database);
        await using var there = await HuikeApp.On(database);
        await Given.Customers(here, "number,name\nK1,张三\n");
        using var visitor = await here.Administrator();
        using var other = await there.Administrator();
        using var stream = await OpenStream.Of(there, other, "watch=customers/1&watch=jobs");
        Assert.Equal("hello {}", await stream.Next());
        await Note(visitor, 1);
        var heard = await stream.Next();
        while (heard == """change {"topic":"jobs"}""") { heard = await stream.Next(); }
        Assert.Equal("""change {"topic":"customers/1","kind":"customers.noted","id":1}""", heard);
    }

    [Theory, OnBothDatabases]
    public async Task A_stream_ends_with_its_session_its_permission_and_the_program(DatabaseKind kind)
    {
        await using var app = await WithCustomers(kind);
        var feed = app.Services.GetRequiredService<LiveFeed>();
        using var administrator = await app.Administrator();
        await app.AddUserWith("anna", 1, Own());
        using var anna = await app.As("anna");
        using var stream = await OpenStream.Of(app, anna, "watch=customers/1");
        await stream.Next();
        await feed.LookAtAll(Ct);
        await app.Number("delete from platform_user_role where role = 'test-anna'");
        await feed.LookAtAll(Ct);
        Assert.Null(await stream.Next());
        using var second = await OpenStream.Of(app, administrator, "watch=customers/1");
        await second.Next();
        using (var left = await administrator.Submit("/account", "/account/sessions/end", ("confirm", "true"))) { Assert.Equal(HttpStatusCode.Redirect, left.StatusCode); }
        await feed.LookAtAll(Ct);
        Assert.Null(await second.Next());
    }

    [Fact]
    public async Task What_cannot_be_watched_opens_nothing_and_nobody_opens_streams_without_end()
    {
        await using var app = await WithCustomers(DatabaseKind.Sqlite);
        using var visitor = await app.UserWith(CustomerPermissions.Read);
        foreach (var query in (string[])["", "watch=", "watch=jobs", "watch=job/1", "watch=customers", "watch=customers/x", "watch=customers/99999999999999999999", "watch=nothing/1", "watch=%00/1"])
        {
            using var none = await OpenStream.Of(app, visitor, query);
            Assert.Equal(HttpStatusCode.NoContent, none.Status);
        }
        var open = new List<OpenStream>();
        for (var i = 0; i < LiveFeed.MostOfUser; i++) { open.Add(await OpenStream.Of(app, visitor, "watch=customers/1")); }
        Assert.All(open, stream => Assert.Equal(HttpStatusCode.OK, stream.Status));
        using (var more = await OpenStream.Of(app, visitor, "watch=customers/1")) { Assert.Equal(HttpStatusCode.TooManyRequests, more.Status); }
        open.ForEach(stream => stream.Dispose());
    }

    private static RoleDefinition Own() => new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own }, new Dictionary<string, FieldAccess>());

    private static async Task<HuikeApp> WithCustomers(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name\nK1,张三\nK2,李四\n");
        return app;
    }

    private static async Task Note(Visitor visitor, long customer)
    {
        using var noted = await visitor.Submit($"/customers/{customer}", $"/customers/{customer}/notes", ("body", "a secret"), ("formKey", Guid.CreateVersion7().ToString("N")));
        Assert.Equal(HttpStatusCode.Redirect, noted.StatusCode);
    }
}
