using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Jobs;
using Huike.Platform.Notifications;
using Huike.Platform.Settings;
using Microsoft.Extensions.Logging;

namespace Huike.Customers.Notices;

/// <summary>Tells each morning whose next steps are due and whose requests of the people concerned soon will be: of each once. Cut off and run again it tells the rest.</summary>
internal sealed class TellWhatIsDue(Database database, NoticeLog notices, TellBirthdays birthdays, SettingsStore settings, TimeProvider clock) : IJobWorker
{
    public const string KindName = "customers.due";
    public const string StepDue = "customers.step-due";
    public const string RequestDue = "privacy.request-due";

    /// <summary>What is overdue for longer was told of before, or lay there before anybody could be told.</summary>
    private const int DaysBack = 7;

    /// <summary>So long before its end somebody should know of a request.</summary>
    private const int DaysAhead = 3;

    private const int AtOnce = 200;
    private const int MostPeople = 20_000;

    public string Kind => KindName;

    private sealed record Due(long Id, long Customer, DateTimeOffset At, string By, long? Owner);

    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);
        var people = await People(ct);
        await Tell("select s.id, s.customer_id, s.due_at, s.created_by, c.owner_id from customers_next_step s join customers_customer c on c.id = s.customer_id where s.done_at is null and s.due_at <= @until and (s.due_at, s.id) > (@at, @id) order by s.due_at, s.id",
            LocalDay.Begin(today.AddDays(-DaysBack), zone), LocalDay.End(today, zone), Step, ct);
        progress(0.5);
        await Tell("select id, customer_id, due_at, created_by, null from customers_subject_request where state = 0 and due_at <= @until and (due_at, id) > (@at, @id) order by due_at, id",
            LocalDay.Begin(today.AddDays(-DaysBack), zone), LocalDay.End(today.AddDays(DaysAhead), zone), Request, ct);
        await birthdays.Run(today, ct);

        DateOnly Day(Due due) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(due.At, zone).DateTime);

        Notice? Step(Due due) => (people.GetValueOrDefault(due.By) is var planner and > 0 ? planner : due.Owner) is not { } user ? null
            : new Notice(StepDue, user, "customers.notice.stepDue", string.Create(CultureInfo.InvariantCulture, $"{StepDue}/{due.Id}")) { About = new(CustomerPermissions.Records.Name, due.Customer), Args = [Day(due)] };

        Notice? Request(Due due) => people.GetValueOrDefault(due.By) is not (var taker and > 0) ? null
            : new Notice(RequestDue, taker, "privacy.notice.requestDue", string.Create(CultureInfo.InvariantCulture, $"{RequestDue}/{due.Id}")) { Args = [due.Id.ToString(CultureInfo.InvariantCulture), Day(due)], Href = string.Create(CultureInfo.InvariantCulture, $"/admin/privacy/requests/{due.Id}") };
    }

    /// <summary>Users by the names that stand on what they wrote; two of one name are nobody.</summary>
    private async Task<Dictionary<string, long>> People(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var all = await connection.Rows($"select id, coalesce(nullif(display_name, ''), user_name) from platform_user where disabled_at is null order by id limit {MostPeople}", row => (Id: row.GetInt64(0), Name: row.GetString(1)), ct);
        return all.GroupBy(one => one.Name).Where(of => of.Count() == 1).ToDictionary(of => of.Key, of => of.First().Id);
    }

    private async Task Tell(string sql, DateTimeOffset from, DateTimeOffset until, Func<Due, Notice?> notice, CancellationToken ct)
    {
        var last = (At: from, Id: 0L);
        while (true)
        {
            using var turn = await database.WriteTurn(ct);
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var some = await connection.Rows($"{sql} limit {AtOnce}", Map, ct, ("until", until), ("at", last.At), ("id", last.Id));
            foreach (var one in some.Select(notice).OfType<Notice>()) { await notices.Tell(connection, one, ct); }
            await transaction.CommitAsync(ct);
            if (some.Count < AtOnce) { return; }
            last = (some[^1].At, some[^1].Id);
        }
    }

    private static Due Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.At(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetInt64(4));
}

/// <summary>Asks for it before the day's work begins, and before the digests go.</summary>
internal sealed class EveryMorning(JobQueue jobs, SettingsStore settings, TimeProvider clock, ILogger<EveryMorning> log) : Nightly(jobs, settings, clock, log, TellWhatIsDue.KindName, "{}")
{
    private const int BeforeWork = 6;

    protected override Task<int> Hour(CancellationToken ct) => Task.FromResult(BeforeWork);
}
