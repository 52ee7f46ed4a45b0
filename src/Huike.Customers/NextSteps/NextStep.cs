using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Huike.Customers.NextSteps;

/// <summary>下一步: what one of us will do for a customer, by when.</summary>
internal sealed class NextStep
{
    public NextStep(long customerId, string what, DateTimeOffset dueAt, string by, DateTimeOffset now, string formKey)
    {
        CustomerId = customerId;
        What = what;
        DueAt = dueAt;
        CreatedBy = by;
        CreatedAt = now;
        FormKey = formKey;
    }

    // For Entity Framework.
    private NextStep()
    {
    }

    public long Id { get; private set; }

    public long CustomerId { get; private set; }

    public string What { get; private set; } = "";

    /// <summary>End of the day by which it is to be done, in the firm's zone.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>Null while open.</summary>
    public DateTimeOffset? DoneAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public string CreatedBy { get; private set; } = "";

    /// <summary>The form that it came by; one form makes one step, however often it is sent.</summary>
    public string FormKey { get; private set; } = "";

    /// <summary>The touch of the contact plan that asked for it; null: somebody planned it.</summary>
    public long? TouchId { get; private set; }

    /// <summary>The retention plan that it belongs to; null: none.</summary>
    public long? PlanId { get; private set; }

    /// <summary>Done; the first time counts.</summary>
    public void Finish(DateTimeOffset now) => DoneAt ??= now;

    internal sealed class Mapping : IEntityTypeConfiguration<NextStep>
    {
        public void Configure(EntityTypeBuilder<NextStep> builder) => builder.ToTable("customers_next_step");
    }
}
