using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Settings;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers.NextSteps;

/// <summary>Plans a next step with a customer.</summary>
internal sealed class AddNextStep(HuikeDb db, EventLog events, AuditLog audit, SettingsStore settings, TimeProvider clock)
{
    private const int Longest = 400;

    /// <param name="customerId">With whom.</param>
    /// <param name="what">1–400 characters.</param>
    /// <param name="due">Day by which it is to be done, as yyyy-MM-dd.</param>
    /// <param name="by">Who plans.</param>
    /// <param name="form">The form's key: sent twice, it makes one step.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>customers.step.length</c>, <c>customers.step.dueWrong</c>, <c>customers.customer.unknown</c>.</exception>
    public async Task Run(long customerId, string? what, string? due, string by, FormKey form, CancellationToken ct)
    {
        var text = what?.Trim() ?? "";
        if (text.Length is 0 or > Longest) { throw new RuleException("customers.step.length", Longest); }
        if (!DateOnly.TryParseExact(due, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 1970 or > 9000) { throw new RuleException("customers.step.dueWrong"); }
        var dueAt = LocalDay.End(day, (await settings.Get<FirmSettings>(ct)).Zone);
        await FormKey.Once(audit, db, db.Set<NextStep>().Where(step => step.FormKey == form.Value), async () =>
        {
            await CustomerRules.Demand(db, customerId, ct);
            db.Add(new NextStep(customerId, text, dueAt, by, clock.GetUtcNow(), form.Value));
            await db.SaveChangesAsync(ct);
            await events.Raise(db.Database.GetDbConnection(), new NextStepChanged(customerId, IsDone: false), ct);
            return Audited.Customer("customer.step-planned", customerId, [AuditChange.Is("step", text), AuditChange.Is("due", due)]);
        }, ct);
    }
}
