using System.Data.Common;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Audit;
using Huike.Platform.Calendar;
using Huike.Platform.Data;

namespace Huike.Platform.Access.Organisation;

/// <summary>A change of the tree: alone among such changes on all nodes, audited, in force at once.</summary>
internal sealed class UnitChange(SessionRegister sessions, Calendars calendars, AuditLog audit)
{
    /// <summary>How the audit names units.</summary>
    public static readonly AuditedKind Audited = new("unit", "audit.kind.unit", "/admin/organisation/{0}", "access.unit.field.", "access.unit.");

    /// <summary>Does the work in one transaction and writes its entry; nothing is written where the work comes to nothing.</summary>
    /// <param name="work">Says what it did; null: nothing.</param>
    /// <param name="ct">Ends the work.</param>
    public async Task Run(Func<DbConnection, Task<AuditEntry?>> work, CancellationToken ct)
    {
        // The firm's row is the lock: two moves at once could make a ring.
        if (!await audit.Change(work, ct, hold: "update platform_unit set version = version where id = 1")) { return; }
        sessions.Forget();
        calendars.Forget();
    }

    /// <exception cref="RuleException"><c>access.unit.unknown</c>; <c>access.unit.closed</c>.</exception>
    public static async Task<Unit> DemandOpen(DbConnection connection, long id, CancellationToken ct)
    {
        var unit = await Unit.Find(connection, id, ct) ?? throw new RuleException("access.unit.unknown", id);
        return unit.ClosedAt is null ? unit : throw new RuleException("access.unit.closed", unit.Name);
    }

    /// <exception cref="RuleException"><c>calendar.unknown</c>: neither a calendar nor 0.</exception>
    public static async Task DemandCalendar(DbConnection connection, long id, CancellationToken ct)
    {
        if (id != WorkingCalendar.OfAbove && await connection.Number("select count(*) from platform_calendar where id = @id", ct, ("id", id)) == 0) { throw new RuleException("calendar.unknown", id); }
    }

    /// <summary>An entry about a unit.</summary>
    public static AuditEntry Entry(string action, long id, params IReadOnlyList<AuditChange> changes) => new("unit." + action) { Kind = Audited.Name, Record = id, Changes = changes };
}
