using System.Globalization;
using Huike.Customers.NextSteps;
using Huike.Customers.Parts;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Relationships.Bonds;

/// <summary>Writes down bonds, moments and the retention plan of a customer, and takes them away.</summary>
internal sealed class ChangeBonds(WriteOnFile write, Database database, AddNextStep steps, SettingsStore settings)
{
    private const int Most = 200;

    /// <returns>Its id; sent twice under one key, it makes one.</returns>
    /// <exception cref="RuleException"><c>relationship.bond.many</c>, <c>access.record.refused</c>; those of <see cref="WriteOnFile.Run"/>.</exception>
    public Task<long> Add(FileWriter writer, Bond bond, FormKey key, CancellationToken ct) => Within(writer, async file =>
    {
        if (await Earlier(file, Bond.Table, key, ct) is > 0 and var earlier) { return earlier; }
        var id = await file.Connection.Number("""
            insert into customers_bond (customer_id, kind, what, since_on, created_at, created_by, version, form_key) values (@id, @kind, @what, @since, @at, @by, 1, @key) returning id
            """, ct, ("id", file.CustomerId), ("kind", bond.Kind), ("what", bond.What), ("since", Day(bond.Since)), ("at", file.Now), ("by", writer.By), ("key", key.Value));
        file.Tell(Bond.Field, null, bond.Written);
        return id;
    }, ct);

    /// <exception cref="RuleException"><c>relationship.bond.unknown</c>; those of <see cref="Add(FileWriter, Bond, FormKey, CancellationToken)"/>.</exception>
    public Task<long> RemoveBond(FileWriter writer, long id, CancellationToken ct) => Within(writer, async file =>
    {
        var old = (await Bond.Of(file.Connection, file.CustomerId, ct)).Find(one => one.Id == id) ?? throw new RuleException("relationship.bond.unknown") { Status = StatusCodes.Status404NotFound };
        await file.Connection.Run("delete from customers_bond where id = @id", ct, ("id", id));
        file.Tell(Bond.Field, old.Written, null);
        return id;
    }, ct);

    /// <returns>Its id; sent twice under one key, it makes one.</returns>
    /// <exception cref="RuleException">Those of <see cref="Add(FileWriter, Bond, FormKey, CancellationToken)"/>.</exception>
    public async Task<long> Add(FileWriter writer, Moment moment, FormKey key, CancellationToken ct)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        return await Within(writer, async file =>
        {
            if (await Earlier(file, Moment.Table, key, ct) is > 0 and var earlier) { return earlier; }
            // Of today it was just now; of another day nobody knows the hour.
            var day = LocalDay.Begin(moment.On, zone).AddHours(12);
            var id = await file.Connection.Number("""
                insert into customers_moment (customer_id, kind, at, what, reaction, tone, who, created_at, created_by, version, form_key) values (@id, @kind, @on, @what, @reaction, @tone, @who, @at, @by, 1, @key) returning id
                """, ct, ("id", file.CustomerId), ("kind", moment.Kind), ("on", day < file.Now ? day : file.Now), ("what", moment.What), ("reaction", moment.Reaction), ("tone", moment.Tone), ("who", moment.Who.Length > 0 ? moment.Who : writer.By),
                ("at", file.Now), ("by", writer.By), ("key", key.Value));
            file.Tell(Moment.Field, null, moment.Written);
            return id;
        }, ct);
    }

    /// <exception cref="RuleException"><c>relationship.moment.unknown</c>; those of <see cref="Add(FileWriter, Bond, FormKey, CancellationToken)"/>.</exception>
    public Task<long> RemoveMoment(FileWriter writer, long id, CancellationToken ct) => Within(writer, async file =>
    {
        var old = (await Moment.Of(file.Connection, file.CustomerId, TimeZoneInfo.Utc, ct)).Find(one => one.Id == id) ?? throw new RuleException("relationship.moment.unknown") { Status = StatusCodes.Status404NotFound };
        await file.Connection.Run("delete from customers_moment where id = @id", ct, ("id", id));
        file.Tell(Moment.Field, old.Written, null);
        return id;
    }, ct);

    /// <summary>Writes the retention plan; a first step with its day may come with it.</summary>
    /// <param name="writer">Who writes, and on whose file.</param>
    /// <param name="version">Of the plan that was shown; 0: there was none.</param>
    /// <param name="plan">The plan; null: there is to be none.</param>
    /// <param name="step">What is to be done, by when; empty: no step.</param>
    /// <param name="key">Sent twice under one, it makes one step.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>customers.edit.stale</c>; those of <see cref="AddNextStep.Run"/> and <see cref="Add(FileWriter, Bond, FormKey, CancellationToken)"/>.</exception>
    public async Task Save(FileWriter writer, int version, RetentionPlan? plan, (string What, string Due) step, FormKey key, CancellationToken ct)
    {
        await using var batch = await database.Begin(ct);
        var id = await Within(writer, async file =>
        {
            var old = await RetentionPlan.Of(file.Connection, file.CustomerId, ct);
            if (old is { } same && plan is not null && same with { Id = 0, Version = 0 } == plan) { return same.Id; }
            if ((old?.Version ?? 0) != version) { throw new RuleException("customers.edit.stale"); }
            file.Tell(RetentionPlan.Field, old?.Written, plan?.Written);
            if (plan is null) { return await file.Connection.Run("delete from customers_retention_plan where customer_id = @id", ct, ("id", file.CustomerId)); }
            return await file.Connection.Number("""
                insert into customers_retention_plan (customer_id, goal, next_bond, review_on, created_at, created_by, version) values (@id, @goal, @next, @review, @at, @by, 1)
                on conflict (customer_id) do update set goal = excluded.goal, next_bond = excluded.next_bond, review_on = excluded.review_on, version = customers_retention_plan.version + 1 returning id
                """, ct, ("id", file.CustomerId), ("goal", plan.Goal), ("next", plan.Next), ("review", Day(plan.ReviewOn)), ("at", file.Now), ("by", writer.By));
        }, ct);
        if (plan is not null && TypedText.Clean(step.What).Length > 0)
        {
            await steps.Run(writer.CustomerId, step.What, step.Due, writer.By, key, ct);
            await using var connection = await database.Open(ct);
            await connection.Run("update customers_next_step set plan_id = @plan where form_key = @key", ct, ("plan", id), ("key", key.Value));
        }
        await batch.Commit(ct);
    }

    private Task<long> Within(FileWriter writer, Func<FileTurn, Task<long>> work, CancellationToken ct) =>
        writer.Viewer.SeesInternal ? write.Run(writer, work, ct) : throw new RuleException("access.record.refused");

    private static async Task<long> Earlier(FileTurn file, string table, FormKey key, CancellationToken ct)
    {
        if (await file.Connection.Number($"select id from {table} where form_key = @key", ct, ("key", key.Value)) is > 0 and var earlier) { return earlier; }
        return await file.Connection.Number($"select count(*) from {table} where customer_id = @id", ct, ("id", file.CustomerId)) < Most ? 0 : throw new RuleException("relationship.bond.many", Most);
    }

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
