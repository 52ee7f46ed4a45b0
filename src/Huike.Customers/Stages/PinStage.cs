using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.PermissionStages;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Settings;

namespace Huike.Customers.Stages;

/// <summary>Pins a stage of a customer's by hand until a day, or takes the pin away; what holds follows at once (H2).</summary>
internal sealed class PinStage(Database database, FollowPermission permission, EventLog events, AuditLog audit, SettingsStore settings, TimeProvider clock)
{
    private const int LongestReason = 400;

    /// <param name="customerId">Whose stage.</param>
    /// <param name="machine">Which of the two.</param>
    /// <param name="pin">Name of the stage as addresses write it; reason of 1–400 characters; last day of the pin, as yyyy-MM-dd, today or later.</param>
    /// <param name="by">Who pins.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>customers.pin.stage</c>, <c>customers.pin.reason</c>, <c>customers.pin.until</c>, <c>customers.customer.unknown</c>.</exception>
    public async Task Run(long customerId, StageMachine machine, (string? Stage, string? Reason, string? Until) pin, string by, CancellationToken ct)
    {
        var stage = machine.Number(pin.Stage);
        var words = pin.Reason?.Trim() ?? "";
        if (words.Length is 0 or > LongestReason) { throw new RuleException("customers.pin.reason", LongestReason); }
        var (now, zone) = (clock.GetUtcNow(), (await settings.Get<FirmSettings>(ct)).Zone);
        var read = DateOnly.TryParseExact(pin.Until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year < 9000;
        if (!read || LocalDay.End(day, zone) <= now) { throw new RuleException("customers.pin.until"); }
        await Change(customerId, machine, new StagePin(stage, words, LocalDay.End(day, zone), now, by), by, ct);
    }

    /// <summary>Takes the pin away; the stage becomes what the facts say.</summary>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>.</exception>
    public Task Remove(long customerId, StageMachine machine, string by, CancellationToken ct) => Change(customerId, machine, null, by, ct);

    private async Task Change(long customerId, StageMachine machine, StagePin? pin, string by, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", customerId)) == 0) { throw new RuleException("customers.customer.unknown", customerId); }
        // A whole recomputation takes the standings' place and then the stages': whoever writes both takes them in that order too.
        await connection.Run("update customers_standing set stage = stage where customer_id = @id", ct, ("id", customerId));
        if (pin is not null) { await CustomerRules.DemandPerson(connection, customerId, ct); }
        var old = await StagePin.Find(connection, machine, customerId, now, ct);
        await connection.Run($"delete from {machine.Pins} where customer_id = @id", ct, ("id", customerId));
        if (pin is not null)
        {
            await connection.Run($"insert into {machine.Pins} (customer_id, stage, reason, until_at, created_at, created_by) values (@id, @stage, @reason, @until, @now, @by)", ct,
                ("id", customerId), ("stage", pin.Stage), ("reason", pin.Reason), ("until", pin.UntilAt), ("now", now), ("by", by));
        }
        if (Written(machine, old) is var before && Written(machine, pin) is var after && before != after)
        {
            await CustomerHistory.Write(connection, customerId, [(machine.Field, before, after)], (now, by), ct);
            if (machine == StageMachine.Buying) { await Hold(connection, customerId, pin, ct); }
            await permission.Run(connection, [customerId], ct);
            await events.Raise(connection, new StagePinned(customerId), ct);
            AuditChange[] changes = [new(machine.What, old is null ? null : machine.Names[old.Stage], pin is null ? null : machine.Names[pin.Stage]), new("until", Until(old), Until(pin))];
            await audit.Write(connection, Audited.Customer(pin is null ? "customer.stage-unpinned" : "customer.stage-pinned", customerId, changes) with { Reason = pin?.Reason ?? "" }, ct);
        }
        await transaction.CommitAsync(ct);
    }

    /// <summary>The buying stage that holds: what is pinned, or what the facts said last.</summary>
    private static async Task Hold(DbConnection connection, long customerId, StagePin? pin, CancellationToken ct)
    {
        var computed = pin is not null ? [((BuyingStage)pin.Stage, pin.CreatedAt)] : await connection.Rows("select stage, since_at from customers_stage where customer_id = @id order by since_at desc, stage desc limit 1",
            row => ((BuyingStage)row.GetInt16(0), row.At(1)), ct, ("id", customerId));
        var (stage, since) = computed.Count > 0 ? computed[0] : (BuyingStage.NonCustomer, DateTimeOffset.UnixEpoch);
        await connection.Run("update customers_standing set stage = @stage, stage_since_at = @since where customer_id = @id", ct, ("id", customerId), ("stage", stage), ("since", since));
    }

    private static string? Until(StagePin? pin) => pin?.UntilAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string? Written(StageMachine machine, StagePin? pin) => pin is null ? null : string.Create(CultureInfo.InvariantCulture, $"{machine.Names[pin.Stage]} {Until(pin)} {pin.Reason}");
}
