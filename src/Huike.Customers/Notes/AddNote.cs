using Huike.Customers.Contracts;
using Huike.Customers.Find;
using Huike.Customers.OneVoice;
using Huike.Customers.PermissionStages;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Search;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers.Notes;

/// <summary>Adds a note to a customer's timeline, or what was said at a contact.</summary>
internal sealed class AddNote(HuikeDb db, FollowPermission permission, TellMentioned tell, EventLog events, AuditLog audit, TimeProvider clock)
{
    private const int Longest = 4_000;

    /// <summary>Clocks differ.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <param name="customerId">Whose.</param>
    /// <param name="said">What, and how it was said.</param>
    /// <param name="by">Who writes.</param>
    /// <param name="form">The form's key: sent twice, it makes one note.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Mentioned colleagues who may not see the customer and were told nothing.</returns>
    /// <exception cref="RuleException"><c>customers.note.length</c>, <c>customers.voice.at</c>: a contact that is still to come, <c>customers.customer.unknown</c>; those of <see cref="NoteThread.Demand"/>.</exception>
    public async Task<IReadOnlyList<Colleague>> Run(long customerId, ContactText said, string by, FormKey form, CancellationToken ct)
    {
        var text = said.Body?.Trim() ?? "";
        if (text.Length is 0 or > Longest) { throw new RuleException("customers.note.length", Longest); }
        var isContact = said.Kind != InteractionKind.Note;
        if (isContact && said.At is { } at && (at > clock.GetUtcNow() + Ahead || at.Year < 1970)) { throw new RuleException("customers.voice.at"); }
        var side = !isContact ? InteractionSide.None : said.Side == InteractionSide.None ? InteractionSide.Us : said.Side;
        var kept = said with { Body = text, Side = side, At = isContact ? said.At : null };
        IReadOnlyList<Colleague> untold = [];
        await FormKey.Once(audit, db, db.Set<Note>().Where(note => note.FormKey == form.Value), async () =>
        {
            await CustomerRules.Demand(db, customerId, ct);
            await NoteThread.Demand(db.Database.GetDbConnection(), customerId, kept, ct);
            var note = new Note(customerId, kept, by, clock.GetUtcNow(), form.Value);
            db.Add(note);
            await db.SaveChangesAsync(ct);
            var connection = db.Database.GetDbConnection();
            await SearchRows.Notes.Add(connection, note.Id, SearchTokens.OfText(text), ct);
            untold = await tell.Run(connection, note, ct);
            if (isContact)
            {
                await BeginContact.End(connection, customerId, audit.Who, ct);
                await permission.Run(connection, [customerId], ct);
            }
            await events.Raise(connection, new CustomerNoted(customerId, isContact), ct);
            return Audited.Customer("customer.noted", customerId, isContact ? [AuditChange.Is("note", text), AuditChange.Is("contact", CustomerFilter.Kebab(said.Kind))] : [AuditChange.Is("note", text)]);
        }, ct);
        return untold;
    }
}
