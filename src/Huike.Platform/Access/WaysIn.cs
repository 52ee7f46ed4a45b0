using Huike.Platform.Access.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Huike.Platform.Access;

/// <summary>How people reach the sign-in, and who else knows them: read once from the configuration.</summary>
internal sealed record WaysIn
{
    /// <summary>Scheme, host and port under which browsers see the program, <c>https://crm.example.com</c>, where a proxy hides it; empty: what each request says. Passkeys are bound to its host.</summary>
    public string PublicAddress { get; init; } = "";

    /// <summary>Other ways in, in the order of their keys.</summary>
    public IReadOnlyList<ProviderOptions> Providers { get; init; } = [];

    /// <summary>Host that passkeys are bound to; null: the request's.</summary>
    public string? Domain => PublicAddress.Length > 0 ? new Uri(PublicAddress).Host : null;

    /// <exception cref="RuleException"><c>access.with.configuration</c>: a provider isn't described whole.</exception>
    /// <exception cref="UriFormatException">The address is none.</exception>
    public static WaysIn Read(IConfiguration configuration)
    {
        var providers = configuration.GetSection("SignIn:Providers").GetChildren().Select(section => (section.Get<ProviderOptions>() ?? new()) with { Key = section.Key }).ToList();
        return providers.Find(provider => !provider.IsWhole) is { } wrong
            ? throw new RuleException("access.with.configuration", wrong.Key)
            : new() { PublicAddress = Origin(configuration["PublicAddress"] is { Length: > 0 } own ? own : configuration["Mail:PublicAddress"] ?? ""), Providers = providers };
    }

    /// <summary>Origin of our pages as a browser names it.</summary>
    public string OriginOf(HttpRequest request) => PublicAddress.Length > 0 ? PublicAddress : Origin($"{request.Scheme}://{request.Host}");

    // Without the port that goes without saying, as browsers write it.
    private static string Origin(string address) => address.Length > 0 ? new Uri(address).GetLeftPart(UriPartial.Authority) : "";
}
