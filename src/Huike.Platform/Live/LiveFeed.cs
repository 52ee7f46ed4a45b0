using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Threading.Channels;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Live;

/// <summary>Hands what the wire tells to the open streams of this node, to each what its user may see. It reads an event once, however many look on.</summary>
internal sealed class LiveFeed : BackgroundService
{
    /// <summary>A user's pages at once; a browser has six of them over HTTP/1.1 anyway.</summary>
    public const int MostOfUser = 20;

    /// <summary>Pages of one node.</summary>
    public const int MostOfNode = 5_000;

    private const int MostHeld = 20_000;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<LiveStream, bool> open = new();
    private readonly Channel<Word?> heard = Channel.CreateBounded<Word?>(new BoundedChannelOptions(MostHeld) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly LiveRows rows;
    private readonly SessionRegister sessions;
    private readonly IHostApplicationLifetime lifetime;
    private readonly TimeProvider clock;
    private readonly ILogger<LiveFeed> log;
    private long cursor = -1;
    private int gathering;

    public LiveFeed(LiveRows rows, Wire wire, SessionRegister sessions, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<LiveFeed> log)
    {
        (this.rows, this.sessions, this.lifetime, this.clock, this.log) = (rows, sessions, lifetime, clock, log);
        wire.Listen(word => heard.Writer.TryWrite(word), () => heard.Writer.TryWrite(null));
    }

    /// <summary>Up to where everything was handed out; a stream that goes on from here misses nothing. Empty as long as the wire is not open.</summary>
    public string Since => Volatile.Read(ref cursor) is >= 0 and var here ? here.ToString(CultureInfo.InvariantCulture) : "";

    /// <summary>Takes a stream in.</summary>
    /// <returns>False where there are too many.</returns>
    public bool Add(LiveStream stream)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested || open.Count >= MostOfNode || open.Keys.Count(other => other.UserId == stream.UserId) >= MostOfUser) { return false; }
        return open.TryAdd(stream, true);
    }

    public void Remove(LiveStream stream) => open.TryRemove(stream, out _);

    /// <summary>Hands a stream what happened since it was cut off, or tells it to look anew.</summary>
    public async Task CatchUp(LiveStream stream, long since, CancellationToken ct)
    {
        var (events, _) = await rows.Since(since, ct);
        if (events is null) { stream.Send(Frame("reset", "{}", null)); }
        else { await Hand(events, [stream], since, ct); }
    }

    /// <summary>A message of a stream.</summary>
    public static string Frame(string name, string json, string? id) => id is { Length: > 0 } ? $"id: {id}\nevent: {name}\ndata: {json}\n\n" : $"event: {name}\ndata: {json}\n\n";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ending = lifetime.ApplicationStopping.Register(EndAll);
        await Task.WhenAll(Serve(stoppingToken), Watch(stoppingToken));
        EndAll();
    }

    private async Task Serve(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var word in heard.Reader.ReadAllAsync(stoppingToken))
            {
                try
                {
                    await (word is { } said ? Take(said, stoppingToken) : GoOn(stoppingToken));
                }
                catch (DbException gone)
                {
                    log.LogWarning(gone, "What happened can't be read for the pages that look on; they are told to look anew");
                    Tell(_ => true, Frame("reset", "{}", null));
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program stops.
        }
    }

    /// <summary>After the wire was opened: what happened while it was not.</summary>
    private async Task GoOn(CancellationToken ct)
    {
        var since = Volatile.Read(ref cursor);
        if (since < 0)
        {
            Volatile.Write(ref cursor, await rows.Now(ct));
            return;
        }
        var (events, now) = await rows.Since(since, ct);
        if (events is null) { Tell(_ => true, Frame("reset", "{}", null)); }
        else { await Hand(events, [.. open.Keys], since, ct); }
        Volatile.Write(ref cursor, now);
    }

    private async Task Take(Word word, CancellationToken ct)
    {
        if (word.Kind == WordKind.Notice)
        {
            Tell(stream => stream.UserId == word.First && stream.Topics.Any(one => one.Name == LiveTopic.OwnNotices), Frame("change", $$"""{"topic":"{{LiveTopic.OwnNotices}}"}""", null));
            return;
        }
        if (word.Kind != WordKind.Event)
        {
            if (word.Kind != WordKind.Delivery) { Tell(LiveTopic.Of("job", word.First)); }
            if (Interlocked.Exchange(ref gathering, 1) == 0) { _ = TellWork(); }
            return;
        }
        if (!open.IsEmpty)
        {
            var events = await rows.Between(word, ct);
            if (events is null) { Tell(_ => true, Frame("reset", "{}", null)); }
            else { await Hand(events, [.. open.Keys], Math.Max(Volatile.Read(ref cursor), rows.CursorOf(word)), ct); }
        }
        Volatile.Write(ref cursor, Math.Max(Volatile.Read(ref cursor), rows.CursorOf(word)));
    }

    private async Task Hand(IReadOnlyList<LiveEvent> events, IReadOnlyList<LiveStream> streams, long at, CancellationToken ct)
    {
        var id = at >= 0 ? at.ToString(CultureInfo.InvariantCulture) : null;
        foreach (var happened in events)
        {
            var watching = streams.Select(stream => (Stream: stream, Topic: stream.Topics.FirstOrDefault(topic => topic.Kind is not null && topic.Name == happened.Topic))).Where(one => one.Topic is not null).ToList();
            if (watching.Count == 0) { continue; }
            var allowed = await rows.Allowed(watching[0].Topic!.Kind!, happened.RecordId, [.. watching.Select(one => one.Stream)], ct);
            var frame = Frame("change", string.Create(CultureInfo.InvariantCulture, $$"""{"topic":"{{happened.Topic}}","kind":"{{happened.Kind}}","id":{{happened.Id}}}"""), id);
            foreach (var stream in allowed) { stream.Send(frame); }
        }
    }

    /// <summary>Work goes on in small steps: who looks on is told once a second at most.</summary>
    private async Task TellWork()
    {
        await Task.Delay(Gather, clock, CancellationToken.None);
        Volatile.Write(ref gathering, 0);
        Tell(LiveTopic.Work);
    }

    private void Tell(string topic) => Tell(stream => stream.Topics.Any(one => one.Name == topic), Frame("change", $$"""{"topic":"{{topic}}"}""", null));

    private void Tell(Func<LiveStream, bool> whom, string frame)
    {
        foreach (var stream in open.Keys.Where(whom)) { stream.Send(frame); }
    }

    /// <summary>Keeps lines open, and ends streams whose session or permission has ended.</summary>
    private async Task Watch(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Beat, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await LookAtAll(stoppingToken);
        }
    }

    /// <summary>One round over the open streams.</summary>
    internal async Task LookAtAll(CancellationToken ct)
    {
        foreach (var stream in open.Keys.Where(_ => !ct.IsCancellationRequested))
        {
            try
            {
                await Look(stream, ct);
            }
            catch (Exception gone) when (gone is DbException or OperationCanceledException)
            {
                // Who can't be asked about is shown nothing any more.
                stream.End();
            }
        }
    }

    private async Task Look(LiveStream stream, CancellationToken ct)
    {
        var access = await sessions.Look(stream.Session, ct);
        if (access is null || !stream.Topics.All(topic => topic.IsOpenTo(access)))
        {
            stream.End();
            return;
        }
        stream.Access = access;
        stream.Send(": beat\n\n");
    }

    private void EndAll()
    {
        foreach (var stream in open.Keys) { stream.End(); }
    }
}
