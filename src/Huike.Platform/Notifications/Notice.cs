using Huike.Platform.Events;

namespace Huike.Platform.Notifications;

/// <summary>通知: something that one user is told. Its sentence is made when it is read, in the reader's language: what is kept is a text's key and the values for its placeholders.</summary>
/// <param name="Kind">Name of a kind that was registered by <see cref="NotificationsModule.AddNoticeKind"/>.</param>
/// <param name="UserId">Who is told.</param>
/// <param name="TextKey">Key of the sentence.</param>
/// <param name="Key">What it is about, 1 to 200 characters, the same each time: a user is told of one key once, <c>customers.step-due/12</c>.</param>
public sealed record Notice(string Kind, long UserId, string TextKey, string Key)
{
    /// <summary>Values for the placeholders: texts, whole numbers, days (<see cref="DateOnly"/>), instants (shown in the firm's zone), amounts (decimal, in the firm's currency).
    /// No names of customers: give <see cref="About"/> instead. Where that is given it fills <c>{0}</c>, and these follow from <c>{1}</c> on.</summary>
    public IReadOnlyList<object> Args { get; init; } = [];

    /// <summary>The record that it is about: its name is looked up when the notice is read, as far as the reader may see it then (<see cref="INameRecords"/>); null: none.</summary>
    public RecordName? About { get; init; }

    /// <summary>Where it leads: an address of this program that begins with one slash; empty: to the record of <see cref="About"/>, or nowhere. The page there asks for the reader's rights as ever.</summary>
    public string Href { get; init; } = "";

    /// <summary>How further ones of the same key are told while this one is unread: as one notice that counts. Null: they are not told at all.</summary>
    public NoticeOfMany? Many { get; init; }

    /// <summary>Whether who acts is told too, as of work that went on without him; false by default: nobody is told what he did himself.</summary>
    public bool ToActorToo { get; init; }
}

/// <summary>One notice that stands for several things.</summary>
/// <param name="TextKey">Key of the sentence; <c>{0}</c> is how many things, and the notice's own values follow from <c>{1}</c> on.</param>
/// <param name="Href">Where it leads then.</param>
public sealed record NoticeOfMany(string TextKey, string Href);

/// <summary>Says what the records of a kind are called and where they open, for notices about them.</summary>
public interface INameRecords
{
    /// <summary>Name of the <see cref="Access.Records.RecordKind"/>.</summary>
    string Kind { get; }

    /// <summary>Where a record opens, from the root.</summary>
    string Href(long id);

    /// <summary>Names by number; those that don't exist, or that the reader may not see, are left out.</summary>
    /// <param name="access">Who reads.</param>
    /// <param name="records">At most some hundreds.</param>
    /// <param name="ct">Ends the read.</param>
    Task<IReadOnlyDictionary<long, string>> Of(Access.Records.UserAccess access, IReadOnlyCollection<long> records, CancellationToken ct);
}
