using System.Data.Common;
using System.Globalization;
using System.Text;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Jobs;

namespace Huike.Web.Verbs;

/// <summary>What stands in the demo firm's files besides: tags, people with birthdays, invoice titles, customers who were entered twice, and two salespeople who want the same one. The same for the same customers.</summary>
internal static class DemoFiles
{
    private const int Firms = 40;
    private const int Doubles = 24;

    /// <summary>Fills them, compares all customers, and lets everything be found.</summary>
    public static async Task Fill(IServiceProvider services, string by, CancellationToken ct)
    {
        var (database, now) = (services.GetRequiredService<Database>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        await LoadDoubles(services, database, by, ct);
        var tags = Words("tags");
        var people = Words("people");
        using (await database.WriteTurn(ct))
        {
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            foreach (var (tag, i) in tags.Select((tag, i) => (tag, i))) { await Tag(connection, tag, i, (now, by), ct); }
            foreach (var (firm, i) in (await Best(connection, ct)).Select((firm, i) => (firm, i)))
            {
                await Person(connection, firm.Id, people[i % people.Length], i, (now, by), ct);
                await Title(connection, firm.Id, (now, by), ct);
            }
            await Claims(connection, now, ct);
            await transaction.CommitAsync(ct);
        }
        var jobs = services.GetRequiredService<JobQueue>();
        foreach (var kind in new[] { "customers.compare", "customers.search" }) { await jobs.AddUnlessWaiting(kind, "{}", by, ct); }
        await services.GetRequiredService<JobRunner>().Drain(ct);
    }

    private static string[] Words(string name) => CommandLine.Texts["cli.demo.files." + name].Split('|');

    /// <summary>By a file, as it happens: some customers once more, with their phone or without it, written a little otherwise.</summary>
    private static async Task LoadDoubles(IServiceProvider services, Database database, string by, CancellationToken ct)
    {
        var lines = new StringBuilder("number,name,kind,phone,place\n");
        await using (var connection = await database.Open(ct))
        {
            var rows = await connection.Rows($"select c.name, c.kind, c.phone, c.place from customers_customer c where c.id % 7 = 3 and c.name <> '' and c.phone is not null and c.number not like 'Z-%' order by c.id limit {Doubles}",
                row => (Name: row.GetString(0), Kind: (CustomerKind)row.GetInt16(1), Phone: row.GetString(2), Place: row.TextOrNull(3)), ct);
            foreach (var (row, i) in rows.Select((row, i) => (row, i)))
            {
                var name = i % 3 == 0 && row.Name.Length > 6 ? row.Name[..^2] : row.Name;
                lines.Append(CultureInfo.InvariantCulture, $"Z-{i + 1:000},\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{row.Kind.ToString().ToLowerInvariant()},{(i % 4 == 3 ? "" : row.Phone)},\"{row.Place}\"\n");
            }
        }
        var path = Path.Combine(database.DataFolder, "demo", "fair.csv");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, lines.ToString(), ct);
        await services.GetRequiredService<ILoads>().Run(new FileLoad(true, [path], new Dictionary<string, string>()) { Source = "fair", By = by, Language = CommandLine.Texts.Language }, _ => { }, ct);
    }

    private static Task<List<(long Id, string Name)>> Best(DbConnection connection, CancellationToken ct) => connection.Rows($"""
        select c.id, c.name from customers_standing s join customers_customer c on c.id = s.customer_id where c.kind = {(int)CustomerKind.Organisation} order by s.contribution desc, c.id limit {Firms}
        """, row => (row.GetInt64(0), row.GetString(1)), ct);

    private static async Task Tag(DbConnection connection, string tag, int i, (DateTimeOffset At, string By) when, CancellationToken ct)
    {
        await connection.Run("insert into customers_tag (name, name_key) values (@tag, @key) on conflict (name_key) do nothing", ct, ("tag", tag), ("key", tag.ToLowerInvariant()));
        await connection.Run($"""
            insert into customers_tagged (customer_id, tag_id, created_at, created_by)
            select s.customer_id, t.id, @at, @by from customers_standing s join customers_tag t on t.name_key = @key where s.tier between 1 and 3 and s.customer_id % 5 = {i.ToString(CultureInfo.InvariantCulture)} on conflict do nothing
            """, ct, ("key", tag.ToLowerInvariant()), ("at", when.At), ("by", when.By));
    }

    private static async Task Person(DbConnection connection, long customer, string name, int i, (DateTimeOffset At, string By) when, CancellationToken ct)
    {
        var phone = string.Create(CultureInfo.InvariantCulture, $"+861390000{customer % 10_000:0000}");
        // Some birthdays are near.
        var birthday = when.At.AddDays((i * 9) % 365);
        var person = await connection.Number("""
            insert into customers_person (name, phone, phone_raw, birth_calendar, birth_year, birth_month, birth_day, birth_leap, preferences, created_at, created_by) values (@name, @phone, @phone, 0, @year, @month, @day, @no, @likes, @at, @by) returning id
            """, ct, ("name", name), ("phone", phone), ("year", 1966 + (i % 30)), ("month", birthday.Month), ("day", Math.Min(birthday.Day, 28)), ("no", false), ("likes", Words("likes")[i % 4]), ("at", when.At), ("by", when.By));
        await connection.Run("insert into customers_post (customer_id, person_id, role, title, influence, is_main, created_at, created_by, version) values (@customer, @person, @role, @title, @influence, @no, @at, @by, 1)", ct,
            ("customer", customer), ("person", person), ("role", 1 + (i % 4)), ("title", Words("titles")[i % 4]), ("influence", 4 - (i % 3)), ("no", false), ("at", when.At), ("by", when.By));
    }

    private static Task<int> Title(DbConnection connection, long customer, (DateTimeOffset At, string By) when, CancellationToken ct) => connection.Run("""
        insert into customers_invoice_title (customer_id, kind, name, tax_number, address, phone, bank, account, email, is_preferred, created_at, created_by, version)
        select id, 0, name, coalesce(credit_code, ''), coalesce(place, '') || coalesce(address, ''), coalesce(phone, ''), @bank, @account, '', @yes, @at, @by, 1 from customers_customer where id = @customer
        """, ct, ("customer", customer), ("bank", Words("banks")[(int)(customer % 3)]), ("account", string.Create(CultureInfo.InvariantCulture, $"62220200{customer:0000000000}")), ("yes", true), ("at", when.At), ("by", when.By));

    /// <summary>Of two customers somebody else says that he knew them first.</summary>
    private static Task<int> Claims(DbConnection connection, DateTimeOffset now, CancellationToken ct) => connection.Run("""
        insert into customers_claim (customer_id, claimant_id, owner_id, named, evidence, raised_at, outcome, reason, form_key)
        select c.id, (select min(u.id) from platform_user u where u.id > c.owner_id), c.owner_id, c.name, @evidence, @at, 0, '', 'demo-claim-' || c.id
        from customers_standing s join customers_customer c on c.id = s.customer_id where c.owner_id is not null and exists (select 1 from platform_user u where u.id > c.owner_id) order by s.contribution desc, c.id limit 2
        """, ct, ("evidence", CommandLine.Texts["cli.demo.files.evidence"]), ("at", now.AddDays(-2)));
}
