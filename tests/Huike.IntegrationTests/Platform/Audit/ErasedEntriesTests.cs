using System.Data.Common;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Audit;

/// <summary>Values may go from the audit, by the one way that tells of it.</summary>
public sealed class ErasedEntriesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Values_of_one_record_go_and_the_chain_holds(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.Write(5);
        await app.Services.GetRequiredService<AuditLog>().Write(new AuditEntry("export.begun") { Kind = "test", Changes = [AuditChange.Is("filter", "q=张3&x=1")] }, Ct);
        Assert.Equal(2, await Erase(app, 3, "张3"));
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
        Assert.Equal(7, (await app.Verify()).Whole);
        Assert.Equal(2, await app.Number("select count(*) from platform_audit where changes = '[]' and salt = '' and erased_by = 7"));
        Assert.Equal(0, await app.Number("select count(*) from platform_audit where changes like '%张3%'"));
        Assert.Equal(1, await app.Number("select count(*) from platform_audit where changes like '%张4%'"));
        // Nothing is left to erase, and nothing is told then.
        Assert.Equal(0, await Erase(app, 3, "张3"));
        Assert.Equal(7, (await app.Verify()).Whole);
        await app.Write(1);
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
    }

    [Theory, OnBothDatabases]
    public async Task Entries_from_before_there_were_digests_hold_by_the_old_rule_and_can_be_erased(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.Write(4);
        await Aged(app);
        Assert.Equal((4, AuditFault.None), (await app.Verify() is var old ? old.Whole : 0, old.Fault));
        await app.Write(1);
        Assert.Equal(1, await Erase(app, 2));
        Assert.Equal((6, AuditFault.None), (await app.Verify() is var erased ? erased.Whole : 0, erased.Fault));
        await app.Tamper("update platform_audit set actor = 'x' where id = 3");
        Assert.Equal((2, AuditFault.Changed), (await app.Verify() is var tampered ? tampered.Whole : 0, tampered.Fault));
    }

    [Theory, OnBothDatabases]
    public async Task The_database_refuses_every_other_change_also_one_that_looks_like_an_erasure(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.Write(5);
        await Erase(app, 3);
        await using var connection = await app.Database.Open(Ct);
        const string emptied = "update platform_audit set changes = '[]', reason = '', salt = ''";
        string[] attempts =
        [
            $"{emptied}, erased_by = 6 where id = 2", $"{emptied}, erased_by = 4 where id = 2", $"{emptied} where id = 2", $"{emptied}, erased_by = 6, actor = 'x' where id = 4", $"{emptied}, erased_by = 7 where id = 6",
            "update platform_audit set changes = '[1]' where id = 4", "update platform_audit set erased_by = null where id = 4", "delete from platform_audit where id = 4", "update platform_audit set erased_by = 6 where id = 1",
        ];
        foreach (var attempt in attempts) { await Assert.ThrowsAnyAsync<DbException>(() => connection.Run(attempt, Ct)); }
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_goes_round_the_triggers_is_found(DatabaseKind kind)
    {
        (string Done, long Whole)[] cases =
        [
            // Emptied without an entry that says so, or by one that says it of another.
            ("update platform_audit set changes = '[]', reason = '', salt = '', erased_by = 6 where id = 2", 1),
            ("update platform_audit set changes = '[]', reason = '', salt = '', erased_by = 5 where id = 1", 0),
            // What is left of an erased one.
            ("update platform_audit set actor = 'x' where id = 4", 3), ("update platform_audit set digest = 'x' where id = 4", 3), ("update platform_audit set changes = '[1]' where id = 4", 3),
            ("update platform_audit set erased_by = null where id = 4", 3), ("update platform_audit set reason = 'x' where id = 4", 3),
            // Words and salt of one that stands; the erasure itself.
            ("update platform_audit set salt = 'x' where id = 1", 0), ("update platform_audit set changes = '[]' where id = 6", 5), ("update platform_audit set changes = '[]', reason = '', salt = '', erased_by = 7 where id = 6", 3),
        ];
        foreach (var (done, whole) in cases)
        {
            await using var app = await HuikeApp.Start(kind);
            await app.Write(5);
            await Erase(app, 3);
            await app.Write(1);
            Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
            await app.Tamper(done);
            var verdict = await app.Verify();
            Assert.True((whole, AuditFault.Changed) == (verdict.Whole, verdict.Fault), $"{done}: {verdict}");
        }
    }

    [Theory, OnBothDatabases]
    public async Task The_page_of_an_erased_entry_says_so_and_leads_to_the_erasure(DatabaseKind kind)
    {
        await using var app = await Audits.WithOneCustomer(kind);
        using var visitor = await app.Administrator();
        await app.Write(1);
        var id = await app.Number("select max(id) from platform_audit");
        await Erase(app, 0);
        var page = await visitor.Page($"/admin/audit/{id}");
        Assert.NotNull(page.QuerySelector($"a[href='/admin/audit/{id + 1}']"));
        Assert.DoesNotContain("张0", page.Body!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<int> Erase(HuikeApp app, long record, params string[] words)
    {
        using var turn = await app.Database.WriteTurn(Ct);
        await using var connection = await app.Database.Open(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        var erased = await app.Services.GetRequiredService<EraseEntries>().Run(connection, "test", record, words, Ct);
        await transaction.CommitAsync(Ct);
        return erased;
    }

    /// <summary>Makes the entries what they were before there were digests.</summary>
    private static async Task Aged(HuikeApp app)
    {
        await using var connection = await app.Database.Open(Ct);
        var rows = await connection.Rows($"select {AuditRow.Columns} from platform_audit order by id", AuditRow.Map, Ct);
        var trigger = app.Database.Kind == DatabaseKind.Sqlite ? await connection.First("select sql from sqlite_schema where name = 'platform_audit_unchanged'", row => row.GetString(0), Ct) : null;
        await connection.Run(trigger is null ? "alter table platform_audit disable trigger platform_audit_unchanged" : "drop trigger platform_audit_unchanged", Ct);
        var hash = "";
        foreach (var (row, _) in rows)
        {
            var old = row with { Salt = "", Digest = "", Previous = hash };
            hash = old.Hash();
            await connection.Run("update platform_audit set salt = '', digest = '', previous_hash = @previous, hash = @hash where id = @id", Ct, ("previous", old.Previous), ("hash", hash), ("id", row.Id));
        }
        await connection.Run("update platform_audit_head set hash = @hash", Ct, ("hash", hash));
        await connection.Run(trigger ?? "alter table platform_audit enable trigger platform_audit_unchanged", Ct);
    }
}
