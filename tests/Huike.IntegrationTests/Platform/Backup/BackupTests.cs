using System.Net;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Backup;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Backup;

/// <summary>What was backed up comes back, into either database, whole or not at all.</summary>
public sealed class BackupTests
{
    /// <summary>Tables that no test fills: what an hour of running makes, not what a person does.</summary>
    private static readonly string[] MayBeEmpty = ["analytics_change", "analytics_picture", "analytics_ranking"];

    private const string Living = "select min(c.id) from customers_customer c where not exists (select 1 from customers_erasure e where e.customer_id = c.id)";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Every_row_of_every_table_comes_back_in_either_database_and_the_program_goes_on_from_there(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Migrated(kind);
        await using (var app = await HuikeApp.On(database)) { await Fill(app); }
        var before = await Backups.Everything(database);
        var empty = before.Where(table => table.Value.Count == 0).Select(table => table.Key).Except(MayBeEmpty).ToList();
        Assert.True(empty.Count == 0, "empty: " + string.Join(", ", empty));
        var path = await Backups.Make(database);
        foreach (var target in Backups.Kinds)
        {
            await using var other = await TestDatabase.Empty(target);
            await Backups.Restore(other, path);
            var after = await Backups.Everything(other);
            var told = Assert.Single(after["platform_audit"].Except(before["platform_audit"]));
            Assert.Contains("action=backup.restored", told, StringComparison.Ordinal);
            after["platform_audit"].Remove(told);
            Assert.Equal(before.Keys, after.Keys);
            foreach (var (table, rows) in before) { Assert.True(rows.SequenceEqual(after[table]), $"{kind} → {target}: {table}"); }
            Assert.Equal(KeysOf(database), KeysOf(other));
            await GoesOn(other, before["customers_customer"].Count);
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_is_written_meanwhile_is_in_it_whole_or_not_at_all(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Migrated(kind);
        await using var app = await HuikeApp.On(database);
        using var visitor = await app.Administrator();
        (await visitor.Json("POST", "/api/customers", """{"name":"王芳"}""")).Dispose();
        await Given.Ledger(app, "customer,date,document,amount\n" + string.Concat(Enumerable.Range(1, 20_000).Select(i => $"K{i % 500},2024-01-05,A{i},10\n")));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !end.IsCancellationRequested; i++) { (await visitor.Json("POST", "/api/customers/1/notes", $$"""{"body":"note {{i}}"}""")).Dispose(); }
        }, Ct);
        var standings = app.Services.GetRequiredService<IStandings>();
        var replacing = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested) { await standings.ReplaceAll([], [], Ct); }
        }, Ct);
        var paths = new List<string>();
        for (var i = 0; i < 3; i++) { paths.Add(await Backups.Make(database)); }
        await end.CancelAsync();
        await Task.WhenAll(writing, replacing);
        foreach (var path in paths)
        {
            await using var other = await TestDatabase.Empty(kind);
            await Backups.Restore(other, path);
            await using var restored = await HuikeApp.On(other);
            Assert.Equal(AuditFault.None, (await restored.Verify()).Fault);
            Assert.Equal(await restored.Number("select count(*) from platform_audit where action = 'customer.noted'"), await restored.Number("select count(*) from customers_note"));
            Assert.Equal(20_000, await restored.Number("select count(*) from customers_transaction"));
            // Tables that take another's place all the while.
            Assert.Equal(await restored.Number("select count(*) from customers_customer"), await restored.Number("select count(*) from customers_standing"));
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_file_that_was_cut_off_or_changed_is_refused_and_leaves_the_database_as_it_was(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Migrated(kind);
        await using (var app = await HuikeApp.On(database))
        {
            using var visitor = await app.Administrator();
            await Given.Ledger(app, "customer,date,document,amount\n" + string.Concat(Enumerable.Range(1, 3_000).Select(i => $"K{i % 500},2024-01-05,A{i},{i}\n")));
        }
        var path = await Backups.Make(database);
        var whole = await File.ReadAllBytesAsync(path, Ct);
        var sound = await Read(path);
        var other = Path.Combine(database.Folder, "damaged.huike");
        foreach (var length in (int[])[0, 1, 100, whole.Length / 2, whole.Length - 100, whole.Length - 1])
        {
            await File.WriteAllBytesAsync(other, whole[..length], Ct);
            Assert.StartsWith("backup.damaged", await Read(other), StringComparison.Ordinal);
        }
        var refused = 0;
        for (var i = 0; i < 120; i++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[(int)((long)whole.Length * i / 120)] ^= 0x20;
            await File.WriteAllBytesAsync(other, bytes, Ct);
            var read = await Read(other);
            // Some bytes of a packed file say nothing, such as the time of an entry: what is read is the same then.
            Assert.True(read == sound || read.StartsWith("backup.damaged", StringComparison.Ordinal), read);
            refused += read == sound ? 0 : 1;
        }
        Assert.InRange(refused, 100, 120);
        await using var target = await TestDatabase.Empty(kind);
        await File.WriteAllBytesAsync(other, Changed(whole), Ct);
        Assert.Equal("backup.damaged", (await Assert.ThrowsAsync<RuleException>(() => Backups.Restore(target, other))).Code);
        await Backups.Restore(target, path);
        Assert.Equal("backup.notEmpty", (await Assert.ThrowsAsync<RuleException>(() => Backups.Restore(target, path))).Code);
    }

    [Theory, OnBothDatabases]
    public async Task An_older_backup_is_restored_in_its_own_schema_and_then_brought_up_to_date(DatabaseKind kind)
    {
        await using var old = await TestDatabase.Empty(kind);
        await using (var program = HuikeHost.Build(old.Arguments, HuikeApp.Quiet))
        {
            await using var connection = await program.Services.GetRequiredService<Database>().Open(Ct);
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            Assert.Equal(16, await program.Services.GetRequiredService<Migrator>().Apply(connection, 16, Ct));
            await connection.Run("insert into platform_user (user_name, normalized_user_name, email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count, display_name) values ('a', 'A', @no, @no, @no, @no, 0, 'a')", Ct, ("no", false));
            await connection.Run("insert into platform_token (user_id, name, token_hash, created_at, expires_at) values (1, 'old', 'h', @at, @at)", Ct, ("at", DateTimeOffset.UnixEpoch));
            await transaction.CommitAsync(Ct);
        }
        var path = await Backups.Make(old);
        await using var migrated = await TestDatabase.Migrated(kind);
        Assert.Equal("backup.ahead", (await Assert.ThrowsAsync<RuleException>(() => Backups.Restore(migrated, path))).Code);
        await using var target = await TestDatabase.Empty(kind);
        await Backups.Restore(target, path);
        await using var app = await HuikeApp.On(target);
        Assert.Equal(1, await app.Number("select count(*) from platform_token where scope = '*'"));
    }

    [Theory, OnBothDatabases]
    public async Task By_the_verbs_who_was_erased_since_stays_erased(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Migrated(kind);
        await using var app = await HuikeApp.On(database);
        using var visitor = await app.Administrator();
        (await visitor.Json("POST", "/api/customers", """{"name":"刘备"}""")).Dispose();
        var file = Backups.Fresh(database);
        var (made, told) = await Backups.Verb(database, "backup", file, "--json");
        Assert.True(made == 0, told);
        Assert.Equal((0, true), await Backups.Verb(database, "backup", "verify", file) is var (code, words) ? (code, words.Contains(file, StringComparison.Ordinal)) : default);
        Assert.Equal(2, (await Backups.Verb(database, "backup", file)).Code);
        using var asked = await visitor.Submit("/admin/privacy/requests/new", "/admin/privacy/requests/new", ("customer", await Number(app)), ("kind", "deletion"), ("channel", "phone"), ("identity", "document"), ("formKey", Guid.CreateVersion7().ToString("N")));
        using var erased = await visitor.Submit(asked.Headers.Location!.ToString(), asked.Headers.Location + "/erasure", ("confirm", "true"));
        Assert.Equal(1, await app.Number("select count(*) from customers_erasure"));
        await using var target = await TestDatabase.Empty(kind);
        var (done, json) = await Backups.Verb(target, "restore", file, "--erasures", Path.Combine(database.Folder, "erasures.jsonl"), "--json");
        Assert.True(done == 0, json);
        Assert.Equal(1, JsonElement.Parse(json.Split('\n')[0]).GetProperty("erased").GetInt32());
        await using var restored = await HuikeApp.On(target);
        Assert.Equal(0, await restored.Number("select count(*) from customers_customer where name = '刘备'"));
        Assert.Equal(AuditFault.None, (await restored.Verify()).Fault);
        Assert.Equal(2, (await Backups.Verb(target, "restore", file)).Code);
        Assert.Equal(2, (await Backups.Verb(target, "restore", file + ".gone")).Code);
    }

    private static Task<string> Number(HuikeApp app) => app.In(async services =>
    {
        await using var connection = await services.GetRequiredService<Database>().Open(Ct);
        return (await connection.First("select number from customers_customer where name = '刘备'", row => row.GetString(0), Ct))!;
    });

    /// <summary>All doors once, and a second of what was taken away again.</summary>
    private static async Task Fill(HuikeApp app)
    {
        await app.In(async services => { await services.GetRequiredService<IErasures>().Prepare(Ct); return 0; });
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name,phone\nK1,张三,13900139000\n");
        await EntriesTests.DoEverything(app);
        await app.AddUser("keeper", Permissions.All);
        await Given.Ledger(app, "customer,date,document,amount,product\n" + string.Concat(Enumerable.Range(1, 2_000).Select(i => $"B{i % 300},2024-01-05,A{i},-{i}.1234,P{i % 7}\n")));
        using var again = await app.As("keeper");
        using var added = await again.Json("POST", "/api/customers", """{"name":"诸葛亮"}""", ("Idempotency-Key", "one"));
        var (api, page) = (added.Headers.Location!.OriginalString, added.Headers.Location.OriginalString["/api".Length..]);
        foreach (var (verb, path, body) in new[] { ("POST", "/notes", """{"body":"called"}"""), ("POST", "/contact-points", """{"kind":"we-chat","value":"kong_ming"}"""), ("POST", "/next-steps", """{"what":"visit","due":"2030-01-31"}"""), ("POST", "/former-names", """{"name":"孔明"}"""), ("PUT", "/tags", """{"tags":["VIP"]}"""), ("POST", "/addresses", """{"text":"湖北省襄阳市襄城区隆中路1号"}"""), ("POST", "/invoice-titles", """{"name":"诸葛亮","kind":"person"}"""), ("POST", "/claims", """{"evidence":"met him first"}"""), ("POST", "/relations", $$"""{"relation":"influenced","other":{{await app.Number(Living)}},"since":"2020-01-31"}"""), ("POST", "/people", """{"name":"黄月英","phone":"13600136000","birthday":{"calendar":"lunar","month":4,"day":10}}"""), ("PUT", "/relationship", """{"type":"partnership","reason":"三顾茅庐"}"""), ("POST", "/bonds", """{"kind":"social","what":"同乡"}"""), ("POST", "/moments", """{"kind":"delight","what":"送扇子","tone":2}"""), ("PATCH", "", """{"place":"隆中"}""") })
        {
            Assert.True((await again.Json(verb, api + path, body, ("If-Match", "*"))).IsSuccessStatusCode);
        }
        Assert.Equal(HttpStatusCode.Redirect, (await again.Upload(page, page + "/files", "files", [Given.Written("a,b\n")], ("formKey", Guid.CreateVersion7().ToString("N")))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await again.Submit(page, page + "/shares", ("purpose", "service"), ("person", "admin"), ("reason", "holiday"))).StatusCode);
        (await again.Submit("/admin/webhooks/new", "/admin/webhooks/new", ("url", "https://hooks.invalid/in"), ("description", "库存"), ("formKey", Guid.CreateVersion7().ToString("N")), ("event", "products.changed"))).Dispose();
        var hook = $"/admin/webhooks/{await app.Number("select max(id) from platform_webhook")}";
        (await again.Submit(hook, hook + "/test", ("confirm", "true"))).Dispose();
        await OwnField(again, "customers", api, """{"custom":{"machine":"Zeta 9"}}""");
        await OwnField(again, "products", "/api/products/1", """{"custom":{"machine":"宁波一厂"}}""");
        foreach (var sql in Rest(app.Database.Kind)) { await app.Number(sql); }
    }

    /// <summary>Rows that no door makes at once.</summary>
    private static string[] Rest(DatabaseKind kind)
    {
        var (at, yes, bytes) = kind == DatabaseKind.Sqlite ? ("1790000000123", "1", "x'00ff10'") : ("timestamptz '2026-11-23 03:20:00.123456+00'", "true", @"'\x00ff10'");
        return
        [
            $"insert into customers_stage_pin (customer_id, stage, reason, until_at, created_at, created_by) select min(id), 1, 'because', {at}, {at}, 'x' from customers_customer",
            $"insert into customers_retention_plan (customer_id, goal, next_bond, review_on, created_at, created_by, version) select min(id), 'stay', 4, '2030-01-31', {at}, 'x', 1 from customers_customer",
            $"insert into customers_permission_pin (customer_id, stage, reason, until_at, created_at, created_by) select min(id), 2, 'because', {at}, {at}, 'x' from customers_customer",
            $"insert into customers_contact_claim (customer_id, user_id, at, until_at) select min(c.id), min(u.id), {at}, {at} from customers_customer c, platform_user u",
            $"insert into customers_duplicate (a_id, b_id, score, reasons, state, found_at, decided_at, decided_by) select min(id), max(id), 0.75, '[]', 1, {at}, {at}, 'x' from customers_customer",
            $"insert into customers_export_part (export_id, place, bytes) select max(id), 99, {bytes} from customers_export",
            $"insert into customers_bulk (change, user_id, by, created_at) values ('', 1, 'x', {at})",
            "insert into customers_bulk_row (bulk_id, customer_id, state) select max(b.id), 7, 0 from customers_bulk b",
            $"insert into customers_binned (id, number, name, removed_at, removed_by) values (987654, 'gone', 'Gone', {at}, 'x')",
            "insert into customers_binned_row (binned_id, name, position, kept) values (987654, 'file', 0, '{}')",
            $"insert into customers_duplicate_weights (id, model, learned_at) values (1, '{{\"Prior\":0.5,\"Same\":[],\"Different\":[]}}', {at})",
            $"insert into customers_phone_book (user_id, seq, read_at) select min(id), 7, {at} from platform_user",
            $"insert into customers_card (user_id, name, kind, record_id, made_at, uid, tag, seq, changed_at) select min(id), 'x.vcf', 0, 1, {at}, 'u', 't', 7, {at} from platform_user",
            $"insert into customers_card_kept (user_id, customer_id, kind, record_id, made_at, body) select 1, min(id), 0, min(id), {at}, 'BEGIN:VCARD' from customers_customer",
            $"insert into customers_stage (customer_id, since_at, stage) select min(id), {at}, 1 from customers_customer",
            $"insert into platform_user_login (login_provider, provider_key, user_id) select 'corp', 'k', min(id) from platform_user",
            $"insert into platform_user_token (user_id, login_provider, name, value) select min(id), 'x', 'key', 'y' from platform_user",
            $"insert into platform_user_claim (user_id, claim_type, claim_value) select min(id), 'x', 'y' from platform_user",
            $"insert into platform_user_unit (user_id, unit_id) select min(id), 1 from platform_user",
            $"insert into platform_passkey (user_id, credential_id, name, public_key, sign_count, is_backup_eligible, is_backed_up, transports, created_at) select min(id), 'c', 'phone', {bytes}, 9000000000, {yes}, {yes}, '', {at} from platform_user",
            "insert into platform_approval_copy (user_id, approval_id) select (select min(id) from platform_user), min(id) from platform_approval",
            $"insert into platform_sign_in_spent (token_hash, until_at) values ('h', {at})",
            $"insert into platform_sign_in_try (subject, at) values ('s', {at})",
            $"insert into analytics_ranking (period, sort, place, customers) values ('2024', 1, 1, {bytes})",
            $"insert into platform_webhook_try (delivery_id, at, status, error, took) select max(id), {at}, 500, 'status', 12 from platform_webhook_delivery",
            "update customers_standing set active = 0.1, expected = 1e-17",
        ];
    }

    private static async Task OwnField(Visitor visitor, string kind, string record, string values)
    {
        await Given.Field(visitor, kind, "机型", "", "machine", "Text", ("indexed", "true"));
        Assert.True((await visitor.Json("PATCH", record, values, ("If-Match", "*"))).IsSuccessStatusCode);
    }

    private static async Task GoesOn(TestDatabase database, int customers)
    {
        await using var app = await HuikeApp.On(database);
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
        using var visitor = await app.As("keeper");
        Assert.Contains("诸葛亮", await visitor.Text("/customers?q=zhuge"), StringComparison.Ordinal);
        Assert.Contains("诸葛亮", await visitor.Text("/customers?q=zeta"), StringComparison.Ordinal);
        Assert.Contains("宁波一厂", await visitor.Text("/api/products?custom.machine=" + Uri.EscapeDataString("宁波一厂")), StringComparison.Ordinal);
        using var added = await visitor.Json("POST", "/api/customers", """{"name":"Robot"}""");
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal(customers + 1, await app.Number("select count(*) from customers_customer"));
        await visitor.Text(added.Headers.Location!.OriginalString);
        await Given.Ledger(app, "customer,date,document,amount\nB1,2024-02-05,Z1,10\n");
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
        Assert.Empty(app.Errors);
    }

    private static string[] KeysOf(TestDatabase database) =>
        [.. Directory.GetFiles(Path.Combine(database.Folder, "keys")).Order(StringComparer.Ordinal).Select(path => Path.GetFileName(path) + File.ReadAllText(path))];

    /// <summary>What a backup says it holds after all of it was read, or why it isn't read.</summary>
    private static async Task<string> Read(string path)
    {
        try
        {
            await using var file = await BackupFile.Open(path, Ct);
            await file.Check(_ => { }, Ct);
            return JsonSerializer.Serialize(file.Manifest);
        }
        catch (RuleException refused)
        {
            return refused.Code;
        }
    }

    /// <summary>One byte in the rows of the ledger.</summary>
    private static byte[] Changed(byte[] whole)
    {
        var bytes = (byte[])whole.Clone();
        bytes[bytes.AsSpan().IndexOf("tables/customers_transaction"u8) + 3_000] ^= 1;
        return bytes;
    }
}
