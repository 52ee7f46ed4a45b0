using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Approvals;
using Huike.Platform.Audit;
using Huike.Platform.Calendar;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Notifications;

namespace Huike.Customers.Pools;

/// <summary>Asks to keep a customer for longer, of the owner's leader and the pool's administrators, or by a flow. Writes several things: who calls it holds a batch.</summary>
internal sealed class AskExtension(Departures departures, ExtensionWork work, AskApproval approvals, NoticeLog notices, AuditLog audit, TimeProvider clock)
{
    public const string Asked = "customers.extension-asked";

    /// <summary>What approvals of extensions are about.</summary>
    public const string Subject = "pool-extension";

    private const int DaysAhead = 60;

    /// <exception cref="RuleException"><c>pools.reason</c>, <c>pools.extension.owner</c>, <c>pools.extension.none</c>: the customer doesn't go, <c>pools.extension.pending</c>, <c>pools.extension.most</c>; those of the flow.</exception>
    public async Task<long> Run(long customer, long owner, string? reason, FormKey key, CancellationToken ct)
    {
        var why = PutIntoPool.Reason(reason);
        var (id, title, flow) = (0L, "", (long?)null);
        await audit.Change(async connection =>
        {
            await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", customer));
            id = await connection.Number($"select id from {Extension.Table} where form_key = @key", ct, ("key", key.Value));
            if (id > 0) { return null; }
            if (await connection.Number("select coalesce(owner_id, 0) from customers_customer where id = @id", ct, ("id", customer)) != owner) { throw new RuleException("pools.extension.owner"); }
            var (pool, departure) = await Going(connection, customer, owner, ct) ?? throw new RuleException("pools.extension.none");
            var earlier = (await Extension.Of(connection, customer, ct)).FindAll(one => one.Owner.Id == owner);
            if (earlier.Exists(one => one.State == ExtensionState.Open)) { throw new RuleException("pools.extension.pending"); }
            if (earlier.Count(one => one.State == ExtensionState.Granted) >= pool.Rules.Extensions) { throw new RuleException("pools.extension.most", pool.Rules.Extensions); }
            id = await connection.Number($"insert into {Extension.Table} (customer_id, pool_id, owner_id, days, reason, state, asked_at, answer, form_key) values (@customer, @pool, @owner, @days, @reason, 0, @at, '', @key) returning id", ct,
                ("customer", customer), ("pool", pool.Id), ("owner", owner), ("days", pool.Rules.ExtensionDays), ("reason", why), ("at", clock.GetUtcNow()), ("key", key.Value));
            (title, flow) = ($"{departure.Customer} · {pool.Name}", pool.Rules.Flow);
            if (flow is null) { await Tell(connection, id, customer, owner, pool.Id, ct); }
            return Audited.Customer("pool.extension-asked", customer, [AuditChange.Is("pool", pool.Name), AuditChange.Is("days", pool.Rules.ExtensionDays)]) with { Reason = why };
        }, ct);
        if (flow is { } by) { await approvals.Run(by, Subject, id, new(title.Length > 200 ? title[..200] : title, why, null), owner, key.Value, ct); }
        return id;
    }

    /// <summary>When a customer goes from its owner, and where; null: it doesn't within the next weeks.</summary>
    public async Task<(Pool Pool, Departure Departure)?> Going(DbConnection connection, long customer, long owner, CancellationToken ct)
    {
        if (await PoolMember.Home(connection, owner, ct) is not { } home) { return null; }
        var (pool, today) = (await Pool.Find(connection, home, ct), await work.Today(owner, ct));
        var found = await departures.Of(connection, pool, new(today, today.AddDays(DaysAhead), owner) { Customers = [customer] }, ct);
        return found.Count == 0 ? null : (pool, found[0]);
    }

    private async Task Tell(DbConnection connection, long id, long customer, long owner, long pool, CancellationToken ct)
    {
        var administrators = (await PoolMember.Of(connection, pool, ct)).Where(member => member.IsAdministrator).Select(member => member.UserId).OfType<long>();
        foreach (var user in (await Leaders.Of(connection, owner, above: false, exceptUser: true, ct)).Concat(administrators).Where(user => user != owner).Distinct())
        {
            await notices.Tell(connection, new Notice(Asked, user, "customers.notice.extensionAsked", string.Create(CultureInfo.InvariantCulture, $"{Asked}/{id}")) { About = new(CustomerPermissions.Records.Name, customer), Href = PoolEndpoints.ExtensionsPath }, ct);
        }
    }
}

/// <summary>Grants an extension or refuses it.</summary>
internal sealed class DecideExtension(AskExtension ask, ExtensionWork work, ChangeHands hands, NoticeLog notices, AuditLog audit, TimeProvider clock) : IEventHandler<ApprovalDecided>
{
    public const string Decided = "customers.extension-decided";

    /// <exception cref="RuleException"><c>pools.extension.unknown</c>: none that waits and that he decides.</exception>
    public Task Run(long id, long decider, IReadOnlyList<Pool> administers, bool grants, string? answer, CancellationToken ct) => audit.Change(async connection =>
    {
        if ((await Extension.Waiting(connection, decider, administers, ct)).Find(one => one.Id == id) is not { } extension) { throw new RuleException("pools.extension.unknown"); }
        if ((await Pool.Find(connection, extension.PoolId, ct)).Rules.Flow is not null) { throw new RuleException("pools.extension.flow"); }
        return await End(connection, extension, grants, TypedText.Clean(answer) is { Length: <= Extension.LongestReason } text ? text : throw new RuleException("pools.reason", Extension.LongestReason), ct);
    }, ct);

    /// <summary>What a flow has decided.</summary>
    public async Task Run(ApprovalDecided happened, Occurrence occurrence, DbConnection connection, CancellationToken ct)
    {
        if (happened.SubjectKind != AskExtension.Subject || await Extension.Find(connection, happened.SubjectId, ct) is not { State: ExtensionState.Open } extension) { return; }
        await audit.Write(connection, await End(connection, extension, happened.Outcome == ApprovalState.Approved, "", ct), ct);
    }

    private async Task<AuditEntry> End(DbConnection connection, Extension extension, bool grants, string answer, CancellationToken ct)
    {
        await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", extension.CustomerId));
        var going = await ask.Going(connection, extension.CustomerId, extension.Owner.Id, ct);
        var isLate = await connection.Number("select coalesce(owner_id, 0) from customers_customer where id = @id", ct, ("id", extension.CustomerId)) != extension.Owner.Id;
        if (isLate) { grants = false; }
        var until = grants ? await work.Until(extension.Owner.Id, going?.Departure.On, extension.Days, ct) : (DateOnly?)null;
        await connection.Run($"update {Extension.Table} set state = @state, until_on = @until, decided_at = @at, decided_by = @by, answer = @answer where id = @id and state = 0", ct,
            ("state", grants ? ExtensionState.Granted : ExtensionState.Refused), ("until", until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), ("at", clock.GetUtcNow()), ("by", audit.Who), ("answer", answer), ("id", extension.Id));
        if (grants) { await hands.Extended(connection, extension.CustomerId, extension.Owner.Id, extension.Days, extension.Reason, ct); }
        await notices.Tell(connection, new Notice(Decided, extension.Owner.Id, grants ? "customers.notice.extensionGranted" : "customers.notice.extensionRefused", string.Create(CultureInfo.InvariantCulture, $"{Decided}/{extension.Id}")) { About = new(CustomerPermissions.Records.Name, extension.CustomerId) }, ct);
        return Audited.Customer(grants ? "pool.extension-granted" : "pool.extension-refused", extension.CustomerId, [AuditChange.Is("pool", extension.Pool), AuditChange.Is("until", until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))]) with { Reason = answer };
    }
}

/// <summary>Days of owners.</summary>
internal sealed class ExtensionWork(Calendars calendars, TimeProvider clock)
{
    public async Task<DateOnly> Today(long owner, CancellationToken ct) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), (await calendars.OfPerson(owner, ct)).Time.Zone).DateTime);

    /// <summary>The last day of an extension, which begins on the day on which the customer would go.</summary>
    public async Task<DateOnly> Until(long owner, DateOnly? goes, int days, CancellationToken ct) => (await calendars.OfPerson(owner, ct)).Time.AddDays((goes ?? await Today(owner, ct)).AddDays(-1), days);
}
