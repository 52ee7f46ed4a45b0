using System.Threading.Channels;
using Huike.Platform.Access.Records;

namespace Huike.Platform.Live;

/// <summary>One page that looks on.</summary>
/// <param name="userId">Whose.</param>
/// <param name="session">Number of the session that it came by.</param>
/// <param name="topics">What it watches.</param>
/// <param name="access">What the user may do; renewed while the stream is open.</param>
internal sealed class LiveStream(long userId, long session, IReadOnlyList<LiveTopic> topics, UserAccess access)
{
    private const int MostHeld = 64;

    private readonly Channel<string> frames = Channel.CreateBounded<string>(new BoundedChannelOptions(MostHeld) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private int missed;

    public long UserId => userId;

    public long Session => session;

    public IReadOnlyList<LiveTopic> Topics => topics;

    /// <summary>What the user may do, as it was seen last.</summary>
    public UserAccess Access { get; set; } = access;

    /// <summary>What is to be written, until the stream ends.</summary>
    public ChannelReader<string> Frames => frames.Reader;

    /// <summary>Whether something was left out because the page didn't read: it has to look anew.</summary>
    public bool TakeMissed() => Interlocked.Exchange(ref missed, 0) == 1;

    public void Send(string frame)
    {
        if (!frames.Writer.TryWrite(frame)) { Volatile.Write(ref missed, 1); }
    }

    public void End() => frames.Writer.TryComplete();
}
