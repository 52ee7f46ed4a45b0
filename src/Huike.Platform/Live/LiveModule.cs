using System.Globalization;
using System.Text;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Live;

/// <summary>
/// From where a page that is being made has to look on: taken before its records are read, so that nothing is missed in between. Ask for it as an argument of the route,
/// and write it as <c>data-live-since</c> beside <c>data-live</c>.
/// </summary>
/// <param name="Since">Empty where nothing is known yet.</param>
public sealed record LiveMoment(string Since);

/// <summary>实时更新: pages are told by server-sent events that what they show has changed: kinds and numbers only, they ask for the rest themselves.</summary>
public static class LiveModule
{
    private const string Path = "/live";
    private const int MostTopics = 20;

    /// <summary>Adds live updates.</summary>
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveRows>().AddSingleton<LiveFeed>().AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
        services.AddScoped(provider => new LiveMoment(provider.GetRequiredService<LiveFeed>().Since));
        services.AddScoped<Answer>();
        return services;
    }

    /// <summary>Maps the stream.</summary>
    public static void MapLive(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, (HttpContext http, Answer answer, CancellationToken ct) => answer.Run(http, ct)).RequireAuthorization();

    /// <summary>Writes one stream until the page, the session or the program ends.</summary>
    internal sealed class Answer(LiveFeed feed, JobQueue jobs, IEnumerable<RecordKind> kinds, IEnumerable<IJobWorker> workers)
    {
        public async Task<IResult> Run(HttpContext http, CancellationToken ct)
        {
            var access = http.User.Access();
            var topics = await Topics(http.Request.Query["watch"], access, ct);
            // 204 tells a browser not to come back.
            if (topics.Count == 0) { return TypedResults.NoContent(); }
            if (http.User.SessionId() is not { } session) { return TypedResults.StatusCode(StatusCodes.Status403Forbidden); }
            var stream = new LiveStream(http.User.UserId(), session, topics, access);
            if (!feed.Add(stream)) { return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests); }
            try
            {
                await Write(http, stream, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                // The page was left.
            }
            finally
            {
                feed.Remove(stream);
            }
            return TypedResults.Empty;
        }

        private async Task<List<LiveTopic>> Topics(IEnumerable<string?> asked, UserAccess access, CancellationToken ct)
        {
            var byName = kinds.ToDictionary(kind => kind.Name);
            var topics = new List<LiveTopic>();
            foreach (var text in asked.OfType<string>().Distinct().Take(MostTopics))
            {
                if (await LiveTopic.Read(text, byName, Permission) is { } topic && topic.IsOpenTo(access)) { topics.Add(topic); }
            }
            return topics;

            async Task<string?> Permission(long id) => await jobs.Get(id, ct) is { } job ? workers.FirstOrDefault(worker => worker.Kind == job.Kind)?.Permission : null;
        }

        private async Task Write(HttpContext http, LiveStream stream, CancellationToken ct)
        {
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            http.Response.ContentType = "text/event-stream";
            // For proxies that would gather what they hand on.
            http.Response.Headers["X-Accel-Buffering"] = "no";
            var here = feed.Since;
            var since = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : http.Request.Query["since"].ToString();
            if (long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var cursor)) { await feed.CatchUp(stream, cursor, ct); }
            else if (since.Length > 0) { stream.Send(LiveFeed.Frame("reset", "{}", null)); }
            stream.Send(LiveFeed.Frame("hello", "{}", here));
            while (await stream.Frames.WaitToReadAsync(ct))
            {
                while (stream.Frames.TryRead(out var frame)) { Encoding.UTF8.GetBytes(frame, http.Response.BodyWriter); }
                if (stream.TakeMissed()) { Encoding.UTF8.GetBytes(LiveFeed.Frame("reset", "{}", null), http.Response.BodyWriter); }
                await http.Response.BodyWriter.FlushAsync(ct);
            }
        }
    }
}
