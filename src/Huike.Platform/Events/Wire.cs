using System.Data.Common;
using System.Globalization;
using System.Threading.Channels;
using Huike.Platform.Data;

namespace Huike.Platform.Events;

/// <summary>What a word on the wire is about.</summary>
public enum WordKind
{
    /// <summary>Events of one kind were raised.</summary>
    Event,

    /// <summary>A job of one kind waits.</summary>
    JobAdded,

    /// <summary>A job of one kind went on or ended.</summary>
    Job,

    /// <summary>Deliveries of one handler were done, or failed.</summary>
    Delivery,

    /// <summary>A user was told of something, or read it.</summary>
    Notice,
}

/// <summary>A word that nodes tell each other: kinds and numbers, never values.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Name">Kind of events or jobs, or name of the handler; without blanks.</param>
/// <param name="First">The lowest number; 0 for deliveries, the user's for notices.</param>
/// <param name="Last">The highest.</param>
/// <param name="Settled">On PostgreSQL: every transaction below this number had ended when the word was written.</param>
public readonly record struct Word(WordKind Kind, string Name, long First, long Last, long Settled = 0)
{
    internal string Write() => string.Create(CultureInfo.InvariantCulture, $"{(int)Kind} {Name} {First} {Last} ");

    internal static Word? Read(string text)
    {
        var parts = text.Split(' ');
        return parts.Length == 5 && Number(parts[0]) is { } kind && Number(parts[2]) is { } first && Number(parts[3]) is { } last && Number(parts[4]) is { } settled && kind <= (int)WordKind.Notice
            ? new((WordKind)kind, parts[1], first, last, settled) : null;

        static long? Number(string part) => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}

/// <summary>
/// Tells every node that something was committed. On PostgreSQL by <c>NOTIFY</c>, which is given out at the commit and in the order of commits; on SQLite, where there is one node,
/// in the process, once the turn to write is free. It is a bell and no more: whoever misses a word finds the rows by looking now and then.
/// </summary>
public sealed class Wire(Database database)
{
    internal const string Name = "huike";
    private const int MostHeld = 4_096;

    private readonly Lock listening = new();
    private readonly Channel<Word> held = Channel.CreateBounded<Word>(new BoundedChannelOptions(MostHeld) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private (Action<Word> Heard, Action Opened)[] listeners = [];

    /// <summary>Listens for as long as the program runs. Done in constructors: the first word may come as soon as the program starts.</summary>
    /// <param name="heard">Called for each word, one after the other; only takes note.</param>
    /// <param name="opened">Called where the wire was opened, again also: words may have been missed before.</param>
    internal void Listen(Action<Word> heard, Action opened)
    {
        lock (listening) { listeners = [.. listeners, (heard, opened)]; }
    }

    /// <summary>Tells of something when the caller's transaction is committed.</summary>
    /// <param name="connection">Holds the transaction and, on SQLite, the turn to write.</param>
    /// <param name="word">What to tell.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task Tell(DbConnection connection, Word word, CancellationToken ct)
    {
        if (database.Kind == DatabaseKind.Sqlite) { held.Writer.TryWrite(word); }
        else { await connection.Run($"select pg_notify('{Name}', @word || pg_snapshot_xmin(pg_current_snapshot())::text)", ct, ("word", word.Write())); }
    }

    internal void Hear(Word word)
    {
        foreach (var (heard, _) in listeners) { heard(word); }
    }

    internal void Open()
    {
        foreach (var (_, opened) in listeners) { opened(); }
    }

    /// <summary>On SQLite: waits for words, and until what they tell of is committed.</summary>
    internal async Task<IReadOnlyList<Word>> Committed(CancellationToken ct)
    {
        await held.Reader.WaitToReadAsync(ct);
        var words = new List<Word>();
        while (held.Reader.TryRead(out var word)) { words.Add(word); }
        // Whoever told these has the turn, or had it: after ours they have committed or given up.
        (await database.WriteTurn(ct)).Dispose();
        return words;
    }
}
