using System.Globalization;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Notifications;

/// <summary>What users are told of today.</summary>
public sealed class NoticeSourcesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Of_one_customer_its_new_owner_is_told_by_name_and_of_many_by_their_number(DatabaseKind kind)
    {
        await using var app = await WithCustomers(kind, 60);
        using var administrator = await app.Administrator();
        await app.AddUser("anna", CustomerPermissions.Read);
        (await administrator.Submit("/customers/1", "/customers/1/owner", ("owner", "anna"))).Dispose();
        await Until(app, "select count(*) from platform_notice", 1);
        using var anna = await app.As("anna");
        Assert.Equal(["N1 was assigned to you"], await Told(anna));
        var many = JsonSerializer.Serialize(new { atomic = true, operations = Enumerable.Range(2, 59).Select(id => new { op = "assign", id, owner = "anna" }) });
        (await administrator.Json("POST", "/api/customers/bulk", many)).Dispose();
        await Until(app, "select max(things) from platform_notice", 60);
        Assert.Equal(["60 customers were assigned to you"], await Told(anna));
        // His own doing is no news to anyone.
        (await administrator.Submit("/customers/1", "/customers/1/owner", ("owner", "admin"))).Dispose();
        await Until(app, "select count(*) from platform_delivery where state = 0", 0);
        Assert.Equal(1, await app.Number("select count(*) from platform_notice"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_successor_a_deputy_and_whom_a_record_is_shared_with_are_told(DatabaseKind kind)
    {
        await using var app = await WithCustomers(kind, 3);
        using var administrator = await app.Administrator();
        var ben = await app.AddUser("ben");
        await app.AddUser("anna", CustomerPermissions.Read);
        await app.Number($"update customers_customer set owner_id = {ben}");
        using var anna = await app.As("anna");
        (await administrator.Submit("/customers/1", "/customers/1/shares", ("purpose", "service"), ("person", "anna"), ("reason", "holiday"))).Dispose();
        (await administrator.Submit("/customers/1", "/customers/1/shares", ("purpose", "service"), ("person", "anna"), ("reason", "longer"))).Dispose();
        (await administrator.Submit("/admin/deputies", "/admin/deputies", ("for", "ben"), ("deputy", "anna"), ("from", Day(0)), ("until", Day(2)))).Dispose();
        (await administrator.Submit($"/admin/users/{ben}/hand-over", $"/admin/users/{ben}/hand-over", ("to", "anna"))).Dispose();
        await Until(app, "select count(*) from platform_delivery where state = 0", 0);
        var told = await Told(anna);
        Assert.Equal(3, told.Count);
        Assert.Equal("3 records of ben were handed over to you", told[0]);
        Assert.StartsWith("You stand in for ben from ", told[1], StringComparison.Ordinal);
        Assert.Equal("N1 was shared with you", told[2]);
    }

    [Theory, OnBothDatabases]
    public async Task Each_morning_one_is_told_once_of_each_step_and_request_that_is_due(DatabaseKind kind)
    {
        await using var app = await WithCustomers(kind, 2);
        using var administrator = await app.Administrator();
        var anna = await app.AddUser("anna", CustomerPermissions.Read, CustomerPermissions.Edit);
        await app.Number($"update customers_customer set owner_id = {anna} where id = 2");
        using var visitor = await app.As("anna");
        foreach (var (customer, day) in new[] { (1, Day(0)), (1, Day(5)), (2, Day(0)) }) { (await visitor.Submit($"/customers/{customer}", $"/customers/{customer}/next-steps", ("what", "visit"), ("due", day), ("formKey", Guid.CreateVersion7().ToString("N")))).Dispose(); }
        // Who planned it left no account of that name: the owner is told.
        await app.Number("update customers_next_step set created_by = 'somebody' where customer_id = 2");
        (await administrator.Submit("/admin/privacy/requests/new", "/admin/privacy/requests/new", ("customer", "K1"), ("kind", "correction"), ("channel", "phone"), ("identity", "none"), ("received", Day(-13)), ("formKey", Guid.CreateVersion7().ToString("N")))).Dispose();
        for (var i = 0; i < 2; i++) { await Run(app, "customers.due"); }
        Assert.Equal((2, 1), (await app.Number($"select count(*) from platform_notice where user_id = {anna} and kind = 'customers.step-due'"), await app.Number("select count(*) from platform_notice where kind = 'privacy.request-due'")));
        Assert.StartsWith("Your next step with N2 is due: ", (await Told(visitor))[0], StringComparison.Ordinal);
        Assert.StartsWith("Request 1 about personal information has to be answered by ", Assert.Single(await Told(administrator)), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Who_began_a_load_is_told_how_it_ended(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await Given.Ledger(app, "customer,date,document,amount\nK1,2024-01-05,A1,10.00\n", load => load with { By = "admin" });
        await Until(app, "select count(*) from platform_notice where kind = 'customers.load-ended'", 1);
        (await administrator.Submit("/imports/1", "/imports/1/undoing", ("confirm", "true"))).Dispose();
        await Until(app, "select count(*) from platform_notice where kind = 'customers.load-ended'", 2);
        Assert.Equal(["Load 1 was undone", "Load 1 is done"], await Told(administrator));
    }

    private static async Task<HuikeApp> WithCustomers(DatabaseKind kind, int count)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name\n" + string.Concat(Enumerable.Range(1, count).Select(i => $"K{i},N{i}\n")));
        return app;
    }

    private static async Task<IReadOnlyList<string>> Told(Visitor visitor) => [.. (await visitor.Page("/notifications")).QuerySelectorAll(".notice-text").Select(text => text.TextContent)];

    private static string Day(int days) => TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task Run(HuikeApp app, string kind)
    {
        await app.Services.GetRequiredService<JobQueue>().Add(kind, "{}", "", thisMachineOnly: false, Ct);
        await Until(app, $"select count(*) from platform_job where kind = '{kind}' and state < 2", 0);
    }

    private static async Task Until(HuikeApp app, string sql, long count)
    {
        for (var i = 0; i < 400 && await app.Number(sql) != count; i++) { await Task.Delay(50, Ct); }
        Assert.Equal(count, await app.Number(sql));
    }
}
