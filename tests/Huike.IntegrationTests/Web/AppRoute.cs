using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Web;

/// <summary>A route of the application, with one of its methods.</summary>
internal sealed partial record AppRoute(string Method, string Pattern, RouteEndpoint Endpoint)
{
    public string Name => $"{Method} {Pattern}";

    /// <summary>With 1 for each parameter: the first customer, load or note.</summary>
    public string Path => With(_ => "1");

    /// <summary>For programs that know a name and a password only: no page leads there, and no session opens it (PhoneBookTests).</summary>
    public bool IsDoor => Pattern.StartsWith("/dav", StringComparison.Ordinal);

    public bool IsOpen => Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    /// <summary>All that there are.</summary>
    public static List<AppRoute> Of(HuikeApp app) =>
        [.. app.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => new AppRoute(method, "/" + endpoint.RoutePattern.RawText!.Trim('/'), endpoint)))];

    /// <summary>The path with a value for each parameter.</summary>
    public string With(Func<string, string> value) => Parameter().Replace(Pattern, match => value(match.Value));

    public override string ToString() => Name;

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Parameter();
}
