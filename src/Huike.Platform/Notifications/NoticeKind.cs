namespace Huike.Platform.Notifications;

/// <summary>How a notice goes by mail.</summary>
public enum MailWay
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>At once.</summary>
    AtOnce = 1,

    /// <summary>每日摘要: in one mail a day with all that is unread.</summary>
    Digest = 2,
}

/// <summary>By which ways somebody is told of a kind.</summary>
/// <param name="InApp">At the bell and on the page of notices.</param>
/// <param name="Mail">By mail, where the firm has mail and the user an address.</param>
public sealed record NoticeWays(bool InApp, MailWay Mail);

/// <summary>A kind of notice, offered by a module.</summary>
/// <param name="Name">Stable; its text is <c>notice.kind.</c> and the name.</param>
/// <param name="Usual">As long as the user chose nothing else.</param>
internal sealed record NoticeKind(string Name, NoticeWays Usual);

/// <summary>All kinds there are, in the order in which modules offer them.</summary>
internal sealed class NoticeKinds(IEnumerable<NoticeKind> kinds)
{
    public IReadOnlyList<NoticeKind> All { get; } = [.. kinds];

    public NoticeKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
