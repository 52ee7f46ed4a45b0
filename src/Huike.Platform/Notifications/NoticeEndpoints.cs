namespace Huike.Platform.Notifications;

/// <summary>Routes of notices: one's own alone.</summary>
internal static class NoticeEndpoints
{
    public const string Path = "/notifications";
    public const string ChoicesPath = "/account/notifications";
}
