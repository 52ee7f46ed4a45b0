using System.Net;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Audit;

/// <summary>Who acts.</summary>
/// <param name="Name">Sign-in name; empty: nobody signed in, or the program of its own accord.</param>
/// <param name="Address">IP address that the request came from; empty for jobs and verbs.</param>
public sealed record Actor(string Name, string Address);

/// <summary>Who acts now: the request's user, or whom a job or verb named.</summary>
public sealed class CurrentActor(IHttpContextAccessor http)
{
    private readonly AsyncLocal<string?> named = new();

    /// <summary>The request's user where there is a request.</summary>
    public Actor Value => http.HttpContext is { } request
        ? new(request.User.Identity?.Name ?? "", AddressOf(request)?.ToString() ?? "")
        : new(named.Value ?? "", "");

    /// <summary>Names who acts in the rest of the calling method and all that it calls, outside of requests.</summary>
    public void Become(string name) => named.Value = name;

    /// <summary>From where a request comes; null for none.</summary>
    internal static IPAddress? AddressOf(HttpContext request) =>
        request.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : request.Connection.RemoteIpAddress;
}
