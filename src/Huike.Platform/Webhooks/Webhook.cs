using System.Data.Common;
using System.Globalization;
using System.Net;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Webhooks;

/// <summary>网络钩子: an address that is told of events.</summary>
/// <param name="Id">Number.</param>
/// <param name="Url">Where messages are posted.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Events">Kinds that it is told of.</param>
/// <param name="IsOn">Whether messages are written and sent.</param>
/// <param name="Stopped">Why the program switched it off: <c>gone</c>, <c>failing</c>; empty: it didn't.</param>
/// <param name="FailingSince">Since when no message was delivered; null: the last one was.</param>
/// <param name="OldUntil">Until when the former secret signs too; null: there is none.</param>
/// <param name="Version">Goes up with each change.</param>
internal sealed record Webhook(long Id, string Url, string Description, IReadOnlyList<string> Events, bool IsOn, string Stopped, DateTimeOffset? FailingSince, DateTimeOffset? OldUntil, int Version)
{
    public const string Columns = "w.id, w.url, w.description, w.events, w.is_on, w.stopped, w.failing_since, w.old_until, w.version";

    /// <summary>Without what may hold a key: for lists and the audit.</summary>
    public string Host => new Uri(Url).GetLeftPart(UriPartial.Authority);

    public string Path => string.Create(CultureInfo.InvariantCulture, $"{WebhooksModule.Path}/{Id}");

    public static Webhook Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.GetBoolean(4), row.GetString(5),
        row.AtOrNull(6), row.AtOrNull(7), row.GetInt32(8));
}

/// <summary>What somebody filled in about an endpoint.</summary>
/// <param name="Url">An absolute address, of https unless the operator allowed networks.</param>
/// <param name="Description">1 to 100 characters.</param>
/// <param name="Events">One or more kinds.</param>
/// <param name="Version">As it was shown.</param>
public sealed record WebhookInput(string Url, string Description, IReadOnlyList<string> Events, int Version)
{
    /// <summary>Names one showing of the form: sent twice under it, it makes one endpoint.</summary>
    public string FormKey { get; init; } = "";

    internal const int LongestUrl = 1_000;
    internal const int LongestDescription = 100;

    internal static readonly WebhookInput Empty = new("", "", [], 0);

    internal static WebhookInput Read(IFormCollection form) => new(form["url"].ToString().Trim(), form["description"].ToString().Trim(), [.. form["event"].OfType<string>().Distinct()],
        int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
    { FormKey = form["formKey"].ToString() };

    internal static WebhookInput Of(Webhook webhook) => new(webhook.Url, webhook.Description, webhook.Events, webhook.Version);

    /// <returns>The address as it is kept.</returns>
    /// <exception cref="RuleException"><c>webhooks.url.wrong</c>, <c>webhooks.url.plain</c>, <c>webhooks.url.private</c>, <c>webhooks.description.wrong</c>, <c>webhooks.events.none</c>.</exception>
    internal string Demand(Reachable reachable, IReadOnlyCollection<string> known)
    {
        if (Description.Length is 0 or > LongestDescription || Description.Contains('\0', StringComparison.Ordinal)) { throw new RuleException("webhooks.description.wrong", LongestDescription); }
        if (Events.Count == 0 || !Events.All(known.Contains)) { throw new RuleException("webhooks.events.none"); }
        if (Url.Length > LongestUrl || Url.Any(char.IsControl) || !Uri.TryCreate(Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
            || url.Host.Length == 0 || url.UserInfo.Length > 0 || url.Fragment.Length > 0 || url.AbsoluteUri.Length > LongestUrl)
        {
            throw new RuleException("webhooks.url.wrong", LongestUrl);
        }
        var isPlain = url.Scheme == Uri.UriSchemeHttp;
        if (isPlain && !reachable.MayBePlain) { throw new RuleException("webhooks.url.plain"); }
        // What a name leads to is looked at whenever a connection is made.
        if (IPAddress.TryParse(url.DnsSafeHost, out var address) && !reachable.Permits(address, isPlain)) { throw new RuleException("webhooks.url.private"); }
        return url.AbsoluteUri;
    }
}
