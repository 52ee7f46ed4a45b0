using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

/// <summary>The long-term file: searched, filtered, paged; and what modules above put there.</summary>
public sealed partial class TimelineTests
{
    private static readonly string[] Syllables = ["回访", "客", "户", "投诉", "é", "É", "Ab", "aB", "ß", "x", "X", "9", "*", "?", "[", "]", "\\", "%", "_", ".", "(", "$", "^", "|", "{", "+", "-", "'", "\"", "&", "<b>", "𠮷", "ж", "Ж", "\t"];

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_search_finds_what_a_plain_scan_finds_with_every_filter_over_all_pages(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        var chance = new Random(20261123);
        var entries = await Fill(app, chance);
        using var admin = await app.As("admin");
        for (var i = 0; i < 60; i++)
        {
            var like = entries[chance.Next(entries.Count)];
            var words = Enumerable.Range(0, chance.Next(3)).Select(_ => Piece(chance, like.Text)).Where(word => word.Length > 0).Select(word => chance.Next(2) == 0 ? word.ToUpperInvariant() : word).ToList();
            var (view, channel, by) = (chance.Next(3) == 0 ? like.View : "", chance.Next(4) == 0 ? like.Channel : "", chance.Next(3) == 0 ? like.By : "");
            var expected = entries.Where(entry => words.SelectMany(word => word.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).All(word => entry.Text.Contains(word, StringComparison.OrdinalIgnoreCase))
                && (view.Length == 0 || entry.View == view) && (channel.Length == 0 || entry.Channel == channel) && (by.Length == 0 || entry.By == by)).Select(entry => entry.Marker).Order(StringComparer.Ordinal).ToList();
            var asked = $"/customers/1?kind={view}&channel={channel}&by={Uri.EscapeDataString(by)}&q={Uri.EscapeDataString(string.Join(' ', words))}";
            var found = (await All(admin, asked)).Order(StringComparer.Ordinal).ToList();
            Assert.True(expected.SequenceEqual(found), $"{asked}: missing {string.Join(' ', expected.Except(found))}, too many {string.Join(' ', found.Except(expected))}");
        }
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task The_address_says_it_all_and_nothing_found_says_what_to_do(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        await Told(anna, ("body", "Winter offer 冬季促销"), ("kind", "call"), ("side", "us"));
        await Told(anna, ("body", "wechat only"), ("kind", "message"), ("side", "us"));
        using var ben = await app.As("ben");
        await Told(ben, ("body", "winter tyres"), ("kind", "call"), ("side", "customer"));
        var page = await ben.Page("/customers/1?q=WINTER&channel=call&by=anna&kind=contacts");
        Assert.Contains("冬季促销", Assert.Single(page.QuerySelectorAll(".timeline > li")).TextContent, StringComparison.Ordinal);
        Assert.Equal(("WINTER", "call", "anna", "contacts"), (page.QuerySelector(".filters input[name=q]")!.GetAttribute("value"), Chosen(page, "channel"), Chosen(page, "by"), page.QuerySelector(".filters input[name=kind]")!.GetAttribute("value")));
        // A view keeps the rest of what was asked.
        Assert.Equal("/customers/1?channel=call&by=anna&q=WINTER#timeline", page.QuerySelector("#timeline-list nav a")!.GetAttribute("href"));
        var none = await ben.Page("/customers/1?q=%E4%BF%83%E9%94%80&by=ben");
        Assert.Empty(none.QuerySelectorAll(".timeline > li"));
        Assert.Equal("/customers/1#timeline", none.QuerySelector("[data-live-part=timeline-empty] a")!.GetAttribute("href"));
        Assert.Equal(["anna", "ben"], page.QuerySelectorAll("select[name=by] option").Select(option => option.GetAttribute("value")).Where(name => name!.Length > 0));
        foreach (var wrong in (string[])["channel=note", "channel=fax", "kind=x", "before=x", "before=-1", $"q={new string('x', 101)}", $"by={new string('x', 101)}", "by=a%00"])
        {
            using var refused = await ben.Get("/customers/1?" + wrong);
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{wrong}: {refused.StatusCode}");
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_is_masked_or_left_out_is_found_by_no_search(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.As("admin");
        await Change(app, "phone", "+8613900139000", "+8613800138000");
        await Change(app, "remark", "old secret", "new secret");
        await Change(app, "custom.grade", "silver lining", "golden");
        await Change(app, "place", "Hangzhou", "Ningbo");
        await Given.Ledger(app, ("K1", "2026-01-05", "DOC77", 10m, "pot"));
        foreach (var (name, clear) in ((string, int)[])[("carl", 1), ("dora", 2)])
        {
            await app.AddUserWith(name, 1, new(new Dictionary<string, RecordScope> { ["customers.read"] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(clear, clear) }));
        }
        using var carl = await app.As("carl");
        using var dora = await app.As("dora");
        foreach (var (q, all, two, one) in ((string, int, int, int)[])[("138001", 1, 0, 0), ("139 0013", 1, 0, 0), ("secret", 1, 1, 0), ("lining", 0, 0, 0), ("ningbo", 1, 1, 0), ("doc77", 1, 1, 0)])
        {
            foreach (var (visitor, expected) in ((Visitor, int)[])[(admin, all), (dora, two), (carl, one)])
            {
                var page = await visitor.Page("/customers/1?q=" + Uri.EscapeDataString(q));
                Assert.True(page.QuerySelectorAll(".timeline > li").Length == expected, $"{q}: {page.QuerySelector("#timeline-list")!.TextContent}");
                Assert.Null(page.QuerySelector(".timeline-more"));
            }
        }
        // Who changed something is no secret of those who see changes; to others it is.
        Assert.Contains("secretary", (await dora.Page("/customers/1")).QuerySelector("select[name=by]")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("secretary", (await carl.Page("/customers/1")).Body!.TextContent, StringComparison.Ordinal);
        foreach (var view in (string[])["purchases", "changes"]) { Assert.Equal(HttpStatusCode.UnprocessableEntity, (await carl.Get($"/customers/1/timeline?kind={view}&q=doc")).StatusCode); }
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_does_not_see_a_customer_searches_nothing_of_it(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        await app.AddUserWith("carl", 1, new(new Dictionary<string, RecordScope> { ["customers.read"] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        using var carl = await app.As("carl");
        foreach (var path in (string[])["/customers/1?q=a", "/customers/1/timeline?q=a&before=639000000000000000"])
        {
            using var refused = await carl.Get(path);
            Assert.Contains(refused.StatusCode, (HttpStatusCode[])[HttpStatusCode.NotFound, HttpStatusCode.Forbidden]);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_module_above_puts_its_entries_there_for_those_who_see_internal_facts(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, builder => builder.Services.AddSingleton<ITimelineSource, Moods>());
        (await app.Administrator()).Dispose();
        await Given.Customers(app, "number,name\nK1,A\n");
        await Change(app, "place", "x", "y");
        await app.AddUserWith("carl", 1, new(new Dictionary<string, RecordScope> { ["customers.read"] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Least }));
        using var admin = await app.As("admin");
        using var carl = await app.As("carl");
        // More of them than a page holds, with one of the module's own in their midst.
        var found = await Titles(admin, "/customers/1");
        Assert.Equal((Moods.Count + 1, Moods.Count), (found.Count, found.Count(title => title == "Customers")));
        Assert.Equal(Moods.Count, (await Titles(admin, "/customers/1?kind=moods")).Count);
        Assert.Equal(["mood 7", "mood 17"], (await admin.Page("/customers/1?kind=moods&q=7&by=anna")).QuerySelectorAll(".timeline > li p:first-of-type").Select(text => text.TextContent).Reverse().Take(2));
        Assert.Empty((await admin.Page("/customers/1?q=mood&channel=call")).QuerySelectorAll(".timeline > li"));
        Assert.Equal("/x", (await admin.Page("/customers/1?kind=moods")).QuerySelector(".timeline-head a")!.GetAttribute("href"));
        Assert.Empty((await carl.Page("/customers/1")).QuerySelectorAll(".timeline > li"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await carl.Get("/customers/1?kind=moods")).StatusCode);
        Assert.Empty(app.Errors);
    }

    private sealed class Moods : ITimelineSource
    {
        public const int Count = 150;

        public string Kind => "moods";

        public string Name => "customers.list.title";

        public Task<TimelineRead> Newest(DbConnection connection, TimelineAsk ask, CancellationToken ct) => ask.Read(connection, asked => $"""
            with recursive mood (customer_id, n, at, who) as (select 1, 1, {At(connection, 1)}, 'anna' union all select 1, n + 1, {Next(connection)}, who from mood where n < {Count})
            select at, 'mood ' || n from mood where customer_id = @id{asked.Sql(connection.Kind(), "at", "who", "'mood ' || n")} order by at desc
            """, row => new(row.At(0), row.GetString(1)) { Title = Name, Icon = "flag", Href = "/x", By = "anna" }, ct);

        private static string At(DbConnection connection, int day) => connection.Kind() == DatabaseKind.Postgres ? $"timestamptz '2026-02-01 00:00:00Z' + {day} * interval '1 hour'" : Start.AddDays(31).AddHours(day).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

        private static string Next(DbConnection connection) => connection.Kind() == DatabaseKind.Postgres ? "at + interval '1 hour'" : "at + 3600000";
    }

    private sealed record Entry(string Marker, string Text, string View, string Channel, string By);

    /// <summary>Entries of each kind, a quarter of them at few instants; the expected are kept as they were written.</summary>
    private static async Task<List<Entry>> Fill(HuikeApp app, Random chance)
    {
        var entries = new List<Entry>();
        await using var connection = await app.Database.Open(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        string[] people = ["anna", "ben", "王芳"];
        for (var i = 0; i < 420; i++)
        {
            var (marker, by) = ($"§{i}§", people[chance.Next(3)]);
            var text = string.Concat(Enumerable.Range(0, chance.Next(1, 7)).Select(_ => Syllables[chance.Next(Syllables.Length)])) + marker;
            var at = Start.AddMinutes(chance.Next(4) == 0 ? chance.Next(2) : i * 7);
            var (what, contact) = (i < 90 ? 0 : chance.Next(5), chance.Next(1, 6));
            (string, object?)[] values = [("by", by), ("at", at), ("text", text), ("key", marker)];
            if (what == 0)
            {
                // Ninety at one instant: more than a page of one source holds.
                await connection.Run("insert into customers_note (customer_id, body, kind, direction, at, created_at, created_by, form_key) values (1, @text, 0, 0, @at, @at, @by, @key)", Ct, [.. values[..1], ("at", i < 90 ? Start.AddDays(-1) : at), .. values[2..]]);
                entries.Add(new(marker, text, "notes", "", by));
            }
            else if (what == 1)
            {
                await connection.Run("insert into customers_note (customer_id, body, kind, direction, at, created_at, created_by, form_key) values (1, @text, @kind, 2, @at, @at, @by, @key)", Ct, [.. values, ("kind", contact)]);
                entries.Add(new(marker, text, "contacts", ((string[])["call", "visit", "meeting", "message", "email"])[contact - 1], by));
            }
            else if (what == 2)
            { entries.AddRange(await Step(connection, values, marker, chance.Next(2) == 0)); }
            else if (what == 3)
            {
                await Change(app, "place", null, text, (at, by), connection);
                entries.Add(new(marker, text, "changes", "", by));
            }
            else
            {
                await connection.Run("insert into platform_file (record_kind, record_id, name, type, size, hash, form_key, place, created_at, created_by) values ('customers', 1, @text, 'text/plain', 1, 'x', @key, 0, @at, @by)", Ct, values);
                entries.Add(new(marker, text, "notes", "", by));
            }
        }
        await transaction.CommitAsync(Ct);
        return entries;
    }

    /// <summary>A next step: one entry where it is planned, one more where it is done.</summary>
    private static async Task<IEnumerable<Entry>> Step(DbConnection connection, (string Name, object? Value)[] values, string marker, bool isDone)
    {
        var (by, at, text) = ((string)values[0].Value!, (DateTimeOffset)values[1].Value!, (string)values[2].Value!);
        await connection.Run("insert into customers_next_step (customer_id, what, due_at, done_at, created_at, created_by, form_key) values (1, @text, @at, @done, @at, @by, @key)", Ct, [.. values, ("done", isDone ? at.AddMinutes(3) : null)]);
        return new[] { by, "" }.Take(isDone ? 2 : 1).Select(who => new Entry(marker, text, "notes", "", who));
    }

    private static async Task Change(HuikeApp app, string field, string? old, string now, (DateTimeOffset At, string By)? when = null, DbConnection? lent = null)
    {
        await using var own = lent is null ? await app.Database.Open(Ct) : null;
        await (lent ?? own)!.Run("insert into customers_change (customer_id, field, old_value, new_value, created_at, created_by) values (1, @field, @old, @now, @at, @by)", Ct,
            ("field", field), ("old", old), ("now", now), ("at", when?.At ?? Start), ("by", when?.By ?? "secretary"));
    }

    /// <summary>One to three neighbouring characters, never half of one.</summary>
    private static string Piece(Random chance, string text)
    {
        var letters = text.EnumerateRunes().Select(rune => rune.ToString()).ToList();
        var from = chance.Next(letters.Count);
        return string.Concat(letters.Skip(from).Take(chance.Next(1, 4)));
    }

    private static async Task<List<string>> All(Visitor visitor, string path) => [.. (await Entries(visitor, path)).Select(entry => Marker().Match(entry.TextContent).Value)];

    private static async Task<List<string>> Titles(Visitor visitor, string path) => [.. (await Entries(visitor, path)).Select(entry => entry.QuerySelector(".timeline-head strong")!.TextContent)];

    private static async Task<List<IElement>> Entries(Visitor visitor, string path)
    {
        var entries = new List<IElement>();
        for (var (next, pages) = (path, 0); next is not null && pages < 40; pages++)
        {
            var page = await visitor.Page(next);
            entries.AddRange(page.QuerySelectorAll(".timeline > li.timeline-entry"));
            next = page.QuerySelector(".timeline-more a")?.GetAttribute("href");
        }
        return entries;
    }

    private static string? Chosen(IDocument page, string name) => page.QuerySelector($"select[name={name}] option[selected]")?.GetAttribute("value");

    private static async Task Told(Visitor visitor, params (string, string)[] fields)
    {
        using var told = await visitor.Submit("/customers/1", "/customers/1/notes", [.. fields, ("formKey", Guid.CreateVersion7().ToString("N"))]);
        Assert.Equal(HttpStatusCode.Redirect, told.StatusCode);
    }

    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        (await app.Administrator()).Dispose();
        await Given.Customers(app, "number,name\nK1,A\n");
        foreach (var name in (string[])["anna", "ben"]) { await app.AddUser(name, CustomerPermissions.Read, CustomerPermissions.Edit); }
        return app;
    }

    [GeneratedRegex("§[0-9]+§", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Marker();
}
