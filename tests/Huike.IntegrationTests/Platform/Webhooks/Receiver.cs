using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Huike.IntegrationTests.Platform.Webhooks;

/// <summary>A message as it arrived.</summary>
internal sealed record Arrived(string Path, string Id, string At, string Signatures, string Body)
{
    /// <summary>Which of the signatures are those of a secret: computed here anew, as the specification tells it.</summary>
    public bool IsSignedBy(string secret)
    {
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{Id}.{At}.{Body}")));
        return Signatures.Split(' ').Contains(expected);
    }
}

/// <summary>Somebody else's program on this machine, which is told of events and answers as the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Arrived> arrived = new();

    private Receiver(WebApplication app) => this.app = app;

    /// <summary>How it answers; 204 at first.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = http =>
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    };

    public IReadOnlyList<Arrived> All => [.. arrived];

    public string Url => app.Urls.First() + "/hook?key=k1";

    public static async Task<Receiver> Start(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        HuikeApp.Quiet(builder);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var receiver = new Receiver(builder.Build());
        receiver.app.Run(receiver.Take);
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public async Task<IReadOnlyList<Arrived>> Until(int count)
    {
        for (var i = 0; i < 400 && arrived.Count < count; i++) { await Task.Delay(50, TestContext.Current.CancellationToken); }
        Assert.Equal(count, arrived.Count);
        return All;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task Take(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        arrived.Enqueue(new(http.Request.Path, http.Request.Headers["webhook-id"]!, http.Request.Headers["webhook-timestamp"]!, http.Request.Headers["webhook-signature"]!, body));
        await Answer(http);
    }
}
