using System.Net;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Audit;

/// <summary>Who acts.</summary>
/// <param name="Name">Sign-in name; empty: nobody signed in, or the program of its own accord.</param>
/// <param name="Address">IP address that the request came from; empty for jobs and verbs.</param>
/// <param name="For">Sign-in name of whom the actor stands in for; null where nobody's permission but the actor's own was needed.</param>
/// <param name="Token">Name of the token that the request came by; null where the user signed in.</param>
public sealed record Actor(string Name, string Address, string? For = null, string? Token = null);

/// <summary>Who acts now: the request's user, or whom a job or verb named.</summary>
public sealed class CurrentActor(IHttpContextAccessor http)
{
    /// <summary>Type of the claim that names the token by which a request came.</summary>
    internal const string TokenClaim = "token";

    private static readonly object ForItem = new();
    private readonly AsyncLocal<string?> named = new();

    /// <summary>The request's user where there is a request.</summary>
    public Actor Value => http.HttpContext is { } request
        ? new(request.User.Identity?.Name ?? "", AddressOf(request)?.ToString() ?? "", request.Items[ForItem] as string, request.User.FindFirst(TokenClaim)?.Value)
        : new(named.Value ?? "", "");

    /// <summary>Names who acts in the rest of the calling method and all that it calls, outside of requests.</summary>
    public void Become(string name) => named.Value = name;

    /// <summary>What the rest of the request does, it does for somebody whom the user stands in for.</summary>
    internal void ActFor(string name)
    {
        if (http.HttpContext is { } request) { request.Items[ForItem] = name; }
    }

    /// <summary>From where a request comes; null for none.</summary>
    internal static IPAddress? AddressOf(HttpContext request) =>
        request.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : request.Connection.RemoteIpAddress;
}
