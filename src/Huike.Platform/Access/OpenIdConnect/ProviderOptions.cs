namespace Huike.Platform.Access.OpenIdConnect;

/// <summary>身份提供方: someone else who knows our users, by OpenID Connect. One section under <c>SignIn:Providers</c> of the configuration, its key in the addresses.</summary>
internal sealed record ProviderOptions
{
    /// <summary>Small letters, figures and hyphens.</summary>
    public string Key { get; init; } = "";

    /// <summary>As people know it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its issuer: where <c>/.well-known/openid-configuration</c> is asked for. HTTPS, but on this machine.</summary>
    public string Authority { get; init; } = "";

    /// <summary>Our name there.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Our secret there.</summary>
    public string ClientSecret { get; init; } = "";

    /// <summary>What we ask to be told.</summary>
    public string Scope { get; init; } = "openid profile email";

    /// <summary>Whether a mail address that the provider has verified leads to the account with it; false by default: who can have any address verified there, would be anyone here.</summary>
    public bool MatchEmail { get; init; }

    /// <summary>Whether the provider is trusted to have asked for a second factor; false by default.</summary>
    public bool TrustSecondFactor { get; init; }

    /// <summary>The name under which links of accounts are kept: a provider that moves elsewhere is another.</summary>
    public string Issuer => Authority.TrimEnd('/');

    /// <summary>Whether secrets may go there: by HTTPS, or within this machine.</summary>
    public bool MayReach(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback && new Uri(Authority).IsLoopback));

    /// <summary>Whether all is there that a sign-in needs.</summary>
    public bool IsWhole => Key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && Name.Length > 0 && ClientId.Length > 0
        && Uri.TryCreate(Authority, UriKind.Absolute, out _) && MayReach(Authority);
}

/// <summary>A provider's answer that can't be believed, or none.</summary>
/// <param name="code">Text key of what the visitor reads.</param>
/// <param name="detail">For the log.</param>
internal sealed class ProviderException(string code, string detail) : Exception(detail)
{
    public const string Unusable = "access.with.error.provider";

    public string Code { get; } = code;
}
