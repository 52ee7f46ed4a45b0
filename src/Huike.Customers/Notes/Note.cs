using Huike.Customers.OneVoice;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Huike.Customers.Notes;

/// <summary>备注: what someone wrote about a customer. Never changed; a second note sets the first one right.</summary>
internal sealed class Note
{
    public Note(long customerId, ContactText text, string by, DateTimeOffset now, string formKey)
    {
        CustomerId = customerId;
        Body = text.Body!;
        Kind = text.Kind;
        Direction = text.Side;
        At = text.At ?? now;
        Tone = (short?)text.Tone;
        ReplyTo = text.ReplyTo;
        CreatedBy = by;
        CreatedAt = now;
        FormKey = formKey;
    }

    // For Entity Framework.
    private Note()
    {
    }

    public long Id { get; private set; }

    public long CustomerId { get; private set; }

    public string Body { get; private set; } = "";

    /// <summary>How one of us spoke with the customer; <see cref="InteractionKind.Note"/>: nobody did.</summary>
    public InteractionKind Kind { get; private set; }

    public InteractionSide Direction { get; private set; }

    /// <summary>How the customer sounded, −2 to 2; null: nobody said.</summary>
    public short? Tone { get; private set; }

    /// <summary>When it was.</summary>
    public DateTimeOffset At { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public string CreatedBy { get; private set; } = "";

    /// <summary>The note or contact that it answers; null: none.</summary>
    public long? ReplyTo { get; private set; }

    /// <summary>The form that it came by; one form makes one note, however often it is sent.</summary>
    public string FormKey { get; private set; } = "";

    internal sealed class Mapping : IEntityTypeConfiguration<Note>
    {
        public void Configure(EntityTypeBuilder<Note> builder) => builder.ToTable("customers_note");
    }
}
