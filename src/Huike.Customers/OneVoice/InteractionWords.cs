using Huike.Ui;

namespace Huike.Customers.OneVoice;

/// <summary>Contacts in the reader's words.</summary>
internal static class InteractionWords
{
    /// <summary>The kind, and where the customer began it that too.</summary>
    public static string Of(Texts texts, InteractionKind kind, InteractionSide side) =>
        side == InteractionSide.Customer ? texts["customers.voice.theirs", Of(texts, kind)] : Of(texts, kind);

    public static string Of(Texts texts, InteractionKind kind) => texts["customers.voice.kind." + CustomerFilter.Kebab(kind)];

    public static string IconOf(InteractionKind kind) => kind switch
    {
        InteractionKind.Call => "phone-call",
        InteractionKind.Visit => "map-pin",
        InteractionKind.Meeting => "users",
        InteractionKind.Message => "message-square",
        InteractionKind.Email => "mail",
        _ => "sticky-note",
    };
}
