using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers.Notes;

/// <summary>Adds a note to a customer's timeline.</summary>
internal sealed class AddNote(HuikeDb db, EventLog events, AuditLog audit, TimeProvider clock)
{
    private const int Longest = 4_000;

    /// <param name="customerId">Whose.</param>
    /// <param name="body">1–4,000 characters.</param>
    /// <param name="by">Who writes.</param>
    /// <param name="form">The form's key: sent twice, it makes one note.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>customers.note.length</c>, <c>customers.customer.unknown</c>.</exception>
    public async Task Run(long customerId, string? body, string by, FormKey form, CancellationToken ct)
    {
        var text = body?.Trim() ?? "";
        if (text.Length is 0 or > Longest) { throw new RuleException("customers.note.length", Longest); }
        await FormKey.Once(audit, db, db.Set<Note>().Where(note => note.FormKey == form.Value), async () =>
        {
            await CustomerRules.Demand(db, customerId, ct);
            db.Add(new Note(customerId, text, by, clock.GetUtcNow(), form.Value));
            await db.SaveChangesAsync(ct);
            await events.Raise(db.Database.GetDbConnection(), new CustomerNoted(customerId), ct);
            return Audited.Customer("customer.noted", customerId, [AuditChange.Is("note", text)]);
        }, ct);
    }
}
