using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Huike.Platform.Files;

/// <summary>
/// Asks a malware scanner about a file before it is kept, by clamd's own protocol (<c>INSTREAM</c>). <c>Files:Scanner</c> in the settings file says where:
/// <c>tcp://host:3310</c> or <c>unix:///run/clamav/clamd.ctl</c>. Without it nothing is asked; with it nothing is kept that the scanner didn't pass.
/// </summary>
internal sealed class ScanFile(IConfiguration configuration)
{
    private const int Chunk = 1 << 16;
    private const int LongestAnswer = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Whether there is one.</summary>
    public bool IsSet => configuration["Files:Scanner"] is { Length: > 0 };

    /// <summary>Asks whether it is there.</summary>
    /// <exception cref="SocketException">It isn't; also <see cref="IOException"/>, <see cref="UriFormatException"/>.</exception>
    public async Task Ping(CancellationToken ct)
    {
        await using var stream = await Connected(new(configuration["Files:Scanner"]!), ct);
        await stream.WriteAsync("zPING\0"u8.ToArray(), ct);
        var answer = new byte[4];
        await stream.ReadExactlyAsync(answer, ct);
        if (!answer.AsSpan().SequenceEqual("PONG"u8)) { throw new IOException(Encoding.ASCII.GetString(answer)); }
    }

    /// <param name="name">For the refusal.</param>
    /// <param name="content">Seekable; stands at its begin afterwards.</param>
    /// <param name="ct">Ends the scan.</param>
    /// <exception cref="RuleException"><c>files.scan.found</c>; <c>files.scan.down</c>: the scanner can't be asked or says nothing that can be understood.</exception>
    public async Task Run(string name, Stream content, CancellationToken ct)
    {
        if (configuration["Files:Scanner"] is not { Length: > 0 } address) { return; }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        string answer;
        try
        {
            answer = await Ask(new(address), content, limit.Token);
        }
        catch (Exception failure) when (failure is SocketException or IOException or UriFormatException || (failure is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new RuleException("files.scan.down", failure.Message) { Status = 503 };
        }
        content.Position = 0;
        if (answer.EndsWith(" FOUND", StringComparison.Ordinal)) { throw new RuleException("files.scan.found", name, answer.Split(' ')[^2]); }
        if (answer != "stream: OK") { throw new RuleException("files.scan.down", answer) { Status = 503 }; }
    }

    private static async Task<NetworkStream> Connected(Uri address, CancellationToken ct)
    {
        var socket = address.Scheme == "unix" ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address.Scheme == "unix" ? new UnixDomainSocketEndPoint(address.AbsolutePath) : new System.Net.DnsEndPoint(address.Host, address.Port), ct);
            return new(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<string> Ask(Uri address, Stream content, CancellationToken ct)
    {
        await using var stream = await Connected(address, ct);
        await stream.WriteAsync("zINSTREAM\0"u8.ToArray(), ct);
        // Length, most significant byte first, then so many bytes; a length of 0 ends it.
        var buffer = new byte[4 + Chunk];
        content.Position = 0;
        int read;
        do
        {
            read = await content.ReadAtLeastAsync(buffer.AsMemory(4), Chunk, throwOnEndOfStream: false, ct);
            BinaryPrimitives.WriteInt32BigEndian(buffer, read);
            await stream.WriteAsync(buffer.AsMemory(0, 4 + read), ct);
        }
        while (read > 0);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = new char[LongestAnswer];
        return new string(answer, 0, await reader.ReadBlockAsync(answer, ct)).TrimEnd('\0', '\n');
    }
}
