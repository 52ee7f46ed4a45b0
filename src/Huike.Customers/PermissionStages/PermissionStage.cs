namespace Huike.Customers.PermissionStages;

/// <summary>许可阶段: how far a customer lets the firm in (H2), independent of what he buys.</summary>
internal enum PermissionStage
{
    /// <summary>未接触: a file and nothing more; never reached, never bought.</summary>
    None = 0,

    /// <summary>引起注意: knows the firm. There was a contact, a purchase or a consent.</summary>
    Attention = 1,

    /// <summary>许可: agreed to hear of it, on at least one channel, and has not taken it back.</summary>
    Permission = 2,

    /// <summary>参与: agreed, and answers.</summary>
    Participation = 3,

    /// <summary>忠诚: answers, and buys loyally or brought somebody.</summary>
    Loyalty = 4,
}

/// <summary>A step of a customer's dated history of permission stages.</summary>
/// <param name="CustomerId">Whose.</param>
/// <param name="SinceAt">When the stage began.</param>
/// <param name="Stage">The stage.</param>
internal readonly record struct PermissionStep(long CustomerId, DateTimeOffset SinceAt, PermissionStage Stage);
