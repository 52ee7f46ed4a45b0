using System.Globalization;
using Huike.Customers.ContactPoints;
using Huike.Ui;

namespace Huike.Customers.OneVoice;

/// <summary>What can speak against contacting a customer now.</summary>
internal enum HindranceKind
{
    /// <summary>Another of us is about to.</summary>
    Claimed = 1,

    /// <summary>Another of us did lately.</summary>
    Lately = 2,

    /// <summary>We did as often as may be.</summary>
    Often = 3,

    /// <summary>The law asks for a consent that there is not.</summary>
    NoConsent = 4,

    /// <summary>The customer once agreed to marketing on this channel, and does so no longer.</summary>
    Withdrawn = 5,

    /// <summary>Calls rest at this hour.</summary>
    Quiet = 6,

    /// <summary>The customer likes another channel.</summary>
    Channel = 7,

    /// <summary>The customer likes another day or hour.</summary>
    Hours = 8,
}

/// <summary>One thing that speaks against a contact, with its facts.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Holds">Nobody may go on; otherwise he is told.</param>
internal sealed record Hindrance(HindranceKind Kind, bool Holds)
{
    public ContactClaim? Claim { get; init; }

    /// <summary>The contact that was; of several the last.</summary>
    public PastContact? Contact { get; init; }

    /// <summary>What was to be done.</summary>
    public ContactIntent? Intent { get; init; }

    public ReachWish? Wish { get; init; }

    /// <summary>By which rules.</summary>
    public ContactRules Rules { get; init; } = new();

    /// <summary>When the consent was withdrawn, the limit is open again, or it is now.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>In words, with the facts: who, when, about what.</summary>
    public string Told(Texts texts, ListWording words) => Kind switch
    {
        HindranceKind.Claimed => texts["customers.voice.held", Claim!.By, words.Moment(Claim.At)] + (Claim.Intent is { } planned ? $" {Told(texts, planned)}" : ""),
        HindranceKind.Lately => $"{texts["customers.voice.lately", Contact!.By, words.Moment(Contact.At)]} {Said(texts)}",
        HindranceKind.Often => $"{texts["customers.voice.often", Rules.CapContacts, Rules.CapDays, words.Moment(At)]} {texts["customers.voice.lately", Contact!.By, words.Moment(Contact.At)]} {Said(texts)}",
        HindranceKind.NoConsent => texts["customers.voice.noConsent", PurposeOf(texts, Intent!), ChannelOf(texts, Intent!)],
        HindranceKind.Withdrawn => texts["customers.voice.withdrawn", ChannelOf(texts, Intent!), words.Day(At)],
        HindranceKind.Quiet => texts["customers.voice.quiet", words.Moment(At), Hour(Rules.QuietFrom), Hour(Rules.QuietTo)],
        _ => texts["customers.voice.wish", Wish!.Told(texts)],
    };

    private string Said(Texts texts) => $"{InteractionWords.Of(texts, Contact!.Kind)}: {Contact.Body}";

    private static string Told(Texts texts, ContactIntent intent) => texts["customers.voice.planned", ChannelOf(texts, intent), PurposeOf(texts, intent)];

    private static string ChannelOf(Texts texts, ContactIntent intent) => texts["customers.reach.channel." + CustomerFilter.Kebab(intent.Channel)];

    private static string PurposeOf(Texts texts, ContactIntent intent) => texts["customers.voice.purpose." + intent.Purpose];

    private static string Hour(int hour) => string.Create(CultureInfo.InvariantCulture, $"{hour:00}:00");
}

/// <summary>Why somebody should not contact a customer now, and what was promised.</summary>
/// <param name="Reasons">One or more, those that hold first.</param>
/// <param name="Promised">Open next steps, the most urgent first.</param>
internal sealed record ContactHindrance(IReadOnlyList<Hindrance> Reasons, IReadOnlyList<OpenStep> Promised)
{
    /// <summary>He is told; otherwise he is held.</summary>
    public bool MayAnyway => Reasons.All(reason => !reason.Holds);

    /// <summary>Who else is about to; null: nobody.</summary>
    public ContactClaim? Claim => Reasons.Select(reason => reason.Claim).FirstOrDefault(claim => claim is not null);

    /// <summary>How and what for it was to be.</summary>
    public ContactIntent? Intent { get; init; }
}
