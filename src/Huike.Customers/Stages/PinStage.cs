using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Settings;

namespace Huike.Customers.Stages;

/// <summary>A stage set by hand.</summary>
internal sealed record StagePin(BuyingStage Stage, string Reason, DateTimeOffset UntilAt, DateTimeOffset CreatedAt, string CreatedBy)
{
    /// <returns>Null where nothing is pinned at <paramref name="now"/>.</returns>
    public static Task<StagePin?> Find(DbConnection connection, long customerId, DateTimeOffset now, CancellationToken ct) => connection.First(
        "select stage, reason, until_at, created_at, created_by from customers_stage_pin where customer_id = @id and until_at > @now",
        row => new StagePin((BuyingStage)row.GetInt16(0), row.GetString(1), row.At(2), row.At(3), row.GetString(4)), ct, ("id", customerId), ("now", now));
}

/// <summary>Pins a customer's buying stage by hand until a day, or takes the pin away; the standing follows at once (H2).</summary>
internal sealed class PinStage(Database database, EventLog events, AuditLog audit, SettingsStore settings, TimeProvider clock)
{
    /// <summary>Name under which pins stand among a customer's changes; values are stage, last day and reason.</summary>
    public const string Field = "stage_pin";

    private const int LongestReason = 400;

    /// <param name="customerId">Whose stage.</param>
    /// <param name="stage">Name of the stage as addresses write it.</param>
    /// <param name="reason">1–400 characters.</param>
    /// <param name="until">Last day of the pin, as yyyy-MM-dd; today or later.</param>
    /// <param name="by">Who pins.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>customers.pin.stage</c>, <c>customers.pin.reason</c>, <c>customers.pin.until</c>, <c>customers.customer.unknown</c>.</exception>
    public async Task Run(long customerId, string? stage, string? reason, string? until, string by, CancellationToken ct)
    {
        var stages = Enum.GetValues<BuyingStage>().Where(known => CustomerFilter.Kebab(known) == stage).ToList();
        if (stages.Count == 0) { throw new RuleException("customers.pin.stage"); }
        var words = reason?.Trim() ?? "";
        if (words.Length is 0 or > LongestReason) { throw new RuleException("customers.pin.reason", LongestReason); }
        var (now, zone) = (clock.GetUtcNow(), (await settings.Get<FirmSettings>(ct)).Zone);
        var read = DateOnly.TryParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year < 9000;
        if (!read || LocalDay.End(day, zone) <= now) { throw new RuleException("customers.pin.until"); }
        await Change(customerId, new StagePin(stages[0], words, LocalDay.End(day, zone), now, by), by, ct);
    }

    /// <summary>Takes the pin away; the stage becomes what the facts say.</summary>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>.</exception>
    public Task Remove(long customerId, string by, CancellationToken ct) => Change(customerId, null, by, ct);

    private async Task Change(long customerId, StagePin? pin, string by, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", customerId)) == 0) { throw new RuleException("customers.customer.unknown", customerId); }
        // A whole recomputation takes the standings' place and then the stages': whoever writes both takes them in that order too.
        await connection.Run("update customers_standing set stage = stage where customer_id = @id", ct, ("id", customerId));
        if (pin is not null) { await CustomerRules.DemandPerson(connection, customerId, ct); }
        var old = await StagePin.Find(connection, customerId, now, ct);
        await connection.Run("delete from customers_stage_pin where customer_id = @id", ct, ("id", customerId));
        if (pin is not null)
        {
            await connection.Run("insert into customers_stage_pin (customer_id, stage, reason, until_at, created_at, created_by) values (@id, @stage, @reason, @until, @now, @by)", ct,
                ("id", customerId), ("stage", pin.Stage), ("reason", pin.Reason), ("until", pin.UntilAt), ("now", now), ("by", by));
        }
        if (Written(old) != Written(pin))
        {
            await CustomerHistory.Write(connection, customerId, [(Field, Written(old), Written(pin))], (now, by), ct);
            var (stage, since) = pin is not null ? (pin.Stage, pin.CreatedAt) : await Computed(connection, customerId, ct);
            await connection.Run("update customers_standing set stage = @stage, stage_since_at = @since where customer_id = @id", ct, ("id", customerId), ("stage", stage), ("since", since));
            await events.Raise(connection, new StagePinned(customerId), ct);
            AuditChange[] changes = [new("stage", Name(old), Name(pin)), new("until", Until(old), Until(pin))];
            await audit.Write(connection, Audited.Customer(pin is null ? "customer.stage-unpinned" : "customer.stage-pinned", customerId, changes) with { Reason = pin?.Reason ?? "" }, ct);
        }
        await transaction.CommitAsync(ct);
    }

    /// <summary>What the facts said last.</summary>
    private static async Task<(BuyingStage Stage, DateTimeOffset SinceAt)> Computed(DbConnection connection, long customerId, CancellationToken ct)
    {
        var steps = await connection.Rows("select stage, since_at from customers_stage where customer_id = @id order by since_at desc, stage desc limit 1",
            row => ((BuyingStage)row.GetInt16(0), row.At(1)), ct, ("id", customerId));
        return steps.Count > 0 ? steps[0] : (BuyingStage.NonCustomer, DateTimeOffset.UnixEpoch);
    }

    private static string? Name(StagePin? pin) => pin is null ? null : Audited.Name(pin.Stage);

    private static string? Until(StagePin? pin) => pin?.UntilAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string? Written(StagePin? pin) => pin is null ? null : string.Create(CultureInfo.InvariantCulture, $"{CustomerFilter.Kebab(pin.Stage)} {Until(pin)} {pin.Reason}");
}
