using Huike.Platform.Data;

namespace Huike.Platform.Retention;

/// <summary>Which rows of a table with an id go when they are old.</summary>
/// <param name="Kind">Name of the kind.</param>
/// <param name="Usual">Usual period.</param>
/// <param name="Table">The table.</param>
/// <param name="Old">Condition with <c>@before</c>.</param>
public sealed record RowsToKeep(string Kind, RetentionPeriod Usual, string Table, string Old)
{
    /// <summary>What the platform itself keeps for a time.</summary>
    internal static readonly RowsToKeep[] OfPlatform =
    [
        // Longer than any session may last without a request.
        new("sessions", new(30, PeriodUnit.Days), "platform_session", "seen_at < @before"),
        new("signInTries", new(1, PeriodUnit.Days), "platform_sign_in_try", "at < @before"),
        new("links", new(30, PeriodUnit.Days), "platform_user_link", "expires_at < @before"),
        new("tokens", new(90, PeriodUnit.Days), "platform_token", "expires_at < @before"),
        new("apiKeys", new(1, PeriodUnit.Days), "platform_api_key", "created_at < @before"),
        new("shares", new(1, PeriodUnit.Years), "platform_share", "until_at < @before"),
        new("deputies", new(3, PeriodUnit.Years), "platform_deputy", "until_at < @before"),
        // With what was delivered of them; what waits or was put aside keeps its event.
        new("events", new(30, PeriodUnit.Days), "platform_event", "at < @before and id < (select max(id) from platform_event) and not exists (select 1 from platform_delivery d where d.event_id = platform_event.id and d.state in (0, 2))"),
        // What still waits stays, but where its endpoint was switched off.
        new("webhookDeliveries", new(30, PeriodUnit.Days), "platform_webhook_delivery", "created_at < @before and (state <> 0 or webhook_id not in (select id from platform_webhook where is_on))"),
        // What nobody read stays, but where nobody can any more.
        new("notices", new(90, PeriodUnit.Days), "platform_notice", "told_at < @before and mail_at is null and (read_at is not null or in_app = 0 or user_id in (select id from platform_user where disabled_at is not null))"),
        // What a rule knows by it not to act again stays.
        new("ruleRuns", new(1, PeriodUnit.Years), "platform_rule_run", "at < @before and state <> 0 and (state > 1 or rule_id in (select id from platform_rule where again = 0))"),
        // The newest stays, so that its number is not given to another.
        new("jobs", new(90, PeriodUnit.Days), "platform_job", "state >= 2 and finished_at < @before and id < (select max(id) from platform_job)"),
    ];
}

/// <summary>Takes old rows away.</summary>
internal sealed class OldRows(Database database, RowsToKeep rows) : IRetention
{
    public string Kind => rows.Kind;

    public RetentionPeriod Usual => rows.Usual;

    public async Task<long> Count(DateTimeOffset before, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number($"select count(*) from {rows.Table} where {rows.Old}", ct, ("before", before));
    }

    public async Task<long> Remove(DateTimeOffset before, int most, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        return await connection.Run($"delete from {rows.Table} where id in (select id from {rows.Table} where {rows.Old} order by id limit {most})", ct, ("before", before));
    }
}
