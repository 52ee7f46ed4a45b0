using System.Globalization;
using System.Net;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Customers.Tags;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Conditions;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

/// <summary>Conditions on any facts mean the same in the database as in plain words over the values.</summary>
public sealed class ConditionTests
{
    private const int Trees = 120;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Any_tree_of_conditions_finds_those_who_meet_it(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        var facts = app.Services.GetRequiredService<FactBook>().Of("customers");
        var (zone, today) = await app.In(async services => ((await services.GetRequiredService<SettingsStore>().Get<FirmSettings>(Ct)).Zone, app.Clock.GetUtcNow()));
        var plain = new PlainConditions(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(today, zone).DateTime), zone);
        var customers = await Values(app, facts);
        // One seed for each database, so that what fails can be seen again.
        var random = new Random(41 + (int)kind);
        var met = 0;
        for (var i = 0; i < Trees; i++)
        {
            var tree = Tree(random, facts, customers, 2);
            var line = ConditionText.Write(tree);
            var expected = customers.Where(one => plain.Meets(tree, facts, one.Value)).Select(one => one.Key).Order().ToList();
            var found = JsonElement.Parse(await visitor.Text("/api/customers?limit=200&where=" + Uri.EscapeDataString(line))).GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("id").GetInt64()).Order().ToList();
            Assert.True(expected.SequenceEqual(found), $"{line}\nexpected {string.Join(' ', expected)}\nfound {string.Join(' ', found)}");
            if (expected.Count > 0 && expected.Count < customers.Count) { met++; }
        }
        // Trees that find all or nobody tell little.
        Assert.True(met > Trees / 3, $"{met} of {Trees} told some from others");
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Every_fact_can_be_put_to_each_of_its_tests(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        var facts = app.Services.GetRequiredService<FactBook>().Of("customers");
        var customers = await Values(app, facts);
        var random = new Random(7);
        foreach (var fact in facts)
        {
            foreach (var test in ConditionSql.Tests(fact.Kept))
            {
                var line = ConditionText.Write(new FactCondition(fact.Name, test, Value(random, fact, test, customers)));
                using var answer = await visitor.Get($"/api/customers?sort=sales&q=&where={Uri.EscapeDataString(line)}");
                Assert.True(answer.StatusCode == HttpStatusCode.OK, line + await answer.Content.ReadAsStringAsync(Ct));
                using var searched = await visitor.Get($"/api/customers?q=zhang&where={Uri.EscapeDataString(line)}");
                Assert.True(searched.StatusCode == HttpStatusCode.OK, line);
            }
        }
    }

    [Theory, OnBothDatabases]
    public async Task By_what_is_hidden_nobody_sifts_groups_or_orders(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        await app.AddUserWith("partner", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Least }));
        using var partner = await app.As("partner");
        foreach (var line in (string[])["tier:is:gold", "sales:min:1", "phone:has:1", "remark:filled", "tags:is:VIP", "owner:is:@me", "any(name:filled,contactedAt:filled)", "active:min:0.5", "custom.secret:filled"])
        {
            using var refused = await partner.Get("/api/customers?where=" + Uri.EscapeDataString(line));
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, line);
            Assert.Contains("conditions.hidden", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        foreach (var query in (string[])["group=tier", "group=owner", "as=board&group=stage", "group=name", "as=map"])
        {
            Assert.True((await partner.Get("/customers?" + query)).StatusCode == HttpStatusCode.UnprocessableEntity, query);
        }
        using var open = await partner.Get("/api/customers?where=" + Uri.EscapeDataString("all(name:has:张,category:is:餐饮)"));
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        var form = await partner.Page("/customers/where");
        Assert.Null(form.QuerySelector("option[value=tier]"));
        Assert.NotNull(form.QuerySelector("option[value=category]"));
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_meant_is_told_in_words(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        foreach (var (line, code) in new[]
        {
            ("tier:is:silver", "conditions.value.wrong"), ("nothing:is:1", "conditions.field.gone"), ("sales:has:1", "conditions.test.wrong"), ("sales:min:much", "conditions.value.wrong"), ("createdAt:min:yesterday", "conditions.value.wrong"),
            ("createdAt:within:soon", "conditions.value.wrong"), ("createdAt:within:99999", "conditions.value.wrong"), ("name:is:''", "conditions.value.wrong"), ("unit:is:x", "conditions.value.wrong"), ("all(tier:is:gold", "conditions.text.wrong"), ("name:is:\0", "conditions.value.wrong"),
        })
        {
            using var refused = await visitor.Get("/api/customers?where=" + Uri.EscapeDataString(line));
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, line);
            Assert.Contains(code, await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task The_form_builds_nested_conditions_without_a_script_and_says_them_as_a_sentence(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        foreach (var (language, sentence) in new[] { ("en", "Tier is Gold, and (Business category is 餐饮, or "), ("zh-CN", "等级 是 黄金，并且 （业务类别 是 餐饮，或者 ") })
        {
            using var visitor = await app.Administrator(language);
            var page = await visitor.Page("/customers/where?n.any=false&n-0.field=tier&n-0.test=Is&n-0.value=gold&add=n");
            Assert.NotNull(page.QuerySelector("select[name='n-1.any']"));
            const string filled = "n.any=false&n-0.field=tier&n-0.test=Is&n-0.value=gold&n-1.any=true&n-1-0.field=category&n-1-0.test=Is&n-1-0.value=餐饮&n-1-1.field=sales&n-1-1.test=AtLeast&n-1-1.value=10";
            Assert.Contains(sentence, (await visitor.Page("/customers/where?" + filled)).QuerySelector("#conditions [role=status]")!.TextContent, StringComparison.Ordinal);
            using var shown = await visitor.Get("/customers/where?sort=sales&go=show&" + filled);
            Assert.Equal(HttpStatusCode.Redirect, shown.StatusCode);
            var list = await visitor.Page(shown.Headers.Location!.ToString());
            Assert.Contains("sort=sales", shown.Headers.Location!.ToString(), StringComparison.Ordinal);
            Assert.Contains(sentence, list.QuerySelector(".condition-line")!.TextContent, StringComparison.Ordinal);
            // What it links to is the form with these conditions.
            var again = await visitor.Page(list.QuerySelector(".condition-line a")!.GetAttribute("href")!);
            Assert.Equal("餐饮", again.QuerySelector("input[name='n-1-0.value']")!.GetAttribute("value"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.Get("/customers/where?go=show&n.any=false&n-0.field=tier&n-0.value=silver")).StatusCode);
        }
        Assert.Empty(app.Errors);
    }

    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Field(visitor, "customers", "级别", "Grade", "grade", "choice", ("choices", "a\nb\nc"), ("indexed", "true"));
        await Given.Field(visitor, "customers", "规模", "Size", "size", "number");
        await Given.Field(visitor, "customers", "生日", "Since", "since", "date");
        await Given.Field(visitor, "customers", "秘密", "Secret", "secret", "text", ("level", "3"));
        var random = new Random(11);
        for (var i = 0; i < 40; i++)
        {
            var custom = new Dictionary<string, object?>();
            if (i % 3 > 0) { custom["grade"] = "abc"[i % 3].ToString(); }
            if (i % 4 > 0) { custom["size"] = i % 7; }
            if (i % 5 > 0) { custom["since"] = $"20{10 + i % 15}-{1 + i % 12:00}-{1 + i % 28:00}"; }
            if (i % 6 == 0) { custom["secret"] = "50% _of \\ it"; }
            var body = JsonSerializer.Serialize(new { name = "张王李赵"[i % 4] + "客" + i, category = i % 4 == 0 ? null : i % 2 == 0 ? "餐饮" : "零售", place = i % 7 == 0 ? null : "上海市", remark = i % 9 == 0 ? "Likes 100% tea" : null, custom });
            using var added = await visitor.Json("POST", "/api/customers", body);
            Assert.True(added.StatusCode == HttpStatusCode.Created, await added.Content.ReadAsStringAsync(Ct));
            var id = i + 1;
            await app.Number($"update customers_standing set tier = {i % 5}, stage = {i % 9}, sales = {random.Next(-5, 40) * 10_000}, contribution = {random.Next(-9, 9) * 10_000}, documents = {i % 4}, purchases = {i % 4}, active = 0.{i % 10}, recency = {i % 6} where customer_id = {id}");
            if (i % 3 == 0) { await app.Number($"insert into customers_permission (customer_id, stage, since_at) values ({id}, {1 + (i % 4)}, {Now(kind)})"); }
            if (i % 4 == 1) { await app.Number($"insert into customers_relationship (customer_id, type, reason, created_at, created_by) values ({id}, {1 + (i % 5)}, 'x', {Now(kind)}, 'x')"); }
            if (i % 5 == 2) { await visitor.Submit("/customers/1", $"/customers/{id}/tags", ("tag", i % 2 == 0 ? "VIP" : "Fair")); }
            if (i % 6 == 3) { await app.Number($"update customers_customer set owner_id = (select min(id) from platform_user), unit_id = 1 where id = {id}"); }
        }
        return app;
    }

    private static string Now(DatabaseKind kind) => kind == DatabaseKind.Sqlite ? "0" : "now()";

    /// <summary>Each customer's facts, as the database has them.</summary>
    private static async Task<Dictionary<long, Dictionary<string, object?>>> Values(HuikeApp app, IReadOnlyList<Fact> facts)
    {
        await using var connection = await app.Database.Open(Ct);
        var columns = string.Join(", ", facts.Select(fact => fact.Kept == FactKept.User ? $"(select user_name from platform_user where id = {fact.Sql})" : fact.Value));
        var rows = await connection.Rows($"select c.id, {columns} from customers_customer c join customers_standing s on s.customer_id = c.id", row => (Id: row.GetInt64(0), Values: facts.Select((fact, i) => (fact.Name, Value: (object?)(row.IsDBNull(i + 1) ? null : fact.Kept switch
        {
            FactKept.Amount => row.Amount(i + 1),
            FactKept.Instant => row.At(i + 1),
            FactKept.Number or FactKept.OwnNumber => row.GetDouble(i + 1),
            FactKept.Code or FactKept.Unit => Convert.ToInt64(row.GetValue(i + 1), CultureInfo.InvariantCulture),
            _ => row.GetString(i + 1),
        }))).ToDictionary(one => one.Name, one => one.Value)), Ct);
        return rows.ToDictionary(row => row.Id, row => row.Values);
    }

    private static Condition Tree(Random random, IReadOnlyList<Fact> facts, Dictionary<long, Dictionary<string, object?>> customers, int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
        {
            var fact = facts[random.Next(facts.Count)];
            var tests = ConditionSql.Tests(fact.Kept);
            var test = tests[random.Next(tests.Count)];
            return new FactCondition(fact.Name, test, Value(random, fact, test, customers));
        }
        return new ConditionGroup(random.Next(2) == 0, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Tree(random, facts, customers, depth - 1))]);
    }

    /// <summary>A value of somebody's, so that somebody is found.</summary>
    private static string Value(Random random, Fact fact, FactTest test, Dictionary<long, Dictionary<string, object?>> customers)
    {
        if (test is FactTest.Filled or FactTest.Empty) { return ""; }
        if (test == FactTest.Within) { return random.Next(-400, 400).ToString(CultureInfo.InvariantCulture); }
        var known = customers.Values.Select(one => one[fact.Name]).Where(value => value is not null && value is not "" && value is not <= -1e299).ToList();
        var value = known.Count > 0 ? known[random.Next(known.Count)] : null;
        return fact.Kept switch
        {
            FactKept.Code => fact.Choices[random.Next(fact.Choices.Count)].Value + (random.Next(2) == 0 ? "," + fact.Choices[random.Next(fact.Choices.Count)].Value : ""),
            FactKept.Instant => value is DateTimeOffset at ? at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "today-10",
            FactKept.Day => value as string ?? "2020-01-01",
            FactKept.User => random.Next(2) == 0 ? ConditionSql.Me : value as string ?? "nobody",
            FactKept.Unit => random.Next(2) == 0 ? ConditionSql.Mine : "1",
            FactKept.Text when fact.Choices.Count > 0 => fact.Choices[random.Next(fact.Choices.Count)].Value,
            FactKept.Text when test == FactTest.Contains && value is string { Length: > 2 } text => text[1..3].Trim() is { Length: > 0 } piece ? piece : "x",
            FactKept.Text when fact.Name == "tags" => random.Next(2) == 0 ? "vip" : "Fair,other",
            FactKept.Text => value as string ?? "x",
            _ => Convert.ToString(value ?? 1, CultureInfo.InvariantCulture)!,
        };
    }

    /// <summary>The meaning of conditions in plain words, over values that were read.</summary>
    private sealed class PlainConditions(DateOnly today, TimeZoneInfo zone)
    {
        public bool Meets(Condition condition, IReadOnlyList<Fact> facts, Dictionary<string, object?> values) => condition switch
        {
            ConditionGroup { Of.Count: 0 } => true,
            ConditionGroup { IsAny: true } any => any.Of.Any(one => Meets(one, facts, values)),
            ConditionGroup all => all.Of.All(one => Meets(one, facts, values)),
            FactCondition leaf => facts.First(fact => fact.Name == leaf.Field) is var fact && Meets(leaf, fact, values[leaf.Field]),
            _ => throw new InvalidOperationException(),
        };

        private bool Meets(FactCondition leaf, Fact fact, object? value) => leaf.Test switch
        {
            FactTest.Filled => IsFilled(value),
            FactTest.Empty => !IsFilled(value),
            FactTest.Is => Is(leaf, fact, value),
            FactTest.IsNot => !Is(leaf, fact, value),
            FactTest.Contains => ((string)value!).ToLowerInvariant().Contains(leaf.Value.ToLowerInvariant(), StringComparison.Ordinal),
            FactTest.EachYear => IsFilled(value) && DateOnly.Parse((string)value!, CultureInfo.InvariantCulture) is var day && DateOnly.Parse(leaf.Value, CultureInfo.InvariantCulture) is var asked
                && (day.ToString("MM-dd", CultureInfo.InvariantCulture) == asked.ToString("MM-dd", CultureInfo.InvariantCulture) || (asked is { Month: 2, Day: 28 } && !DateTime.IsLeapYear(asked.Year) && day is { Month: 2, Day: 29 })),
            FactTest.Within => Day(value) is { } at && int.Parse(leaf.Value, CultureInfo.InvariantCulture) is var days && at >= (days < 0 ? today.AddDays(days) : today) && at <= (days < 0 ? today : today.AddDays(days)),
            _ => Compared(leaf, fact, value) is { } sign && (leaf.Test == FactTest.AtLeast ? sign >= 0 : sign <= 0),
        };

        private static bool IsFilled(object? value) => value is not null and not "" and not <= -1e299;

        private bool Is(FactCondition leaf, Fact fact, object? value)
        {
            string[] wanted = [.. leaf.Value.Split(',').Select(one => one.Trim())];
            return fact.Kept switch
            {
                FactKept.Code => fact.Choices.FirstOrDefault(choice => choice.Code == (long)value!) is { } choice && wanted.Contains(choice.Value),
                FactKept.Unit => value is long,
                FactKept.User => value is string name && (leaf.Value == ConditionSql.Me ? name.Length > 0 : wanted.Contains(name)),
                FactKept.Text when fact.Name == "tags" => ((string)value!).Split(',', StringSplitOptions.RemoveEmptyEntries).Any(tag => wanted.Any(one => Tag.Key(one) == Tag.Key(tag))),
                FactKept.Text when fact.Choices.Count > 0 => wanted.Contains((string)value!),
                FactKept.Text => (string)value! == leaf.Value.Trim(),
                FactKept.Day => (string)value! == leaf.Value,
                FactKept.Instant => Day(value) is { } day && day == FactDay.Read(leaf.Value, today),
                _ => Compared(leaf, fact, value) == 0,
            };
        }

        private int? Compared(FactCondition leaf, Fact fact, object? value) => fact.Kept switch
        {
            FactKept.Day => value is string { Length: > 0 } day ? string.CompareOrdinal(day, leaf.Value) : leaf.Test == FactTest.AtLeast ? -1 : null,
            FactKept.Instant => Day(value)?.CompareTo(FactDay.Read(leaf.Value, today)!.Value),
            FactKept.Amount => ((decimal)value!).CompareTo(decimal.Parse(leaf.Value, CultureInfo.InvariantCulture)),
            FactKept.OwnNumber when leaf.Test == FactTest.AtMost && !IsFilled(value) => null,
            _ => ((double)value!).CompareTo(double.Parse(leaf.Value, CultureInfo.InvariantCulture)),
        };

        private DateOnly? Day(object? value) => value switch
        {
            DateTimeOffset at => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime),
            string { Length: > 0 } day => DateOnly.Parse(day, CultureInfo.InvariantCulture),
            _ => null,
        };
    }
}
