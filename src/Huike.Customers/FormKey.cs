using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers;

/// <summary>Names one showing of a form: what is sent under it twice (a double click, a repeated request) is done once.</summary>
internal readonly record struct FormKey(string Value)
{
    /// <summary>Name of the hidden input; not <c>form</c>, which would hide the property of that name from scripts.</summary>
    public const string Name = FormKeys.Input;

    /// <summary>For a form about to be shown.</summary>
    public static string New() => FormKeys.New();

    /// <exception cref="RuleException"><c>customers.form.key</c>: no key of ours.</exception>
    public static FormKey Read(string? text) => new(FormKeys.Read(text, "customers.form.key"));

    /// <summary>Does the work and saves it, unless it was done under this key before.</summary>
    /// <param name="audit">Keeps what was done.</param>
    /// <param name="db">Saves the work.</param>
    /// <param name="done">What the key has made already.</param>
    /// <param name="work">Saves to <paramref name="db"/> and says what.</param>
    /// <param name="ct">Ends the write.</param>
    public static async Task Once<T>(AuditLog audit, HuikeDb db, IQueryable<T> done, Func<Task<AuditEntry>> work, CancellationToken ct) where T : class
    {
        if (await done.AnyAsync(ct)) { return; }
        try
        {
            await audit.Save(db, work, ct);
        }
        // Of two at once the unique key lets one through; the other's work is done as well then.
        catch (DbUpdateException) when (done.Any())
        {
            db.ChangeTracker.Clear();
        }
    }
}
