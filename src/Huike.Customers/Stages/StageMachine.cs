using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Customers.PermissionStages;
using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Customers.Stages;

/// <summary>One of the two state machines that a customer stands in (H2), as far as pins go.</summary>
/// <param name="Field">Name under which its pins stand among a customer's changes; values are stage, last day and reason.</param>
/// <param name="Pins">Table of its pins.</param>
/// <param name="What">Name of the stage in the audit's changes.</param>
/// <param name="Names">Its stages as addresses write them, by their numbers.</param>
internal sealed record StageMachine(string Field, string Pins, string What, IReadOnlyList<string> Names)
{
    /// <summary>购买阶段.</summary>
    public static readonly StageMachine Buying = new("stage_pin", "customers_stage_pin", "stage", [.. Enum.GetValues<BuyingStage>().Select(CustomerFilter.Kebab)]);

    /// <summary>许可阶段.</summary>
    public static readonly StageMachine Permission = new("permission_pin", "customers_permission_pin", "permission", [.. Enum.GetValues<PermissionStage>().Select(CustomerFilter.Kebab)]);

    /// <summary>Whether a change is that of a pin.</summary>
    public static bool IsPin(string field) => field == Buying.Field || field == Permission.Field;

    /// <summary>Number of a stage.</summary>
    /// <exception cref="RuleException"><c>customers.pin.stage</c>: it has none of that name.</exception>
    public int Number(string? stage)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == stage) { return i; }
        }
        throw new RuleException("customers.pin.stage");
    }
}

/// <summary>A stage set by hand.</summary>
internal sealed record StagePin(int Stage, string Reason, DateTimeOffset UntilAt, DateTimeOffset CreatedAt, string CreatedBy)
{
    /// <returns>Null where nothing is pinned at <paramref name="now"/>.</returns>
    public static Task<StagePin?> Find(DbConnection connection, StageMachine machine, long customerId, DateTimeOffset now, CancellationToken ct) => connection.First(
        $"select stage, reason, until_at, created_at, created_by from {machine.Pins} where customer_id = @id and until_at > @now",
        row => new StagePin(row.GetInt16(0), row.GetString(1), row.At(2), row.At(3), row.GetString(4)), ct, ("id", customerId), ("now", now));
}
