using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Customers.PermissionStages;
using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Customers.Stages;

/// <summary>One of the two state machines that a customer stands in (H2), where it keeps its pins, its history and what holds.</summary>
/// <param name="Field">Name under which its pins stand among a customer's changes; values are stage, last day and reason.</param>
/// <param name="Pins">Table of its pins.</param>
/// <param name="What">Name of the stage in the audit's changes.</param>
/// <param name="Names">Its stages as addresses write them, by their numbers.</param>
internal sealed record StageMachine(string Field, string Pins, string What, IReadOnlyList<string> Names)
{
    /// <summary>As addresses write it.</summary>
    public required string Name { get; init; }

    /// <summary>Table of its dated history: customer, since when, stage.</summary>
    public required string Steps { get; init; }

    /// <summary>Table of what holds now, pins included: customer, stage.</summary>
    public required string Holding { get; init; }

    /// <summary>The highest rung; numbers above it are no rungs.</summary>
    public required int Top { get; init; }

    /// <summary>购买阶段.</summary>
    public static readonly StageMachine Buying = new("stage_pin", "customers_stage_pin", "stage", [.. Enum.GetValues<BuyingStage>().Select(CustomerFilter.Kebab)]) { Name = "buying", Steps = "customers_stage", Holding = "customers_standing", Top = (int)BuyingStage.Advocate };

    /// <summary>许可阶段.</summary>
    public static readonly StageMachine Permission = new("permission_pin", "customers_permission_pin", "permission", [.. Enum.GetValues<PermissionStage>().Select(CustomerFilter.Kebab)]) { Name = "permission", Steps = "customers_permission_step", Holding = "customers_permission", Top = (int)PermissionStage.Loyalty };

    /// <returns>Null where there is none of that name.</returns>
    public static StageMachine? Find(string name) => name == Buying.Name ? Buying : name == Permission.Name ? Permission : null;

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
