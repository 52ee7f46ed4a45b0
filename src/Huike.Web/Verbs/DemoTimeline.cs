using System.Data.Common;
using System.Globalization;
using Huike.Platform.Data;
using Huike.Platform.Search;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Web.Verbs;

/// <summary>What the demo firm's people said and promised to those of its customers who buy most, with answers and mentions; and who of these agreed to marketing.</summary>
internal static class DemoTimeline
{
    private const int Customers = 60;
    private const int Talks = 6;

    /// <summary>Kind and side of the talks whose words are the texts <c>cli.demo.talk.1</c> and on: a note, a call, a visit, a message of theirs, an e-mail, a call of theirs.</summary>
    private static readonly (int Kind, int Side)[] Shapes = [(0, 0), (1, 2), (2, 2), (4, 1), (5, 2), (1, 1)];

    /// <summary>Writes it, the same each time; what is there already stays.</summary>
    public static async Task Tell(IServiceProvider services, CancellationToken ct)
    {
        var (database, now) = (services.GetRequiredService<Database>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var customers = await connection.Rows($"""
            select c.id, coalesce(nullif(u.display_name, ''), u.user_name), u.user_name from customers_standing s join customers_customer c on c.id = s.customer_id join platform_user u on u.id = c.owner_id
            order by s.documents desc, s.customer_id limit {Customers}
            """, row => (Id: row.GetInt64(0), By: row.GetString(1), Name: row.GetString(2)), ct);
        foreach (var (customer, turnOf) in customers.Select((customer, i) => (customer, i)))
        {
            for (var i = 0; i < 3 + turnOf % 4; i++)
            {
                var talk = (turnOf + i) % Talks;
                var at = now.AddDays(-4 - 11 * i - turnOf % 9).AddMinutes(-37 * turnOf);
                var note = await Note(connection, (customer.Id, customer.By), talk, (at, null), CommandLine.Texts["cli.demo.talk." + (talk + 1).ToString(CultureInfo.InvariantCulture)], ct);
                if (talk == 3) { await Note(connection, (customer.Id, CommandLine.Texts["access.role.name.service-desk"]), 0, (at.AddHours(3), note), CommandLine.Texts["cli.demo.answer", customer.Name], ct); }
            }
            if (turnOf % 3 == 0) { await Promise(connection, (customer.Id, customer.By), now.AddDays(turnOf % 12 - 3), now.AddDays(-4), ct); }
            if (turnOf % 2 == 0) { await Consent(connection, (customer.Id, customer.By), turnOf % 4 == 0 ? 0 : 3, now.AddDays(-60 - turnOf), ct); }
        }
        await transaction.CommitAsync(ct);
    }

    private static async Task<long> Note(DbConnection connection, (long Id, string By) of, int talk, (DateTimeOffset At, long? ReplyTo) when, string text, CancellationToken ct)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"demo-{of.Id}-{talk}-{when.ReplyTo}");
        var id = await connection.Number("""
            insert into customers_note (customer_id, body, kind, direction, at, created_at, created_by, reply_to, form_key) values (@customer, @text, @kind, @side, @at, @at, @by, @reply, @key)
            on conflict (form_key) do nothing returning id
            """, ct, ("customer", of.Id), ("text", text), ("kind", Shapes[talk].Kind), ("side", Shapes[talk].Side), ("at", when.At), ("by", of.By), ("reply", when.ReplyTo), ("key", key));
        if (id == 0) { return await connection.Number("select id from customers_note where form_key = @key", ct, ("key", key)); }
        await connection.Run(connection.Kind() == DatabaseKind.Postgres
            ? "insert into customers_note_search (note_id, tokens) values (@id, array_to_tsvector(string_to_array(@tokens, ' ')))"
            : "insert into customers_note_search (rowid, tokens) values (@id, @tokens)", ct, ("id", id), ("tokens", SearchTokens.Kept(id, SearchTokens.OfText(text))));
        return id;
    }

    private static Task<int> Promise(DbConnection connection, (long Id, string By) of, DateTimeOffset due, DateTimeOffset at, CancellationToken ct) => connection.Run("""
        insert into customers_next_step (customer_id, what, due_at, created_at, created_by, form_key) values (@customer, @what, @due, @at, @by, @key) on conflict (form_key) do nothing
        """, ct, ("customer", of.Id), ("what", CommandLine.Texts["cli.demo.promise"]), ("due", due), ("at", at), ("by", of.By), ("key", string.Create(CultureInfo.InvariantCulture, $"demo-{of.Id}")));

    private static Task<int> Consent(DbConnection connection, (long Id, string By) of, int channel, DateTimeOffset at, CancellationToken ct) => connection.Run("""
        insert into customers_consent (customer_id, purpose_id, channel, given, at, way, proof, created_at, created_by, form_key)
        select @customer, id, @channel, @given, @at, 1, '', @at, @by, @key from customers_purpose where code = 'marketing' on conflict (form_key) do nothing
        """, ct, ("customer", of.Id), ("channel", channel), ("given", true), ("at", at), ("by", of.By), ("key", string.Create(CultureInfo.InvariantCulture, $"demo-{of.Id}")));
}
