using Huike.Platform.Data;
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

    /// <summary>Ready while the database answers within two seconds.</summary>
    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Ready(Database database, ILogger<HostArguments> log, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            await using var connection = await database.Open(patience.Token);
            await connection.Number("select 1", patience.Token);
            return TypedResults.Text("ready");
        }
        catch (Exception failure) when (failure is System.Data.Common.DbException or OperationCanceledException)
        {
            log.LogWarning(failure, "Not ready: the database does not answer");
            return TypedResults.Problem(statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
