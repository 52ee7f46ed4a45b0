using System.Globalization;
using Huike.Customers.OneVoice;
using Huike.Platform;
using Huike.Platform.Search;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Timeline;

/// <summary>Which entries of a timeline somebody looks at, as the address says it.</summary>
/// <param name="Kind">Name of a view; empty: all.</param>
/// <param name="Channel">Only contacts of this kind; null: all.</param>
/// <param name="By">Only what this one of us did, by shown name; empty: all.</param>
/// <param name="Q">What is searched; empty: nothing.</param>
/// <param name="Before">Only what happened before; null from the newest on.</param>
internal sealed record TimelineFilter(string Kind = "", InteractionKind? Channel = null, string By = "", string Q = "", DateTimeOffset? Before = null)
{
    private const int Longest = 100;

    /// <summary>Channels that can be chosen.</summary>
    public static readonly IReadOnlyList<InteractionKind> Channels = [.. Enum.GetValues<InteractionKind>().Where(kind => kind != InteractionKind.Note)];

    public bool IsNarrowed => Channel is not null || By.Length > 0 || Q.Length > 0;

    /// <exception cref="RuleException"><c>customers.filter.wrong</c>, <c>customers.timeline.long</c>.</exception>
    public static TimelineFilter Of(HttpRequest request)
    {
        var asked = request.Query;
        var filter = new TimelineFilter(asked["kind"].ToString(), Chosen(asked["channel"].ToString()), asked["by"].ToString(), string.Join(' ', Within.Words(asked["q"])), Instant(asked["before"].ToString()));
        return filter.Q.Length <= Longest && filter.By.Length <= Longest && !filter.By.Any(char.IsControl) ? filter : throw new RuleException("customers.timeline.long", Longest);
    }

    /// <summary>The address's question; empty where everything is shown.</summary>
    public string Query
    {
        get
        {
            var asked = new (string Name, string? Value)[]
            {
                ("kind", Kind), ("channel", Channel is { } channel ? CustomerFilter.Kebab(channel) : ""), ("by", By), ("q", Q), ("before", Before?.UtcTicks.ToString(CultureInfo.InvariantCulture)),
            };
            return QueryString.Create(asked.Where(one => one.Value is { Length: > 0 }).Select(one => new KeyValuePair<string, string?>(one.Name, one.Value))).Value ?? "";
        }
    }

    /// <exception cref="RuleException"><c>customers.filter.wrong</c>.</exception>
    public static DateTimeOffset? Instant(string ticks) => ticks.Length == 0 ? null
        : long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number < DateTimeOffset.MaxValue.Ticks - TimeSpan.TicksPerDay ? new(number, TimeSpan.Zero)
        : throw new RuleException("customers.filter.wrong", "before", ticks);

    private static InteractionKind? Chosen(string channel) => channel.Length == 0 ? null
        : Channels.Cast<InteractionKind?>().FirstOrDefault(kind => CustomerFilter.Kebab(kind!.Value) == channel) ?? throw new RuleException("customers.filter.wrong", "channel", channel);
}
