using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Jobs;

namespace Huike.Web.Verbs;

/// <summary>The demo firm's relationships: types of its best customers, what was said with them and promised to them, what holds them, and contacts that are due.</summary>
internal static class DemoRelationships
{
    private const int Partnership = 5;
    private const int Proactive = 4;
    private const int Accountable = 3;

    /// <summary>Contacts: days ago, how (1 call, 2 visit, 4 message), from which side (1 theirs, 2 ours), tone.</summary>
    private static readonly (int Days, int Kind, int Side, int? Tone)[] Contacts = [(12, 1, 2, 1), (34, 4, 1, 2), (58, 1, 1, -1), (95, 2, 2, 1), (150, 1, 2, 0), (240, 4, 1, null)];

    /// <summary>Promises: due so many days ago, done so many days after that; null: not yet.</summary>
    private static readonly (int Due, int? Done)[] Promises = [(20, -1), (75, -2), (130, 4), (9, null)];

    /// <summary>Makes them, and lets the contact plan make its tasks.</summary>
    public static async Task Keep(IServiceProvider services, CancellationToken ct)
    {
        var (database, now) = (services.GetRequiredService<Database>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        using (await database.WriteTurn(ct))
        {
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await Types(connection, now, ct);
            await Said(connection, now, ct);
            await Bonds(connection, now, ct);
            await Late(connection, now, ct);
            await transaction.CommitAsync(ct);
        }
        await services.GetRequiredService<JobQueue>().AddUnlessWaiting("customers.touches", "{}", "", ct);
        await services.GetRequiredService<JobRunner>().Drain(ct);
    }

    private static async Task Types(DbConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var (tier, type, of) in new[] { (Tier.Platinum, Partnership, 1), (Tier.Gold, Proactive, 2), (Tier.Iron, Accountable, 10) })
        {
            await connection.Run($"""
                insert into customers_relationship (customer_id, type, reason, created_at, created_by)
                select s.customer_id, @type, @reason, @at, 'admin' from customers_standing s where s.tier = @tier and s.customer_id % {of} = 0 and not exists (select 1 from customers_relationship r where r.customer_id = s.customer_id)
                """, ct, ("type", type), ("tier", tier), ("reason", Text("reason")), ("at", now.AddDays(-300)));
        }
    }

    private static async Task Said(DbConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        for (var i = 0; i < Contacts.Length; i++)
        {
            var (days, kind, side, tone) = Contacts[i];
            // Not everybody was spoken to each time, and not on the same day.
            for (var rest = 0; rest < 4; rest++)
            {
                await connection.Run($"""
                    insert into customers_note (customer_id, body, created_at, created_by, form_key, kind, direction, at, tone)
                    select customer_id, @body, @at, 'admin', 'demo-{i}-' || customer_id, @kind, @side, @at, @tone from customers_relationship where customer_id % 5 = {(rest + i) % 5} and type >= {Proactive} on conflict (form_key) do nothing
                    """, ct, ("body", Text("said" + (i + 1).ToString(CultureInfo.InvariantCulture))), ("at", now.AddDays(-days - (3 * rest)).AddHours(-rest)), ("kind", (short)kind), ("side", (short)side), ("tone", (short?)tone));
            }
        }
        for (var i = 0; i < Promises.Length; i++)
        {
            var (due, done) = Promises[i];
            await connection.Run($"""
                insert into customers_next_step (customer_id, what, due_at, done_at, created_at, created_by, form_key)
                select customer_id, @what, @due, @done, @at, 'admin', 'demo-{i}-' || customer_id from customers_relationship where type >= {Proactive} and customer_id % 4 <> {i} on conflict (form_key) do nothing
                """, ct, ("what", Text("promise" + (i + 1).ToString(CultureInfo.InvariantCulture))), ("due", now.AddDays(-due)), ("done", done is { } after ? now.AddDays(-due + after) : null), ("at", now.AddDays(-due - 10)));
        }
    }

    private static async Task Bonds(DbConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        for (var kind = 1; kind <= 4; kind++)
        {
            await connection.Run($"""
                insert into customers_bond (customer_id, kind, what, since_on, created_at, created_by, version, form_key)
                select customer_id, {kind}, @what, '2025-03-01', @at, 'admin', 1, 'demo-{kind}-' || customer_id from customers_relationship where type = {Partnership} and customer_id % {kind + 1} = 0 on conflict (form_key) do nothing
                """, ct, ("what", Text("bond" + kind.ToString(CultureInfo.InvariantCulture))), ("at", now.AddDays(-200)));
        }
        for (var kind = 1; kind <= 3; kind++)
        {
            await connection.Run($"""
                insert into customers_moment (customer_id, kind, at, what, reaction, tone, who, created_at, created_by, version, form_key)
                select customer_id, {kind}, @at, @what, @reaction, @tone, 'admin', @at, 'admin', 1, 'demo-{kind}-' || customer_id from customers_relationship where type = {Partnership} and customer_id % {kind + 1} = 0 on conflict (form_key) do nothing
                """, ct, ("what", Text("moment" + kind.ToString(CultureInfo.InvariantCulture))), ("reaction", kind == 1 ? Text("reaction") : ""), ("tone", (short)2), ("at", now.AddDays(-25 * kind)));
        }
        await connection.Run($"""
            insert into customers_retention_plan (customer_id, goal, next_bond, review_on, created_at, created_by, version)
            select customer_id, @goal, 4, @review, @at, 'admin', 1 from customers_relationship where type = {Partnership} and customer_id % 2 = 0 on conflict (customer_id) do nothing
            """, ct, ("goal", Text("goal")), ("review", now.AddDays(60).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), ("at", now.AddDays(-30)));
    }

    /// <summary>Contacts of the plan that nobody got round to.</summary>
    private static async Task Late(DbConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var language = CommandLine.Texts.Language == "en" ? "english" : "chinese";
        for (var late = 1; late <= 3; late++)
        {
            await connection.Run($"""
                insert into customers_next_step (customer_id, what, due_at, created_at, created_by, form_key, touch_id)
                select r.customer_id, t.{language}, @due, @at, '', 'demo-late-' || r.customer_id, t.id from customers_relationship r join customers_touch t on t.type = r.type and t.after = 3 where r.customer_id % 10 = {late} on conflict (form_key) do nothing
                """, ct, ("due", now.AddDays(-4 * late)), ("at", now.AddDays(-4 * late - 7)));
        }
    }

    private static string Text(string key) => CommandLine.Texts["cli.demo.relationship." + key];
}
