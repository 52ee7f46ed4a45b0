using Huike.Platform.Events;

namespace Huike.Customers.Contracts;

/// <summary>Something happened to a customer: who it was and which kind of thing, nothing of the person's.</summary>
/// <param name="CustomerId">Number of the customer.</param>
public abstract record CustomerEvent(long CustomerId)
{
    /// <inheritdoc cref="IEvent.About"/>
    public RecordName? About() => new(CustomerPermissions.Records.Name, CustomerId);
}

/// <summary>A customer was added by hand; those of a load come with <see cref="LedgerLoaded"/>.</summary>
/// <param name="CustomerId">Number of the customer.</param>
public sealed record CustomerAdded(long CustomerId) : CustomerEvent(CustomerId), IEvent
{
    /// <inheritdoc/>
    public static string Kind => "customers.added";
}

/// <summary>The file of a customer was changed.</summary>
/// <param name="CustomerId">Number of the customer.</param>
/// <param name="Fields">Names of the columns that changed.</param>
public sealed record CustomerEdited(long CustomerId, IReadOnlyList<string> Fields) : CustomerEvent(CustomerId), IEvent
{
    /// <inheritdoc/>
    public static string Kind => "customers.edited";
}

/// <summary>A customer was given to another owner.</summary>
/// <param name="CustomerId">Number of the customer.</param>
/// <param name="From">User who looked after the customer; null: nobody.</param>
/// <param name="To">User who does now; null: nobody.</param>
public sealed record CustomerAssigned(long CustomerId, long? From, long? To) : CustomerEvent(CustomerId), IEvent
{
    /// <inheritdoc/>
    public static string Kind => "customers.assigned";

    /// <summary>Whether the new owner is told by what assigned it, of all records at once: a hand-over.</summary>
    public bool IsTold { get; init; }
}

/// <summary>A customer was removed: he is in the bin.</summary>
/// <param name="CustomerId">Number that the customer had.</param>
public sealed record CustomerRemoved(long CustomerId) : CustomerEvent(CustomerId), IEvent
{
    /// <inheritdoc/>
    public static string Kind => "customers.removed";
}

/// <summary>A customer came back from the bin, with all that belonged to him.</summary>
/// <param name="CustomerId">Number of the customer.</param>
public sealed record CustomerRestored(long CustomerId) : CustomerEvent(CustomerId), IEvent
{
    /// <inheritdoc/>
    public static string Kind => "customers.restored";
}

/// <summary>Another file became part of a customer's.</summary>
/// <param name="CustomerId">Whose file stayed.</param>
/// <param name="Absorbed">Number that the other customer had.</param>
public sealed record CustomersMerged(long CustomerId, long Absorbed) : CustomerEvent(CustomerId), IEvent
{
    /// <summary>User who looked after the other customer; null: nobody.</summary>
    public long? FormerOwner { get; init; }

    /// <summary>Whether the other customer had bought something: figures change.</summary>
    public bool Bought { get; init; }

    /// <inheritdoc/>
    public static string Kind => "customers.merged";
}

/// <summary>Two files that had become one are two again.</summary>
/// <param name="CustomerId">Whose file had stayed.</param>
/// <param name="Restored">Number of the other customer, who is back.</param>
public sealed record CustomersParted(long CustomerId, long Restored) : CustomerEvent(CustomerId), IEvent
{
    /// <summary>Whether the one who is back has bought something: figures change.</summary>
    public bool Bought { get; init; }

    /// <inheritdoc/>
    public static string Kind => "customers.parted";
}

/// <summary>Somebody noted something about a customer.</summary>
/// <param name="CustomerId">Number of the customer.</param>
/// <param name="IsContact">Whether it tells of a contact with the customer.</param>
public sealed record CustomerNoted(long CustomerId, bool IsContact = false) : CustomerEvent(CustomerId), IEvent
{
    /// <inheritdoc/>
    public static string Kind => "customers.noted";
}

/// <summary>Somebody is about to contact a customer, or is not any more.</summary>
/// <param name="CustomerId">Number of the customer.</param>
/// <param name="Begun">Whether somebody is.</param>
public sealed record ContactClaimed(long CustomerId, bool Begun) : CustomerEvent(CustomerId), IEvent
{
    /// <inheritdoc/>
    public static string Kind => "customers.contact-claimed";
}

/// <summary>A file was added to a customer, or removed.</summary>
/// <param name="CustomerId">Number of the customer.</param>
public sealed record CustomerFilesChanged(long CustomerId) : CustomerEvent(CustomerId), IEvent
{
    /// <inheritdoc/>
    public static string Kind => "customers.files-changed";
}

/// <summary>A next step was planned or done.</summary>
/// <param name="CustomerId">Number of the customer.</param>
/// <param name="IsDone">Whether it was done.</param>
public sealed record NextStepChanged(long CustomerId, bool IsDone) : CustomerEvent(CustomerId), IEvent
{
    /// <inheritdoc/>
    public static string Kind => "customers.step-changed";
}

/// <summary>A stage was pinned by hand, or its pin was taken away.</summary>
/// <param name="CustomerId">Number of the customer.</param>
public sealed record StagePinned(long CustomerId) : CustomerEvent(CustomerId), IEvent
{
    /// <inheritdoc/>
    public static string Kind => "customers.stage-pinned";
}

/// <summary>A load of transactions ended, or was taken back.</summary>
/// <param name="LoadId">Number of the load.</param>
/// <param name="Transactions">How many were added or removed.</param>
/// <param name="Undone">True where they were removed.</param>
public sealed record LedgerLoaded(long LoadId, long Transactions, bool Undone) : IEvent
{
    /// <inheritdoc/>
    public static string Kind => "customers.ledger-loaded";

    /// <inheritdoc/>
    public RecordName? About() => null;
}

/// <summary>Products changed, one of them or a file of them.</summary>
public sealed record ProductsChanged : IEvent
{
    /// <summary>Costs or categories are among what changed, not the firm's own fields alone.</summary>
    public bool Costs { get; init; } = true;

    /// <inheritdoc/>
    public static string Kind => "products.changed";

    /// <inheritdoc/>
    public RecordName? About() => null;
}
