using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers.NextSteps;

/// <summary>Marks a next step as done.</summary>
internal sealed class FinishNextStep(HuikeDb db, EventLog events, AuditLog audit, TimeProvider clock)
{
    /// <exception cref="RuleException"><c>customers.step.unknown</c>: the customer has no such step.</exception>
    public Task Run(long customerId, long stepId, CancellationToken ct) => audit.Save(db, async () =>
    {
        var step = await db.Set<NextStep>().FirstOrDefaultAsync(step => step.Id == stepId && step.CustomerId == customerId, ct) ?? throw new RuleException("customers.step.unknown");
        step.Finish(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        await events.Raise(db.Database.GetDbConnection(), new NextStepChanged(customerId, IsDone: true), ct);
        return Audited.Customer("customer.step-finished", customerId, [AuditChange.Is("step", step.What)]);
    }, ct);
}
