using System.Net;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Audit;

/// <summary>What tests of the audit share.</summary>
internal static class Audits
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A firm with one customer, number 1.</summary>
    public static async Task<HuikeApp> WithOneCustomer(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name,phone\nK1,张三,13900139000\n");
        return app;
    }

    public static Task<long> Count(this HuikeApp app) => app.Number("select count(*) from platform_audit");

    /// <summary>Entries as <c>actor action kind record changes reason</c>, oldest first.</summary>
    public static async Task<List<string>> Entries(this HuikeApp app, string action)
    {
        await using var connection = await app.Database.Open(Ct);
        return await connection.Rows("select actor, action, record_kind, record_id, changes, reason from platform_audit where action = @action order by id",
            row => $"{row.GetString(0)} {row.GetString(1)} {row.GetString(2)} {row.GetInt64(3)} {row.GetString(4)} {row.GetString(5)}".TrimEnd(), Ct, ("action", action));
    }

    public static Task<AuditVerdict> Verify(this HuikeApp app, (long, string)? noted = null) => app.Services.GetRequiredService<AuditChain>().Verify(noted, Ct);

    /// <summary>Adds so many entries.</summary>
    public static async Task Write(this HuikeApp app, int entries)
    {
        for (var i = 0; i < entries; i++) { await app.Services.GetRequiredService<AuditLog>().Write(new AuditEntry("test.done") { Kind = "test", Record = i, Changes = [AuditChange.Is("name", $"张{i}")] }, Ct); }
    }

    /// <summary>What someone with the database's password can do: away with the triggers, then anything.</summary>
    public static async Task Tamper(this HuikeApp app, params string[] statements)
    {
        await using var connection = await app.Database.Open(Ct);
        string[] guards = app.Database.Kind == DatabaseKind.Sqlite
            ? ["drop trigger if exists platform_audit_unchanged", "drop trigger if exists platform_audit_kept"]
            : ["drop trigger if exists platform_audit_unchanged on platform_audit"];
        foreach (var statement in guards.Concat(statements)) { await connection.Run(statement, Ct); }
    }

    /// <summary>The answer to a write; one that crossed with work in the background is sent again, as its sender is told to.</summary>
    public static async Task<HttpResponseMessage> Answer(Func<Task<HttpResponseMessage>> send)
    {
        for (var left = 2; ; left--)
        {
            var answer = await send();
            if (left == 0 || answer.StatusCode != HttpStatusCode.Conflict || !(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Contains("please send it again", StringComparison.Ordinal)) { return answer; }
            answer.Dispose();
        }
    }
}
