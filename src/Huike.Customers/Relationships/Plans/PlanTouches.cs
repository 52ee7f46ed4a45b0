using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Microsoft.Extensions.Logging;

namespace Huike.Customers.Relationships.Plans;

/// <summary>Makes next steps of the contact plan, each occurrence once, whoever does it and however often. Cut off and run again it makes the rest.</summary>
internal sealed class PlanTouches(Database database, Occurrences occurrences, EventLog events, AuditLog audit, SettingsStore settings, TimeProvider clock) : IJobWorker
{
    public const string KindName = "customers.touches";

    private const int AtOnce = 300;

    public string Kind => KindName;

    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        List<Touch> plan;
        await using (var connection = await database.Open(ct)) { plan = await Touch.All(connection, ct); }
        for (var i = 0; i < plan.Count; i++)
        {
            for (long? behind = 0; behind is { } last;) { behind = await Some(plan[i], last, ct); }
            progress((i + 1.0) / plan.Count);
        }
    }

    /// <summary>Names an occurrence: it is made once.</summary>
    public static string KeyOf(Touch touch, Occurrence one) => string.Create(CultureInfo.InvariantCulture, $"touch-{touch.Id}-{one.CustomerId}-{one.From:yyyyMMdd}");

    /// <returns>The last customer that was looked at; null: there is none behind.</returns>
    private async Task<long?> Some(Touch touch, long behind, CancellationToken ct)
    {
        // Most have nothing coming: they are looked through without keeping anybody from writing.
        var due = new List<(Occurrence Occurrence, DateOnly On)>();
        await using var connection = await database.Open(ct);
        var some = await occurrences.Of(connection, touch, behind, AtOnce, null, ct);
        foreach (var one in some)
        {
            if (await occurrences.Due(touch, one, ahead: false, ct) is { } day) { due.Add((one, day)); }
        }
        if (due.Count > 0) { await Make(connection, touch, due, ct); }
        return some.Count < AtOnce ? null : some[^1].CustomerId;
    }

    private async Task Make(DbConnection connection, Touch touch, List<(Occurrence Occurrence, DateOnly On)> due, CancellationToken ct)
    {
        var (zone, language) = ((await settings.Get<FirmSettings>(ct)).Zone, (await settings.Get<RelationshipRules>(ct)).Language);
        using var turn = await database.WriteTurn(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // One at a time: whether an earlier one is open is read and acted on under this lock.
        if (database.Kind == DatabaseKind.Postgres) { await connection.Run("select pg_advisory_xact_lock(4242037)", ct); }
        var entries = new List<AuditEntry>();
        foreach (var (one, day) in due)
        {
            var text = touch.Text(one.Language.Length > 0 ? one.Language : language);
            var key = KeyOf(touch, one);
            if (await connection.Number("select id from customers_next_step where form_key = @key", ct, ("key", key)) > 0) { continue; }
            // Held first, as by everybody else; who was merged or removed meanwhile gets none.
            if (await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", one.CustomerId)) == 0) { continue; }
            var made = await connection.Run("""
                insert into customers_next_step (customer_id, what, due_at, created_at, created_by, form_key, touch_id)
                select c.id, @what, @due, @now, '', @key, @touch from customers_customer c where c.id = @id
                and not exists (select 1 from customers_next_step n where n.customer_id = c.id and n.touch_id = @touch and n.done_at is null)
                on conflict (form_key) do nothing
                """, ct, ("id", one.CustomerId), ("what", text), ("due", LocalDay.End(day, zone)), ("now", clock.GetUtcNow()), ("touch", touch.Id), ("key", key));
            if (made == 0) { continue; }
            await events.Raise(connection, new NextStepChanged(one.CustomerId, IsDone: false), ct);
            entries.Add(Audited.Customer("customer.step-planned", one.CustomerId, [AuditChange.Is("step", text), AuditChange.Is("due", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))]));
        }
        if (entries.Count > 0) { await audit.WriteAll(connection, entries, ct); }
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Asks for it before the day's work begins, and before it is told what is due.</summary>
internal sealed class PlanEveryMorning(JobQueue jobs, SettingsStore settings, TimeProvider clock, ILogger<PlanEveryMorning> log) : Nightly(jobs, settings, clock, log, PlanTouches.KindName, "{}")
{
    private const int BeforeNotices = 5;

    protected override Task<int> Hour(CancellationToken ct) => Task.FromResult(BeforeNotices);
}

/// <summary>Asks for it when purchases were loaded, where the firm uses the plan.</summary>
internal sealed class PlanAfterLoad(JobQueue jobs, SettingsStore settings) : ILedgerListener
{
    public async Task LedgerChanged(DbConnection connection, LedgerChange change, CancellationToken ct)
    {
        if (change.Undone || (!(await settings.Get<RelationshipRules>(ct)).AppliesSuggestions && await connection.Number("select id from customers_relationship limit 1", ct) == 0)) { return; }
        await jobs.AddUnlessWaiting(connection, PlanTouches.KindName, "{}", change.By, ct);
    }
}
