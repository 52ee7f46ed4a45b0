using System.Globalization;
using Huike.Customers;
using Huike.Customers.Contracts;
using Huike.Customers.Find;
using Huike.Customers.Ledger;
using Huike.Platform.Data;
using Huike.Platform.Search;

namespace Huike.Benchmarks;

/// <summary>A firm to look for people and firms in, the same each time: names as often as they are, firms' names as they are built, phones, codes, notes.</summary>
internal sealed class FindFirm
{
    private const int Batch = 5_000;

    private static readonly string[] Regions = ["北京", "上海", "深圳", "广州", "杭州", "成都", "武汉", "南京", "苏州", "天津", "重庆", "西安", "青岛", "宁波", "厦门", "长沙", "郑州", "东莞", "佛山", "合肥", "浙江", "江苏", "广东", "山东"];
    private static readonly string[] Trades = ["科技", "贸易", "电子商务", "电子科技", "实业", "建筑工程", "餐饮管理", "信息技术", "网络科技", "商贸", "机械设备", "装饰工程", "物流", "文化传媒", "生物科技", "医疗器械", "咨询服务", "食品", "服饰", "农业发展"];
    private static readonly string[] Forms = ["有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司", ""];
    private static readonly string[] First = "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica Thomas Sarah Charles Karen Daniel Nancy Matthew Lisa Anthony Margaret Pierre Jürgen Ingrid Svetlana Dmitri Yuki Haruto Aisha Mehmet Lucía".Split(' ');
    private static readonly string[] Ends = "son ton berg mann field ford well stein ham wood ley worth house bach dorf ski elli ard".Split(' ');
    private static readonly string[] Begins = "Ander Bar Black Brook Car Clay Dal Ded East Ed Fair Gar Gold Green Hal Hart Hol Jack Ken Lang Law Mac Mar Mil Nor Old Park Peter Rich Ro San Shel Stan Sut Thorn Wal Web Wil Win Wood Zimmer".Split(' ');
    private static readonly string[] Said = ["客户问了报价", "约了下周三上门", "对价格有意见", "想要样品", "合同已寄出", "电话没人接", "要求开专票", "投诉送货太慢", "推荐了一位朋友", "预算下月批", "wants a quote", "called back", "prefers email"];
    private static readonly string[] About = ["冰箱", "洗衣机", "热水器", "空调", "扫地机器人", "净水器", "油烟机", "微波炉", "投影仪", "咖啡机", "dishwasher", "freezer"];

    private readonly Random random = new(20261123);
    private readonly (string Text, double UpTo)[] surnames;
    private readonly (string Text, double UpTo)[] given;
    private readonly string[] firms;

    private FindFirm(string shared)
    {
        surnames = Weighed(Path.Combine(shared, "cn_names", "chinesenames", "familyname.csv"), 4);
        given = Weighed(Path.Combine(shared, "cn_names", "chinesenames", "givenname.csv"), 18);
        firms = [.. File.ReadLines(Path.Combine(shared, "cn_company_names", "Company-Shorter-Form（28W）.txt")).Skip(3).Where(name => name.Length is >= 2 and <= 6)];
    }

    /// <summary>Fills an empty database; one that has as many customers already stays as it is.</summary>
    public static async Task Fill(Database database, string shared, int customers)
    {
        await using var connection = await database.Open(CancellationToken.None);
        if (await connection.Number("select count(*) from customers_customer", CancellationToken.None) >= customers) { return; }
        var firm = new FindFirm(shared);
        var postgres = database.Kind == DatabaseKind.Postgres;
        // Made once over all rows, an index costs a tenth of what it costs row by row.
        if (postgres) { await connection.Run("drop index customers_search_tokens; drop index customers_note_search_tokens", CancellationToken.None); }
        for (var from = 0; from < customers; from += Batch) { await firm.Add(database, Math.Min(Batch, customers - from)); }
        if (postgres)
        {
            await Long(database, "create index customers_search_tokens on customers_search using gin (tokens) with (fastupdate = off)");
            await Long(database, "create index customers_note_search_tokens on customers_note_search using gin (tokens) with (fastupdate = off)");
            await Long(database, "vacuum analyze");
        }
        else { await Long(database, "analyze"); }
    }

    /// <summary>One customer as there are many.</summary>
    public NewCustomer Next(int i)
    {
        var what = random.Next(10);
        var name = what < 6 ? Person() : what < 9 ? Pick(Regions) + Pick(firms) + Pick(Trades) + Pick(Forms) : $"{Pick(First)} {Pick(Begins)}{Pick(Ends)}";
        return new($"K{i.ToString("D8", CultureInfo.InvariantCulture)}")
        {
            Name = name,
            Kind = what is >= 6 and < 9 ? CustomerKind.Organisation : CustomerKind.Person,
            Phone = Mobile(),
            CreditCode = what is >= 6 and < 9 ? Code() : null,
            Place = Pick(Regions),
            CreatedAt = DateTimeOffset.UnixEpoch.AddDays(20_000 + (i % 700)),
            LoadId = 0,
        };
    }

    /// <summary>For writes beside searches: never one of those that are there.</summary>
    public static FindFirm For(string shared) => new(shared);

    private static async Task Long(Database database, string sql)
    {
        await using var connection = await database.Open(CancellationToken.None);
        await using var command = connection.Command(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    private async Task Add(Database database, int count)
    {
        ILedgerTable table = database.Kind == DatabaseKind.Postgres ? new PostgresLedgerTable() : new SqliteLedgerTable();
        using var turn = await database.WriteTurn(CancellationToken.None);
        await using var connection = await database.Open(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        var ids = await table.NewIds(connection, count, CancellationToken.None);
        var customers = ids.Select(id => Next((int)id)).ToList();
        await table.AddCustomers(connection, ids, customers, CancellationToken.None);
        // Every fifth customer has a second phone and a note.
        var some = Enumerable.Range(0, count).Where(i => i % 5 == 0).Select(i => (Id: ids[i], Customer: customers[i], Phone: Mobile(), Note: $"{Pick(Said)}，{Pick(About)}{random.Next(10_000)}，{Pick(Said)}")).ToList();
        await Insert(connection, "customers_contact_point", "customer_id, value, value_reversed, raw, kind, usage, label, is_preferred, created_at, created_by, version", "0, 1, '', {no}, {at}, 'bench', 1",
            some.ConvertAll(one => (string[])[Text(one.Id), one.Phone, CustomerColumns.Reversed(one.Phone)!, one.Phone]));
        var first = await connection.Number("select coalesce(max(id), 0) from customers_note", CancellationToken.None);
        await Insert(connection, "customers_note", "customer_id, body, form_key, created_at, created_by, kind, direction, at", "{at}, 'bench', 0, 0, {at}", some.ConvertAll(one => (string[])[Text(one.Id), one.Note, Guid.CreateVersion7().ToString("N")]));
        await SearchRows.Customers.Write(connection, some.ConvertAll(one => (one.Id, one.Customer.Tokens(new([], [one.Phone], [])))), CancellationToken.None);
        var notes = await connection.Rows($"select id, body from customers_note where id > {first}", row => (row.GetInt64(0), SearchTokens.OfText(row.GetString(1))), CancellationToken.None);
        await SearchRows.Notes.Add(connection, notes, CancellationToken.None);
        await transaction.CommitAsync();
    }

    /// <summary>Many rows by few statements; what is the same in all of them stands in the statement.</summary>
    private static async Task Insert(System.Data.Common.DbConnection connection, string table, string columns, string same, List<string[]> rows)
    {
        var constants = connection.Kind() == DatabaseKind.Postgres ? same.Replace("{no}", "false").Replace("{at}", "now()") : same.Replace("{no}", "0").Replace("{at}", "1790000000000");
        foreach (var some in rows.Chunk(200))
        {
            var values = some.Select((row, i) => $"(cast(@p{i}x0 as bigint), {string.Join(", ", row.Skip(1).Select((_, j) => $"@p{i}x{j + 1}"))}, {constants})");
            await connection.Run($"insert into {table} ({columns}) values {string.Join(", ", values)}", CancellationToken.None,
                [.. some.SelectMany((row, i) => row.Select((value, j) => ($"p{i}x{j}", j == 0 ? (object?)long.Parse(value, CultureInfo.InvariantCulture) : value)))]);
        }
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private string Mobile() => string.Create(CultureInfo.InvariantCulture, $"+861{random.Next(3, 10)}{random.NextInt64(1_000_000_000):D9}");

    private string Person() => Of(surnames) + Of(given) + (random.Next(5) > 0 ? Of(given) : "");

    private string Code()
    {
        const string letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
        return $"91{random.Next(110_000, 660_000)}MA{string.Concat(Enumerable.Range(0, 8).Select(_ => letters[random.Next(letters.Length)]))}";
    }

    private string Pick(string[] from) => from[random.Next(from.Length)];

    private string Of((string Text, double UpTo)[] from)
    {
        var at = random.NextDouble() * from[^1].UpTo;
        var (low, high) = (0, from.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = from[middle].UpTo < at ? (middle + 1, high) : (low, middle);
        }
        return from[low].Text;
    }

    private static (string, double)[] Weighed(string path, int column)
    {
        var sum = 0.0;
        return [.. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Where(cells => double.TryParse(cells[column], CultureInfo.InvariantCulture, out _))
            .Select(cells => (cells[0], sum += double.Parse(cells[column], CultureInfo.InvariantCulture)))];
    }
}
