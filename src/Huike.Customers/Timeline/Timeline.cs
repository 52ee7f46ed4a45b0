using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Customers.Notes;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Search;

namespace Huike.Customers.Timeline;

/// <summary>A page of the timeline.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Before">Where the next page begins; null on the last.</param>
internal sealed record TimelinePage(IReadOnlyList<TimelineItem> Items, DateTimeOffset? Before)
{
    /// <summary>Answers to notes and contacts, by what they answer.</summary>
    public ILookup<long, Answer> Answers { get; init; } = Array.Empty<Answer>().ToLookup(answer => answer.ReplyTo);

    /// <summary>Colleagues whom the texts mention, by what they are called there.</summary>
    public IReadOnlyDictionary<string, Colleague> Mentioned { get; init; } = new Dictionary<string, Colleague>();
}

/// <summary>
/// 长期档案: everything that happened with one customer, newest first (H1). Each source gives its newest entries before an instant; a page ends where the first of
/// them can't tell any further, and never between two entries of one instant. So a page costs the same for fifty lines and for fifty thousand.
/// </summary>
internal sealed class CustomerTimeline(IEnumerable<ITimelineSource> others)
{
    private const int MostEntries = 25;
    private const int MostPeople = 100;

    /// <summary>Tables with who wrote, whether that is open, and the rest of the condition.</summary>
    private static readonly (string Table, bool IsOpen)[] Written = [("customers_note", true), ("customers_next_step", true), ("customers_change", false)];

    private readonly List<ITimelineSource> sources = [.. OwnSources.All, .. others];

    /// <summary>The views that somebody may choose: name in the address, and text key.</summary>
    public IReadOnlyList<(string Kind, string Name)> Views(Viewer viewer) => [("", "customers.timeline.all"), .. Seen(viewer).Select(source => (source.Kind, source.Name)).Distinct()];

    /// <param name="connection">Reads.</param>
    /// <param name="customerId">Whose.</param>
    /// <param name="filter">Which entries.</param>
    /// <param name="viewer">Who looks: what he doesn't see is not found by him either.</param>
    /// <param name="ct">Ends the read.</param>
    /// <exception cref="RuleException"><c>customers.filter.wrong</c>: a view that the viewer has not.</exception>
    public async Task<TimelinePage> Page(DbConnection connection, long customerId, TimelineFilter filter, Viewer viewer, CancellationToken ct)
    {
        var wanted = Seen(viewer).Where(source => filter.Kind.Length == 0 || source.Kind == filter.Kind).ToList();
        if (wanted.Count == 0) { throw new RuleException("customers.filter.wrong", "kind", filter.Kind); }
        var ask = new TimelineAsk(customerId, filter.Before ?? DateTimeOffset.MaxValue.AddDays(-2)) { By = filter.By, Words = Within.Words(filter.Q), Channel = filter.Channel, Viewer = viewer };
        var all = new List<TimelineItem>();
        DateTimeOffset? horizon = null;
        foreach (var source in wanted.Where(source => filter.Channel is null || source is OwnSource { IsContact: true }))
        {
            var (items, complete) = await source.Newest(connection, ask, ct);
            all.AddRange(items);
            if (complete is { } until && (horizon is null || until > horizon)) { horizon = until; }
        }
        var page = Cut(all, horizon);
        var notes = page.Items.OfType<OwnEntry>().Where(item => item.Id > 0).ToList();
        var answers = await NoteThread.Of(connection, customerId, notes.Select(item => item.Id), ct);
        return page with { Answers = answers, Mentioned = await Mentions.Find(connection, notes.Select(item => item.Text).Concat(answers.SelectMany(of => of).Select(answer => answer.Body)), ct) };
    }

    private static TimelinePage Cut(List<TimelineItem> all, DateTimeOffset? horizon)
    {
        var shown = all.Where(item => horizon is null || item.At > horizon).OrderByDescending(item => item.At).ToList();
        // More at one instant than a source gives at once: what it gave of that instant is shown.
        if (shown.Count == 0 && horizon is { } crowded) { return new([.. all.Where(item => item.At == crowded)], crowded); }
        if (shown.Count <= MostEntries) { return new(shown, horizon is null ? null : shown[^1].At); }
        var last = shown[MostEntries - 1].At;
        var cut = shown.Where(item => item.At >= last).ToList();
        return new(cut, cut.Count < shown.Count || horizon is not null ? last : null);
    }

    /// <summary>Who of us stands on a customer's timeline: the first hundred, each found by one step through an index.</summary>
    public static async Task<IReadOnlyList<string>> People(DbConnection connection, long customerId, Viewer viewer, CancellationToken ct)
    {
        var people = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (table, isOpen) in Written)
        {
            if (!isOpen && !viewer.SeesInternal) { continue; }
            var next = $"select min(created_by) from {table} where customer_id = @id";
            people.UnionWith(await connection.Rows($"with recursive person (name) as ({next} union all select ({next} and created_by > person.name) from person where person.name is not null) select name from person where name is not null limit {MostPeople}",
                row => row.GetString(0), ct, ("id", customerId)));
        }
        // What the plan planned by itself, nobody wrote.
        people.Remove("");
        return [.. people.Take(MostPeople)];
    }

    private IEnumerable<ITimelineSource> Seen(Viewer viewer) => sources.Where(source => viewer.SeesInternal || source is OwnSource { IsOpen: true });
}
