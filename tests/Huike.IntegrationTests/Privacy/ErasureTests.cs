using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Privacy;

public sealed class ErasureTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task An_erased_person_is_nowhere_any_more_and_the_sales_stay(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        var before = await Persons.Sweep(app, Persons.Words);
        Assert.All(Persons.Words.Except(["erase me please"]), word => Assert.Contains(before, place => place.EndsWith(": " + word, StringComparison.Ordinal)));
        var neighbours = (await Persons.Sweep(app, "李雷")).Where(place => !place.StartsWith("upload-", StringComparison.Ordinal)).ToList();
        await Persons.Erase(visitor);
        Assert.Equal([], await Persons.Sweep(app, Persons.Words));
        Assert.Equal(neighbours, await Persons.Sweep(app, "李雷"));
        Assert.Equal((2, 299_000), (await app.Number("select count(*) from customers_transaction where customer_id = 1"), await app.Number("select sum(amount) from customers_transaction where customer_id = 1")));
        foreach (var search in new[] { "欧阳", "ouyang", "5432", "1212" }) { Assert.Equal("{\"total\":0", (await visitor.Text("/api/customers?q=" + Uri.EscapeDataString(search)))[..10]); }
        Assert.Contains("\"total\":1", await visitor.Text("/api/customers?q=K1"), StringComparison.Ordinal);
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
        var page = (await visitor.Page("/customers/1")).Body!.TextContent;
        Assert.Contains("Erased customer K1", page, StringComparison.Ordinal);
        Assert.Contains("was erased on", page, StringComparison.Ordinal);
        Assert.Null((await visitor.Page("/customers/1")).QuerySelector("[data-edit], [data-open=add-step], [data-open=pin-stage]"));
        Assert.DoesNotContain(Persons.Words, word => page.Contains(word, StringComparison.Ordinal));
        await app.Tamper("update platform_audit set actor = 'x' where erased_by is not null and id = (select min(id) from platform_audit where erased_by is not null)");
        Assert.Equal(AuditFault.Changed, (await app.Verify()).Fault);
    }

    [Fact]
    public async Task The_night_after_nothing_is_left_in_the_databases_own_file()
    {
        await using var database = await TestDatabase.Migrated(DatabaseKind.Sqlite);
        await using (var app = await HuikeApp.On(database))
        {
            await Persons.Known(app);
            using var visitor = await app.Administrator();
            await Persons.Erase(visitor);
            app.Clock.Advance(TimeSpan.FromDays(2));
            await Persons.Retain(app);
            Assert.Equal(0, await app.Number("select count(*) from customers_erasure where swept_at is null"));
            SqliteConnection.ClearAllPools();
        }
        foreach (var path in Directory.EnumerateFiles(database.Folder, "*", SearchOption.AllDirectories))
        {
            var bytes = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path, Ct));
            foreach (var word in Persons.Words) { Assert.False(bytes.Contains(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(word)), StringComparison.Ordinal), $"{word} in {Path.GetFileName(path)}"); }
        }
    }

    [Theory, OnBothDatabases]
    public async Task The_dry_run_tells_what_then_happens_and_does_none_of_it(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        var request = await Persons.Asks(visitor, "deletion");
        var entries = await app.Count();
        var page = await visitor.Page(request + "/erasure");
        var lines = page.QuerySelectorAll("tbody tr").Select(row => string.Join('|', row.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()))).ToList();
        Assert.Contains("Notes|1|Erased", lines);
        Assert.Contains(lines, line => line.StartsWith("Transactions|2|Stays by law, without a name until ", StringComparison.Ordinal) && line.Contains("2054", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Files of loads, refused rows|3|", StringComparison.Ordinal));
        Assert.Equal(entries, await app.Count());
        using var unsure = await visitor.Submit(request + "/erasure", request + "/erasure");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unsure.StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from customers_erasure"));
        using var erased = await visitor.Submit(request + "/erasure", request + "/erasure", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.Redirect, erased.StatusCode);
        var told = Assert.Single(await app.Entries("customer.erased"));
        foreach (var part in new[] { """{"field":"cause","old":null,"new":"request"}""", """{"field":"notes","old":null,"new":"1"}""", """{"field":"files","old":null,"new":"3"}""" }) { Assert.Contains(part, told, StringComparison.Ordinal); }
        // Once more does nothing: the request is closed, and nobody is left to ask for another.
        using var again = await visitor.Submit("/customers/new", request + "/erasure", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, again.StatusCode);
        Assert.Single(await app.Entries("customer.erased"));
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_is_erased_before_it_is_known_who_asks(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        var request = await Persons.Asks(visitor, "deletion", identity: "none");
        using var refused = await visitor.Submit(request, request + "/erasure", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("Check the identity first", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var copy = await visitor.Submit(await Persons.Asks(visitor, "copy"), (await Persons.Asks(visitor, "copy")) + "/erasure", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, copy.StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from customers_erasure"));
    }

    [Theory, OnBothDatabases]
    public async Task A_load_brings_nobody_back_and_lines_go_to_the_customer_without_a_name(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "name,phone\nHan Meimei,13611112222\n");
        Assert.Equal(1, await app.Number("select count(*) from customers_customer where number = '+8613611112222'"));
        await Persons.Erase(visitor);
        await Persons.Erase(visitor, "+8613611112222");
        Assert.Equal(1, await app.Number("select count(*) from customers_customer where number = 'E0000003' and name = ''"));
        var loaded = await Given.Customers(app, "number,name,phone\nK1,欧阳晓鸥,13812121212\nK2,李雷,13700137001\n,Han Meimei,13611112222\n");
        Assert.Equal((2, 1), (loaded.GetProperty("refused").GetInt32(), loaded.GetProperty("changed").GetInt32()));
        Assert.Contains("erased on request", loaded.GetProperty("refusedSample")[0].GetProperty("Reason").GetString(), StringComparison.Ordinal);
        await Given.Ledger(app, "customer,name,date,document,amount\nK1,欧阳晓鸥,2024-05-05,B1,5.00\n+8613611112222,Han Meimei,2024-05-06,B2,6.00\n");
        Assert.Equal((3, 1), (await app.Number("select count(*) from customers_transaction where customer_id = 1"), await app.Number("select count(*) from customers_transaction where customer_id = 3")));
        Assert.Equal(0, await app.Number("select count(*) from customers_customer where name in ('欧阳晓鸥', 'Han Meimei') or phone in ('+8613812121212', '+8613611112222') or number like '+86%'"));
        Assert.Equal(3, await app.Number("select count(*) from customers_customer"));
    }

    [Theory, OnBothDatabases]
    public async Task Nothing_personal_is_written_on_an_erased_file_by_hand(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        await Persons.Erase(visitor);
        var version = await app.Number("select version from customers_customer where id = 1");
        foreach (var (action, fields) in new (string, (string, string)[])[]
        {
            ("/customers/1/notes", [("body", "she called")]), ("/customers/1/next-steps", [("what", "visit"), ("due", "2030-06-01")]), ("/customers/1/stage-pin", [("stage", "advocate"), ("reason", "x"), ("until", "2030-12-31")]),
            ("/customers/1/consents", [("purpose", "marketing"), ("channel", "all"), ("way", "call")]), ("/customers/1/edit", [("version", $"{version}"), ("name", "欧阳晓鸥"), ("kind", "person")]),
            ("/admin/privacy/requests/new", [("customer", "K1"), ("kind", "copy"), ("channel", "phone"), ("identity", "none")]),
        })
        {
            using var refused = await Persons.Form(visitor, "/customers/new", action, fields);
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{action} answered {(int)refused.StatusCode}");
        }
        using var edit = await visitor.Get("/customers/1/edit");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, edit.StatusCode);
        Assert.Equal([], await Persons.Sweep(app, Persons.Words));
    }

    [Theory, OnBothDatabases]
    public async Task After_a_backup_was_restored_the_verb_erases_again(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Migrated(kind);
        await using var app = await HuikeApp.On(database);
        await Persons.Known(app);
        using var visitor = await app.Administrator();
        await using (var connection = await app.Database.Open(Ct)) { await connection.Run("create table backup_customer as select * from customers_customer; create table backup_note as select * from customers_note", Ct); }
        await Persons.Erase(visitor);
        await Persons.Erase(visitor, "K2");
        Assert.DoesNotContain("K1", await File.ReadAllTextAsync(Path.Combine(database.Folder, "erasures.jsonl"), Ct), StringComparison.Ordinal);
        Assert.Equal((2, 0, 2, 0), await Replay(database));
        // The backup: K1 is there again; the id of K2 has somebody else's number by now.
        await using (var connection = await app.Database.Open(Ct))
        {
            await connection.Run("""
                delete from customers_erasure; insert into customers_note select * from backup_note;
                update customers_customer set name = (select name from backup_customer b where b.id = customers_customer.id), phone = (select phone from backup_customer b where b.id = customers_customer.id);
                update customers_customer set number = 'K9' where id = 2; drop table backup_customer; drop table backup_note
                """, Ct);
        }
        Assert.NotEqual([], await Persons.Sweep(app, "欧阳晓鸥", "call her in May"));
        Assert.Equal((2, 1, 0, 1), await Replay(database));
        Assert.Equal([], await Persons.Sweep(app, Persons.Words));
        Assert.Equal("李雷", await Name(app, 2));
        Assert.Equal((2, 0, 1, 1), await Replay(database));
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
    }

    [Theory, OnBothDatabases]
    public async Task Of_every_table_with_customers_somebody_says_what_an_erasure_does(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await using var connection = await app.Database.Open(Ct);
        var tables = await connection.Rows(kind == DatabaseKind.Sqlite
            ? "select m.name from sqlite_schema m where m.type = 'table' and exists (select 1 from pragma_table_info(m.name) c where c.name = 'customer_id')"
            : "select c.table_name from information_schema.columns c join information_schema.tables t on t.table_name = c.table_name and t.table_type = 'BASE TABLE' where c.table_schema = 'public' and c.column_name = 'customer_id'", row => row.GetString(0), Ct);
        var said = app.Services.GetServices<PersonalRecords>().Select(records => records.Table.Split(' ')[0]);
        // Written by the erasure itself.
        Assert.Equal([], tables.Except(said).Except(["customers_search", "customers_erasure"]));
    }

    private static async Task<string?> Name(HuikeApp app, long id)
    {
        await using var connection = await app.Database.Open(Ct);
        return await connection.First("select name from customers_customer where id = @id", row => row.GetString(0), Ct, ("id", id));
    }

    private static async Task<(int, int, int, int)> Replay(TestDatabase database)
    {
        using var program = new Process { StartInfo = new("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true } };
        foreach (var word in (string[])[Path.Combine(AppContext.BaseDirectory, "Huike.Web.dll"), "privacy", "replay", "--json", .. database.Words]) { program.StartInfo.ArgumentList.Add(word); }
        Assert.True(program.Start());
        var errors = program.StandardError.ReadToEndAsync(Ct);
        var output = await program.StandardOutput.ReadToEndAsync(Ct);
        await program.WaitForExitAsync(Ct);
        Assert.True(program.ExitCode == 0, await errors);
        var told = JsonElement.Parse(output);
        int Number(string name) => told.GetProperty(name).GetInt32();
        return (Number("listed"), Number("done"), Number("standing"), Number("absent"));
    }
}
