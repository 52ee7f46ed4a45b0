using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Calendar;
using Huike.Platform.Data;

namespace Huike.Platform.Health;

/// <summary>When was the last backup made?</summary>
internal sealed class BackupIsFresh(Database database, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(2);
    private static readonly TimeSpan Old = TimeSpan.FromDays(8);

    public string Title => "health.backup";

    public async Task<Finding> Run(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var at = await connection.First("select at from platform_audit where action = 'backup.made' order by id desc limit 1", row => row.AtOrNull(0), ct);
        return at is not { } made ? new(HealthState.Warn, "health.backup.none") { Do = "health.backup.do" }
            : clock.GetUtcNow() - made is var age && age <= Fresh ? new(HealthState.Good, "health.backup.figure", made)
            : new(age > Old ? HealthState.Bad : HealthState.Warn, "health.backup.figure", made) { Do = "health.backup.do" };
    }
}

/// <summary>When was the audit's chain last walked, and was it whole?</summary>
internal sealed class AuditIsWhole(Database database, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(8);

    public string Title => "health.audit";

    public async Task<Finding> Run(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var last = await connection.First("select at, changes from platform_audit where action = 'audit.verified' order by id desc limit 1", row => (At: row.AtOrNull(0), Changes: row.GetString(1)), ct);
        if (last.At is not { } at) { return new(HealthState.Warn, "health.audit.none") { Do = "health.audit.do", Href = AuditQuery.Path, Needs = Permissions.Audit }; }
        if (AuditChange.Read(last.Changes).FirstOrDefault(change => change.Field == "brokenAt") is { } broken) { return new(HealthState.Bad, "health.audit.broken", at, broken.New!) { Do = "health.audit.broken.do", Href = AuditQuery.Path, Needs = Permissions.Audit }; }
        return clock.GetUtcNow() - at <= Fresh ? new(HealthState.Good, "health.audit.figure", at) { Href = AuditQuery.Path, Needs = Permissions.Audit } : new(HealthState.Warn, "health.audit.figure", at) { Do = "health.audit.do", Href = AuditQuery.Path, Needs = Permissions.Audit };
    }
}

/// <summary>Are the public holidays of this year known, and from December on those of the next?</summary>
internal sealed class HolidaysAreKnown(CalendarView view) : IHealthCheck
{
    public string Title => "health.holidays";

    public async Task<Finding> Run(CancellationToken ct)
    {
        await view.Read(ct);
        var today = TimeZoneInfo.ConvertTime(view.Now, view.Picture.Firm);
        // The next year's are told in November.
        var lacking = view.Unknown.Where(year => year == today.Year || today.Month == 12).ToList();
        return lacking.Count > 0 ? new(HealthState.Warn, "health.holidays.unknown", CalendarWords.Years(lacking)) { Do = "health.holidays.do", Href = CalendarModule.Path + "/lists", Needs = Permissions.Organisation } : new(HealthState.Good, "health.holidays.known", CalendarWords.Years([today.Year]));
    }
}
