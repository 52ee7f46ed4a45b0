using System.Data.Common;
using Huike.Platform.Audit;

namespace Huike.Platform.Calendar;

/// <summary>A change of calendars: alone among such changes on all nodes, audited, in force at once.</summary>
internal sealed class CalendarChange(Calendars calendars, AuditLog audit)
{
    /// <summary>How the audit names calendars.</summary>
    public static readonly AuditedKind Audited = new("calendar", "audit.kind.calendar", "/admin/calendars/{0}", "calendar.field.", "calendar.");

    /// <summary>Does the work in one transaction and writes its entry; nothing is written where the work comes to nothing.</summary>
    public async Task Run(Func<DbConnection, Task<AuditEntry?>> work, CancellationToken ct)
    {
        // The usual calendar's row is the lock.
        if (await audit.Change(work, ct, hold: "update platform_calendar set version = version where id = 1")) { calendars.Forget(); }
    }

    /// <summary>An entry about a calendar; 0: about all.</summary>
    public static AuditEntry Entry(string action, long id, params IReadOnlyList<AuditChange> changes) => new("calendar." + action) { Kind = Audited.Name, Record = id, Changes = changes };
}
