using System.Text.Json;
using Huike.Customers.ContactPoints;
using Huike.Customers.Contracts;
using Huike.Customers.PermissionStages;

namespace Huike.Customers;

/// <summary>A customer as programs read it; <see cref="CustomerJson"/> writes it. Members that the reader may not see are left out.</summary>
internal sealed record CustomerRecord
{
    public long Id { get; init; }

    public string Number { get; init; } = "";

    public string Name { get; init; } = "";

    public CustomerKind Kind { get; init; }

    public string? Phone { get; init; }

    public string? Category { get; init; }

    public string? Place { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public Tier? Tier { get; init; }

    public BuyingStage? Stage { get; init; }

    /// <summary>How far the customer lets the firm in.</summary>
    public PermissionStage? Permission { get; init; }

    public decimal? Sales { get; init; }

    public decimal? Contribution { get; init; }

    public int? Documents { get; init; }

    public DateTimeOffset? FirstAt { get; init; }

    public DateTimeOffset? LastAt { get; init; }

    public double? Active { get; init; }

    public decimal? Lifetime { get; init; }

    public decimal? AtRisk { get; init; }

    /// <summary>Values of the firm's own fields, by their names.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Custom { get; init; }

    // Of one customer alone, not in lists.
    public ReachRecord? Reach { get; init; }

    public string? Remark { get; init; }

    public int? Returns { get; init; }

    public string? Email { get; init; }

    public string? Address { get; init; }

    public string? CreditCode { get; init; }

    public string? Contact { get; init; }

    public string? Requirements { get; init; }

    public string? Buying { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public int? Version { get; init; }
}

/// <summary>How and when a customer likes to be reached; hours as 09:00, in the firm's zone.</summary>
internal sealed record ReachRecord(ReachChannel? Channel, IReadOnlyList<DayOfWeek> Days, string? From, string? To);

/// <summary>A page of customers.</summary>
internal sealed record CustomerRecords(long Total, bool More, string? Previous, string? Next, IReadOnlyList<CustomerRecord> Rows);

/// <summary>What a program says of a customer. Of a change only the members that are given count; null empties one.</summary>
internal record CustomerInput
{
    public string? Name { get; init; }

    public CustomerKind? Kind { get; init; }

    public string? Phone { get; init; }

    public string? Email { get; init; }

    public string? Category { get; init; }

    public string? Place { get; init; }

    public string? Address { get; init; }

    public string? CreditCode { get; init; }

    public string? Contact { get; init; }

    public string? Remark { get; init; }

    /// <summary>What everybody who deals with the customer has to heed.</summary>
    public string? Requirements { get; init; }

    /// <summary>How the customer buys.</summary>
    public string? Buying { get; init; }

    /// <summary>Values of the firm's own fields, by their names; of a change only those that are given count; null empties one.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Custom { get; init; }
}

/// <summary>A new customer.</summary>
internal sealed record NewCustomerInput : CustomerInput
{
    /// <summary>The firm's number; empty: the next one of ours.</summary>
    public string? Number { get; init; }

    /// <summary>Add it although it may be there already.</summary>
    public bool Anyway { get; init; }
}

/// <summary>Who is to look after a customer.</summary>
/// <param name="Owner">Sign-in name; null: nobody.</param>
internal sealed record OwnerInput(string? Owner);

/// <summary>A stage to be set by hand.</summary>
/// <param name="Stage">Which.</param>
/// <param name="Reason">1–400 characters.</param>
/// <param name="Until">Last day; today or later.</param>
internal sealed record StagePinInput(BuyingStage Stage, string Reason, DateOnly Until);

/// <summary>A stage of permission to be set by hand.</summary>
/// <param name="Stage">Which.</param>
/// <param name="Reason">1–400 characters.</param>
/// <param name="Until">Last day; today or later.</param>
internal sealed record PermissionPinInput(PermissionStage Stage, string Reason, DateOnly Until);
