using System.Data.Common;
using Huike.Platform;
using Huike.Ui;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.HttpOverrides;
using Npgsql;

namespace Huike.Web;

/// <summary>What every answer carries and every request must obey, before any feature is asked.</summary>
internal static class Safety
{
    private const string ContentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Believes proxies on this machine, and those named, when they say from where and by which protocol a visitor comes: lock-out by address and secure cookies need it.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="addresses">Addresses of further proxies, with commas between; null for none.</param>
    public static void AddProxies(this IServiceCollection services, string? addresses) => services.Configure<ForwardedHeadersOptions>(options =>
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        foreach (var address in (addresses ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) { options.KnownProxies.Add(System.Net.IPAddress.Parse(address)); }
    });

    /// <summary>Headers that keep browsers from doing more than our pages ask for. Set when the answer begins: an error page is written after all others were cleared.</summary>
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = ContentPolicy;
            headers.XContentTypeOptions = "nosniff";
            // What may be kept says so itself: the program's own styles and scripts, and files that are asked for anew each time.
            if (headers.CacheControl.Count == 0) { headers.CacheControl = "no-store"; }
            // The policy above says it too; old browsers and scanners read this.
            headers.XFrameOptions = "DENY";
            // A name that is this machine's own belongs to other programs too, some without a certificate.
            if (http.Request.IsHttps && http.Request.Host.Host != "localhost") { headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains"; }
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            return Task.CompletedTask;
        });
        return next(http);
    });

    /// <summary>Refuses writes that another site's page sends with our user's cookie; every browser of today says where a request comes from.</summary>
    public static void UseSameOriginWrites(this WebApplication app) => app.Use((http, next) =>
    {
        var site = http.Request.Headers["Sec-Fetch-Site"].ToString();
        var reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method);
        if (reads || site is "" or "same-origin" or "none") { return next(http); }
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });

    /// <summary>Whom something was refused stands in the log: who, what, from where. Outside of all that refuses.</summary>
    public static void UseRefusalLog(this WebApplication app) => app.Use(async (http, next) =>
    {
        await next(http);
        if (http.Response.StatusCode is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests)) { return; }
        // What follows there is the link itself.
        var path = http.Request.Path.StartsWithSegments("/password", StringComparison.Ordinal) ? "/password" : http.Request.Path.Value;
        app.Logger.LogWarning("Refused with {Status}: {Method} {Path}, {User} from {Address}", http.Response.StatusCode, http.Request.Method, path, http.User.Identity?.Name, http.Connection.RemoteIpAddress);
    });

    /// <summary>Errors as pages for people and as problem details for programs; never an exception's insides.</summary>
    public static void UseExceptionPages(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = Answer, StatusCodeSelector = StatusOf, SuppressDiagnosticsCallback = context => context.Exception is RuleException or BadHttpRequestException });
        app.UseStatusCodePages(async context =>
        {
            var http = context.HttpContext;
            await (IsProgram(http) ? Results.Problem(statusCode: http.Response.StatusCode) : Pages.Error(http, http.Response.StatusCode)).ExecuteAsync(http);
        });
    }

    /// <summary>Whether another write came between: of two that waited for each other PostgreSQL took back one, or what this one hangs on was removed meanwhile.</summary>
    private static bool IsCrossed(Exception failure) => (failure as DbException ?? failure.InnerException as DbException) is { SqlState: "40P01" or "23503" };

    /// <summary>Whether every connection is in use, the program's own for longer than one waits for one, or the server's. The driver tells its own only by words; a statement that took too long is another fault, and may have written.</summary>
    private static bool IsFull(Exception failure) => failure is PostgresException { SqlState: PostgresErrorCodes.TooManyConnections }
        || (failure is NpgsqlException { InnerException: TimeoutException } && failure.Message.StartsWith("The connection pool has been exhausted", StringComparison.Ordinal));

    private static int StatusOf(Exception failure) => failure switch
    {
        RuleException { Status: > 0 } rule => rule.Status,
        RuleException { Code: "access.record.refused" } => StatusCodes.Status403Forbidden,
        RuleException rule when rule.Code.EndsWith(".unknown", StringComparison.Ordinal) => StatusCodes.Status404NotFound,
        _ when IsCrossed(failure) => StatusCodes.Status409Conflict,
        _ when IsFull(failure) => StatusCodes.Status503ServiceUnavailable,
        RuleException => StatusCodes.Status422UnprocessableEntity,
        BadHttpRequestException bad => bad.StatusCode,
        // A form that can't be read: a null in a value, bytes that are no text.
        AntiforgeryValidationException => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static async Task Answer(HttpContext http)
    {
        var failure = http.Features.Get<IExceptionHandlerFeature>()!.Error;
        var status = StatusOf(failure);
        var rule = RuleOf(failure);
        if (status == StatusCodes.Status503ServiceUnavailable) { http.Response.Headers.RetryAfter = "5"; }
        if (IsProgram(http)) { await Problem(http, failure).ExecuteAsync(http); }
        else if (rule is null) { await Pages.Error(http, status).ExecuteAsync(http); }
        else
        {
            var texts = http.RequestServices.GetRequiredService<Texts>();
            await Pages.Show<RuleErrorPage>(http, texts["web.rule.title"], new { Text = texts[rule.Code, [.. rule.Args]] }, status).ExecuteAsync(http);
        }
    }

    /// <summary>Whether a failure is an answer, and no fault of ours.</summary>
    internal static bool IsRefusal(Exception failure) => StatusOf(failure) < StatusCodes.Status500InternalServerError;

    /// <summary>A failure in the words of programs.</summary>
    internal static IResult Problem(HttpContext http, Exception failure)
    {
        var texts = http.RequestServices.GetRequiredService<Texts>();
        var rule = RuleOf(failure);
        return Results.Problem(rule is null ? null : texts[rule.Code, [.. rule.Args]], statusCode: StatusOf(failure), extensions: Extensions(rule, texts));
    }

    private static RuleException? RuleOf(Exception failure) => IsCrossed(failure) ? new("web.busy") : IsFull(failure) ? new("web.full") : failure as RuleException;

    private static Dictionary<string, object?> Extensions(RuleException? rule, Texts texts)
    {
        var members = new Dictionary<string, object?>();
        if (rule is not null) { members["code"] = rule.Code; }
        if (rule is { Fields.Count: > 0 }) { members["errors"] = rule.Fields.ToDictionary(field => field.Key, field => new { code = field.Value, detail = texts[field.Value] }); }
        foreach (var (name, value) in rule?.Members ?? new Dictionary<string, object>()) { members[name] = value; }
        return members;
    }

    private static bool IsProgram(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) || http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) || http.Request.Path.StartsWithSegments("/dav", StringComparison.Ordinal);
}
