using System.Data.Common;
using Huike.Customers.OneVoice;
using Huike.Platform.Data;
using Huike.Platform.Search;
using Huike.Ui.Kit;

namespace Huike.Customers.Contracts;

/// <summary>An entry of a customer's timeline.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Text">What is told below its title; may be empty. Is looked through by searches.</param>
public record TimelineItem(DateTimeOffset At, string Text)
{
    /// <summary>Shown name of who of us did it; empty where nobody did.</summary>
    public string By { get; init; } = "";

    /// <summary>Key of the title's text.</summary>
    public string Title { get; init; } = "";

    /// <summary>Values of the title's text.</summary>
    public IReadOnlyList<object> TitleArgs { get; init; } = [];

    /// <summary>A name from <c>assets/icons.txt</c>.</summary>
    public string Icon { get; init; } = "sticky-note";

    /// <summary>What its colour says.</summary>
    public Tone Tone { get; init; }

    /// <summary>Where the title leads; null: nowhere.</summary>
    public string? Href { get; init; }
}

/// <summary>What a source tells of one customer: its newest entries, and how far back they are all of them.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="CompleteAfter">Nothing is missing after this instant; null: nothing older is left.</param>
public sealed record TimelineRead(IReadOnlyList<TimelineItem> Items, DateTimeOffset? CompleteAfter)
{
    /// <summary>Nothing.</summary>
    public static TimelineRead None { get; } = new([], null);
}

/// <summary>One kind of entries on the timelines of customers: a module above this one puts its own there. Registered as a singleton.</summary>
public interface ITimelineSource
{
    /// <summary>Its name in the address, in small letters.</summary>
    string Kind { get; }

    /// <summary>Key of the text that names the kind.</summary>
    string Name { get; }

    /// <summary>The newest entries that were asked for. It costs the same for a customer with fifty entries and for one with fifty thousand.</summary>
    /// <param name="connection">Reads.</param>
    /// <param name="ask">Which.</param>
    /// <param name="ct">Ends the read.</param>
    Task<TimelineRead> Newest(DbConnection connection, TimelineAsk ask, CancellationToken ct);
}

/// <summary>Which entries of one customer are asked for. Whoever is asked may see everything that a source gives: customers' internal facts.</summary>
public sealed record TimelineAsk
{
    /// <summary>More a source doesn't give at once, unless they are of one instant.</summary>
    public const int Most = 60;

    private const int MostAtOnce = 5_000;

    internal TimelineAsk(long customerId, DateTimeOffset before) => (CustomerId, Before) = (customerId, before);

    /// <summary>Whose.</summary>
    public long CustomerId { get; }

    /// <summary>Only what happened before.</summary>
    public DateTimeOffset Before { get; init; }

    /// <summary>Only of this one of us, by shown name; empty: of everyone and of nobody.</summary>
    public string By { get; init; } = "";

    /// <summary>Only entries in whose texts each of these is found; empty: all.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    internal InteractionKind? Channel { get; init; }

    internal Viewer? Viewer { get; init; }

    /// <summary>Whether only some of the entries are asked for.</summary>
    internal bool IsNarrowed => By.Length > 0 || Words.Count > 0;

    private bool AtOnce { get; init; }

    /// <summary>The conditions that an entry is asked for, by <see cref="Parameters"/>: <c>customer_id = @id</c> stays with the source.</summary>
    /// <param name="kind">Which database.</param>
    /// <param name="at">Column of the instant.</param>
    /// <param name="by">Column of the shown name; null: entries of the source are of nobody.</param>
    /// <param name="texts">Columns that are looked through.</param>
    public string Sql(DatabaseKind kind, string at, string? by, params IEnumerable<string> texts) => string.Concat([
        $" and {at} {(AtOnce ? "=" : "<")} @before",
        By.Length == 0 ? "" : by is null ? " and 1 = 0" : $" and {by} = @by",
        .. Words.Select((_, i) => $" and ({string.Join(" or ", texts.Select(text => Within.Sql(kind, text, $"w{i}")).DefaultIfEmpty("1 = 0"))})")]);

    /// <summary>Values of <see cref="Sql"/>, and <c>@id</c>.</summary>
    public (string Name, object? Value)[] Parameters(DatabaseKind kind) =>
        [("id", CustomerId), ("before", Before), .. By.Length > 0 ? new (string, object?)[] { ("by", By) } : [], .. Words.Select((word, i) => ($"w{i}", (object?)Within.Pattern(kind, word)))];

    /// <summary>The same, of one instant.</summary>
    internal TimelineAsk At(DateTimeOffset instant) => this with { Before = instant, AtOnce = true };

    /// <summary>Reads a source's entries by a query that ends with its order, newest first, and whose conditions are <see cref="Sql"/>.</summary>
    /// <param name="connection">Reads.</param>
    /// <param name="query">The query for an ask.</param>
    /// <param name="map">A row as an entry.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<TimelineRead> Read(DbConnection connection, Func<TimelineAsk, string> query, Func<DbDataReader, TimelineItem> map, CancellationToken ct)
    {
        var items = await connection.Rows($"{query(this)} limit {Most}", map, ct, Parameters(connection.Kind()));
        if (items.Count < Most) { return new(items, null); }
        if (items[0].At > items[^1].At) { return new(items, items[^1].At); }
        var instant = At(items[0].At);
        return new(await connection.Rows($"{query(instant)} limit {MostAtOnce}", map, ct, instant.Parameters(connection.Kind())), items[0].At);
    }
}
