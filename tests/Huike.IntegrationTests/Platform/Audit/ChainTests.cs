using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Audit;

public sealed class ChainTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Writers_at_once_make_one_chain_without_gaps(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        Assert.Equal(new(0, "", AuditFault.None), await app.Verify());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => app.Write(25))));
        var verdict = await app.Verify();
        Assert.Equal((200, AuditFault.None), (verdict.Whole, verdict.Fault));
        Assert.Equal(200, await app.Number("select max(id) from platform_audit"));
    }

    [Theory, OnBothDatabases]
    public async Task Writers_go_on_while_the_chain_is_walked_over_several_batches(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await using (var connection = await app.Database.Open(Ct))
        {
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            for (var i = 0; i < 4_001; i++) { await app.Services.GetRequiredService<AuditLog>().Write(connection, new("test.done"), Ct); }
            await transaction.CommitAsync(Ct);
        }
        var writing = Task.Run(() => app.Write(50), Ct);
        while (!writing.IsCompleted)
        {
            var verdict = await app.Verify();
            Assert.Equal(AuditFault.None, verdict.Fault);
            Assert.InRange(verdict.Whole, 4_001, 4_051);
        }
        await writing;
        Assert.Equal(4_051, (await app.Verify()).Whole);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_rolled_back_leaves_neither_entry_nor_gap(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.Write(2);
        await using (var connection = await app.Database.Open(Ct))
        {
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            await app.Services.GetRequiredService<AuditLog>().Write(connection, new("test.undone"), Ct);
        }
        await app.Write(1);
        Assert.Equal((3, AuditFault.None), (await app.Verify() is var verdict ? verdict.Whole : 0, verdict.Fault));
        Assert.Empty(await app.Entries("test.undone"));
    }

    [Theory, OnBothDatabases]
    public async Task The_database_itself_refuses_to_change_or_remove_an_entry(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.Write(3);
        await using var connection = await app.Database.Open(Ct);
        string[] attempts = ["update platform_audit set actor = 'x' where id = 2", "delete from platform_audit where id = 2", "delete from platform_audit_head"];
        foreach (var attempt in kind == DatabaseKind.Postgres ? [.. attempts, "truncate platform_audit"] : attempts)
        {
            await Assert.ThrowsAnyAsync<DbException>(() => connection.Run(attempt, Ct));
        }
        Assert.Equal(new(3, (await app.Verify()).Hash, AuditFault.None), await app.Verify());
    }

    [Theory, OnBothDatabases]
    public async Task The_first_broken_place_is_named_whatever_was_done_to_it(DatabaseKind kind)
    {
        const string copied = "at, actor, address, action, record_kind, record_id, changes, reason, previous_hash, hash";
        (string Done, long Whole, AuditFault Fault)[] cases =
        [
            ("update platform_audit set changes = '[]' where id = 4", 3, AuditFault.Changed),
            ("update platform_audit set actor = 'x' where id = 1", 0, AuditFault.Changed),
            ("update platform_audit set record_id = 9 where id = 7", 6, AuditFault.Changed),
            ("delete from platform_audit where id = 4", 3, AuditFault.Missing),
            ("delete from platform_audit where id = 1", 0, AuditFault.Missing),
            ("delete from platform_audit where id > 5", 5, AuditFault.Missing),
            ("delete from platform_audit", 0, AuditFault.Missing),
            ($"insert into platform_audit (id, {copied}) select 8, {copied} from platform_audit where id = 7", 7, AuditFault.Changed),
            ($"insert into platform_audit (id, {copied}) select 0, {copied} from platform_audit where id = 7", 0, AuditFault.Extra),
            ("update platform_audit_head set hash = ''", 7, AuditFault.Rewritten),
        ];
        foreach (var (done, whole, fault) in cases)
        {
            await using var app = await HuikeApp.Start(kind);
            await app.Write(7);
            await app.Tamper(done);
            var verdict = await app.Verify();
            Assert.True((whole, fault) == (verdict.Whole, verdict.Fault), $"{done}: {verdict}");
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_chain_that_was_written_anew_is_told_from_one_that_was_noted(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.Write(5);
        var noted = await app.Verify();
        await app.Tamper("delete from platform_audit where id > 2", "update platform_audit_head set id = 2, hash = (select hash from platform_audit where id = 2)");
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
        Assert.Equal((2, AuditFault.Missing), (await app.Verify((noted.Whole, noted.Hash)) is var shorter ? shorter.Whole : 0, shorter.Fault));
        await app.Write(3);
        Assert.Equal((4, AuditFault.Rewritten), (await app.Verify((noted.Whole, noted.Hash)) is var anew ? anew.Whole : 0, anew.Fault));
    }

    [Theory, OnBothDatabases]
    public async Task The_verb_says_so_by_words_by_JSON_and_by_its_exit_code(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Migrated(kind);
        await using var app = await HuikeApp.On(database);
        await app.Write(6);
        var (code, json) = await Verb(database, "--json");
        var whole = JsonElement.Parse(json);
        Assert.Equal((0, 6, JsonValueKind.Null), (code, whole.GetProperty("whole").GetInt64(), whole.GetProperty("brokenAt").ValueKind));
        var head = whole.GetProperty("head").GetString()!;
        Assert.Equal(0, (await Verb(database, "--head", head)).Code);
        Assert.Equal(2, (await Verb(database, "--head", "6:x")).Code);
        await app.Tamper("update platform_audit set reason = 'x' where id = 3");
        var (broken, words) = await Verb(database);
        Assert.Equal((1, true), (broken, words.Contains('3', StringComparison.Ordinal)));
        var told = JsonElement.Parse((await Verb(database, "--json")).Output);
        Assert.Equal((2, 3, "changed"), (told.GetProperty("whole").GetInt64(), told.GetProperty("brokenAt").GetInt64(), told.GetProperty("fault").GetString()));
    }

    private static async Task<(int Code, string Output)> Verb(TestDatabase database, params string[] words)
    {
        using var program = new Process { StartInfo = new("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true } };
        foreach (var word in (string[])[Path.Combine(AppContext.BaseDirectory, "Huike.Web.dll"), "audit", "verify", .. words, .. database.Words]) { program.StartInfo.ArgumentList.Add(word); }
        Assert.True(program.Start());
        var errors = program.StandardError.ReadToEndAsync(Ct);
        var output = await program.StandardOutput.ReadToEndAsync(Ct);
        await program.WaitForExitAsync(Ct);
        await errors;
        return (program.ExitCode, output);
    }
}
