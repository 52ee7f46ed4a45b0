using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Audit;
using Huike.Platform.Calendar;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Notifications;
using Huike.Platform.Settings;
using Microsoft.Extensions.Logging;

namespace Huike.Customers.Pools;

/// <summary>Each morning: gathers customers whom nobody looks after, returns those whose day it is, and tells owners of those who go in the next days. Cut off and run again it does the rest.</summary>
internal sealed class ReturnToPools(Database database, Departures departures, ChangeHands hands, NoticeLog notices, AuditLog audit, PoolDays days) : IJobWorker
{
    public const string KindName = "customers.return";
    public const string Warned = "customers.pool-warning";
    public const string Returned = "customers.pool-returned";

    private const int AtOnce = 500;

    public string Kind => KindName;

    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        List<Pool> pools;
        await using (var connection = await database.Open(ct)) { pools = (await Pool.All(connection, ct)).FindAll(pool => pool.IsOpen); }
        for (var i = 0; i < pools.Count; i++)
        {
            await Gather(pools[i], ct);
            await Return(pools[i], ct);
            await Warn(pools[i], ct);
            progress((i + 1.0) / pools.Count);
        }
    }

    /// <summary>归集: customers of the pool's places and categories who have no owner and wait nowhere.</summary>
    public async Task Gather(Pool pool, CancellationToken ct)
    {
        foreach (var (column, values) in new[] { ("place", pool.Rules.Places), ("category", pool.Rules.Categories) })
        {
            foreach (var value in values)
            {
                int found;
                do
                {
                    found = await audit.ChangeAll(async connection =>
                    {
                        var some = await connection.Rows($"select c.id from customers_customer c where coalesce(c.{column}, '') = @value and c.owner_id is null and c.pool_id is null and not exists (select 1 from customers_erasure x where x.customer_id = c.id) order by c.id limit {AtOnce}{Hold(connection)}", row => row.GetInt64(0), ct, ("value", value));
                        return await hands.Run(connection, some, new(HandCause.Gathered, null, pool), ct);
                    }, ct);
                }
                while (found > 0);
            }
        }
    }

    /// <summary>Returns whose day it is. Each is looked at again under its lock: who was called meanwhile stays.</summary>
    public async Task Return(Pool pool, CancellationToken ct)
    {
        var today = await days.Today(ct);
        var due = await departures.Of(pool, new(today, today), ct);
        foreach (var some in due.Where(one => one.On == today).Select(one => one.CustomerId).Chunk(AtOnce))
        {
            await audit.ChangeAll(async connection =>
            {
                await connection.Rows($"select c.id from customers_customer c where c.id in ({string.Join(',', some)}) order by c.id{Hold(connection)}", row => row.GetInt64(0), ct);
                var now = (await departures.Of(connection, pool, new(today, today) { Customers = some }, ct)).Where(one => one.On == today).ToDictionary(one => one.CustomerId);
                var entries = await hands.Run(connection, now.Keys, new(HandCause.Returned, null, pool) { Because = now }, ct);
                foreach (var of in now.Values.GroupBy(one => one.OwnerId))
                {
                    await notices.Tell(connection, new Notice(Returned, of.Key, "customers.notice.poolReturned", string.Create(CultureInfo.InvariantCulture, $"{Returned}/{pool.Id}/{today:yyyy-MM-dd}/{some[0]}")) { Args = [of.Count(), pool.Name], Href = PoolEndpoints.LeavingPath, ToActorToo = true }, ct);
                }
                return entries;
            }, ct);
        }
    }

    /// <summary>Tells each owner once of each of his customers, so many working days before.</summary>
    private async Task Warn(Pool pool, CancellationToken ct)
    {
        if (pool.Rules.WarningDays == 0) { return; }
        var today = await days.Today(ct);
        var ahead = new Dictionary<long, DateOnly>();
        var coming = new List<Departure>();
        foreach (var one in await departures.Of(pool, new(today.AddDays(1), await days.Ahead(today, pool.Rules.WarningDays * 2, ct)), ct))
        {
            if (!ahead.TryGetValue(one.OwnerId, out var until)) { ahead[one.OwnerId] = until = await days.AheadOf(one.OwnerId, today, pool.Rules.WarningDays, ct); }
            if (one.On <= until) { coming.Add(one); }
        }
        foreach (var some in coming.Chunk(AtOnce))
        {
            using var turn = await database.WriteTurn(ct);
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            foreach (var one in some)
            {
                await notices.Tell(connection, new Notice(Warned, one.OwnerId, "customers.notice.poolWarning", string.Create(CultureInfo.InvariantCulture, $"{Warned}/{one.CustomerId}/{one.Since:yyyy-MM-dd}/{one.Lack}/{one.On:yyyy-MM-dd}")) { About = new(CustomerPermissions.Records.Name, one.CustomerId), Args = [one.On, pool.Name], ToActorToo = true }, ct);
            }
            await transaction.CommitAsync(ct);
        }
    }

    private static string Hold(System.Data.Common.DbConnection connection) => connection.Kind() == DatabaseKind.Postgres ? " for no key update of c" : "";
}

/// <summary>Working days from today on.</summary>
internal sealed class PoolDays(Calendars calendars, SettingsStore settings, TimeProvider clock)
{
    /// <summary>In the firm's zone.</summary>
    public async Task<DateOnly> Today(CancellationToken ct) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), (await settings.Get<FirmSettings>(ct)).Zone).DateTime);

    /// <summary>By the firm's usual calendar, and two weeks more for those of others.</summary>
    public async Task<DateOnly> Ahead(DateOnly today, int count, CancellationToken ct) => (await calendars.Usual(ct)).Time.AddDays(today, count).AddDays(14);

    public async Task<DateOnly> AheadOf(long owner, DateOnly today, int count, CancellationToken ct) => (await calendars.OfPerson(owner, ct)).Time.AddDays(today, count);
}

/// <summary>Asks for it before the day's work begins.</summary>
internal sealed class ReturnEveryMorning(JobQueue jobs, SettingsStore settings, TimeProvider clock, ILogger<ReturnEveryMorning> log) : Nightly(jobs, settings, clock, log, ReturnToPools.KindName, "{}")
{
    private const int BeforeNotices = 5;

    protected override Task<int> Hour(CancellationToken ct) => Task.FromResult(BeforeNotices);
}
