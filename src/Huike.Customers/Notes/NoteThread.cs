using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.OneVoice;
using Huike.Customers.Timeline;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Notes;

/// <summary>An answer to a note or a contact.</summary>
internal sealed record Answer(long Id, long ReplyTo, string Body, string By, DateTimeOffset At);

/// <summary>What the form of an answer shows.</summary>
/// <param name="CustomerId">Whose.</param>
/// <param name="Note">What is answered.</param>
internal sealed record AnswerForm(long CustomerId, NoteRecord Note);

/// <summary>Colleagues that are offered after @.</summary>
internal sealed record OfferedColleagues(IReadOnlyList<Colleague> People);

/// <summary>Answers below notes and contacts, one level deep; and who is offered to be mentioned.</summary>
internal static class NoteThread
{
    private const int MostAnswers = 1_000;

    /// <summary>Answers to these, the oldest first. A merge that was undone may have parted them: only those of the same customer.</summary>
    public static async Task<ILookup<long, Answer>> Of(DbConnection connection, long customerId, IEnumerable<long> notes, CancellationToken ct)
    {
        var ids = string.Join(", ", notes.Where(id => id > 0).Select(id => id.ToString(CultureInfo.InvariantCulture)));
        return (ids.Length == 0 ? [] : await connection.Rows($"select id, reply_to, body, created_by, at from customers_note where reply_to in ({ids}) and customer_id = @id order by reply_to, id limit {MostAnswers}",
            row => new Answer(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.At(4)), ct, ("id", customerId))).ToLookup(answer => answer.ReplyTo);
    }

    /// <exception cref="RuleException"><c>customers.reply.unknown</c>: the customer has no such note; <c>customers.reply.deep</c>: it is an answer itself; <c>customers.reply.kind</c>: a contact answers nothing.</exception>
    public static async Task Demand(DbConnection connection, long customerId, ContactText said, CancellationToken ct)
    {
        if (said.ReplyTo is not { } id) { return; }
        if (said.Kind != InteractionKind.Note) { throw new RuleException("customers.reply.kind"); }
        var found = await connection.Rows("select reply_to from customers_note where id = @note and customer_id = @id", row => row.IsDBNull(0), ct, ("note", id), ("id", customerId));
        if (found is not [var isFirst]) { throw new RuleException("customers.reply.unknown", id); }
        if (!isFirst) { throw new RuleException("customers.reply.deep"); }
    }

    /// <summary>Where two files part again, answers go with what they answer.</summary>
    public static Task Follow(DbConnection connection, (long Survivor, long Absorbed) parted, CancellationToken ct) => connection.Run("""
        update customers_note set customer_id = (select n.customer_id from customers_note n where n.id = customers_note.reply_to)
        where reply_to is not null and customer_id in (@survivor, @absorbed) and customer_id <> (select n.customer_id from customers_note n where n.id = customers_note.reply_to)
        """, ct, ("survivor", parted.Survivor), ("absorbed", parted.Absorbed));

    public static void MapThreads(this IEndpointRouteBuilder routes)
    {
        var edit = routes.MapGroup("/customers/{id:long}").RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        edit.MapGet("/notes/{note:long}/answer", async (HttpContext http, Texts texts, Database database, Shown<AnswerForm> shown, long id, long note, CancellationToken ct) =>
        {
            await using var connection = await database.Open(ct);
            shown.Value = new(id, await NoteApi.Find(connection, id, note, ct) ?? throw new RuleException("customers.reply.unknown", note));
            return Pages.IsPartial(http.Request) ? Pages.Fragment<AnswerPart>(http) : Pages.Show<AnswerPage>(http, texts["customers.reply.title"]);
        });
        edit.MapGet("/colleagues", async (HttpContext http, Database database, Shown<OfferedColleagues> shown, CancellationToken ct, string q = "") =>
        {
            await using var connection = await database.Open(ct);
            // A partner is another firm: who works here is not offered to it.
            shown.Value = new(Viewer.Of(http).SeesInternal ? await Mentions.Offer(connection, q.Length <= 40 ? q : q[..40], ct) : []);
            return Pages.Fragment<ColleaguesPart>(http);
        });
        // A notice leads here: to the page of the timeline on which the note, or what it answers, stands first.
        routes.MapGet("/customers/{id:long}/notes/{note:long}", async (Database database, long id, long note, CancellationToken ct) =>
        {
            await using var connection = await database.Open(ct);
            var at = await connection.First("select coalesce(p.at, n.at) from customers_note n left join customers_note p on p.id = n.reply_to where n.id = @note and n.customer_id = @id", row => (DateTimeOffset?)row.At(0), ct, ("note", note), ("id", id));
            var filter = new TimelineFilter { Before = (at ?? throw new RuleException("customers.reply.unknown", note)).AddMilliseconds(1) };
            return TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{id}{filter.Query}#note-{note}"));
        }).RequireRecord(CustomerPermissions.Records, RecordAction.Read);
    }
}
