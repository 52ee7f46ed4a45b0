using Huike.Customers.Consents;
using Huike.Customers.ContactPoints;
using Huike.Platform;

namespace Huike.Customers.OneVoice;

/// <summary>How and what for somebody is about to contact a customer.</summary>
/// <param name="Channel">By which way.</param>
/// <param name="Purpose">Code of a purpose of the register: one of <see cref="Purposes"/>.</param>
internal sealed record ContactIntent(ReachChannel Channel, string Purpose)
{
    public const string Marketing = "marketing";

    public static readonly IReadOnlyList<string> Purposes = ["service", "sales", Marketing];

    /// <summary>The channel on which consent is asked; of a visit, which has none of its own, all of them.</summary>
    public ContactChannel Consented => Channel switch
    {
        ReachChannel.Phone => ContactChannel.Phone,
        ReachChannel.Sms => ContactChannel.Sms,
        ReachChannel.Email => ContactChannel.Email,
        ReachChannel.WeChat => ContactChannel.WeChat,
        _ => ContactChannel.All,
    };

    /// <exception cref="RuleException"><c>customers.voice.intent</c>: either was not chosen, or there is no such one.</exception>
    public static ContactIntent Read(string? channel, string? purpose) =>
        new(TypedText.Chosen<ReachChannel>(channel, "customers.voice.intent"), Purposes.FirstOrDefault(known => known == purpose) ?? throw new RuleException("customers.voice.intent"));
}
