using Huike.Ui;

namespace Huike.Customers.OneVoice;

/// <summary>Contacts in the reader's words.</summary>
internal static class ContactWords
{
    /// <summary>The kind, and where the customer began it that too.</summary>
    public static string Of(Texts texts, ContactKind kind, ContactSide side) =>
        side == ContactSide.Customer ? texts["customers.contact.theirs", Of(texts, kind)] : Of(texts, kind);

    public static string Of(Texts texts, ContactKind kind) => texts["customers.contact.kind." + CustomerFilter.Kebab(kind)];

    public static string IconOf(ContactKind kind) => kind switch
    {
        ContactKind.Call => "phone-call",
        ContactKind.Visit => "map-pin",
        ContactKind.Meeting => "users",
        ContactKind.Message => "message-square",
        ContactKind.Email => "mail",
        _ => "sticky-note",
    };
}
