using System.Data.Common;
using System.Globalization;
using Huike.Platform.Data;
using Huike.Platform.Health;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huike.Web;

/// <summary>For whoever watches the program: does it run, can it serve.</summary>
internal static class Health
{
    public static void AddHealth(this IServiceCollection services) => services.AddProblemDetails();

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Text("live")).AllowAnonymous();
        routes.MapGet("/health/ready", Ready).AllowAnonymous();
    }

    /// <summary>Ready while the database answers within two seconds; it says so too where the work in the background is behind, which is no reason to send nobody any more.</summary>
    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Ready(Database database, TimeProvider clock, ILogger<HostArguments> log, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            await using var connection = await database.Open(patience.Token);
            await connection.Number("select 1", patience.Token);
            return TypedResults.Text(await Behind(connection, clock, patience.Token) is { } lag ? string.Create(CultureInfo.InvariantCulture, $"ready; work is {lag.TotalSeconds:0} s behind") : "ready");
        }
        catch (Exception failure) when (failure is DbException or OperationCanceledException)
        {
            log.LogWarning(failure, "Not ready: the database does not answer");
            return TypedResults.Problem(statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>How far, where it is worth a word; null also where nobody can say in the time that is left.</summary>
    private static async Task<TimeSpan?> Behind(DbConnection connection, TimeProvider clock, CancellationToken patience)
    {
        try
        {
            var lag = await WorkLag.Read(connection, clock.GetUtcNow(), patience);
            return lag > WorkLag.Noticeable ? lag : null;
        }
        catch (Exception failure) when (failure is DbException or OperationCanceledException)
        {
            return null;
        }
    }
}
