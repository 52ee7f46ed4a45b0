using System.Globalization;
using System.Threading.RateLimiting;
using Huike.Platform.Access.Limits;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Api;

/// <summary>Holds each token to its share of requests. People at their pages have none.</summary>
public sealed class ApiLimits(SettingsStore settings) : IDisposable
{
    private readonly PartitionedRateLimiter<(string Key, int PerMinute)> limiter = PartitionedRateLimiter.Create<(string Key, int PerMinute), (string, int)>(of =>
        RateLimitPartition.GetTokenBucketLimiter(of, _ => new()
        {
            TokenLimit = of.PerMinute,
            TokensPerPeriod = Math.Max(1, of.PerMinute / 60),
            ReplenishmentPeriod = TimeSpan.FromMinutes(Math.Max(1, of.PerMinute / 60) / (double)of.PerMinute),
            QueueLimit = 0,
        }));

    /// <inheritdoc/>
    public void Dispose() => limiter.Dispose();

    /// <summary>After how many seconds to come again; null where the request may pass.</summary>
    internal async Task<int?> Pause(HttpContext http)
    {
        // A request that runs another route inside it is one request.
        if (http.User.FindFirst(CurrentActor.TokenClaim) is not { } token || !http.Items.TryAdd(typeof(ApiLimits), true)) { return null; }
        var allowed = Math.Max(1, (await settings.Get<SignInSettings>(http.RequestAborted)).TokenRequests);
        using var lease = limiter.AttemptAcquire((string.Create(CultureInfo.InvariantCulture, $"{http.User.Access().UserId} {token.Value}"), allowed));
        if (lease.IsAcquired) { return null; }
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? (int)Math.Ceiling(wait.TotalSeconds) : 1;
    }
}

/// <summary>Routes for programs.</summary>
public static class ApiRoutes
{
    /// <summary>A group of routes under <c>/api</c>, each under the limit of its token.</summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes, string path)
    {
        return routes.MapGroup("/api/" + path).WithTags(path.Split('/')[0]).LimitTokens();
    }

    /// <summary>Puts routes under the limit of the token that they are asked by.</summary>
    public static TBuilder LimitTokens<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder => routes.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        if (await http.RequestServices.GetRequiredService<ApiLimits>().Pause(http) is not { } pause) { return await next(context); }
        http.Response.Headers.RetryAfter = pause.ToString(CultureInfo.InvariantCulture);
        // Thrown, it would be answered without the header.
        return TypedResults.Problem(http.RequestServices.GetRequiredService<Texts>()["api.limit", pause], statusCode: StatusCodes.Status429TooManyRequests, extensions: [new("code", "api.limit")]);
    });
}
