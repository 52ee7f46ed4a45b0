using System.Net;
using Microsoft.Extensions.Configuration;

namespace Huike.Platform.Webhooks;

/// <summary>Which addresses messages may be sent to: public ones, and networks of one's own that the operator named in <c>Webhooks:Allowed</c>.</summary>
internal sealed class Reachable
{
    /// <summary>Not for the public, though they lie between public ones.</summary>
    private static readonly IPNetwork[] Reserved = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    }.Select(IPNetwork.Parse)];

    /// <summary>The only ones of IPv6 that are routed in public; what embeds an address of IPv4 lies outside or is reserved.</summary>
    private static readonly IPNetwork Public = IPNetwork.Parse("2000::/3");

    private readonly IPNetwork[] allowed;

    /// <param name="allowed">Networks, as <c>10.1.0.0/16</c> or single addresses, with commas between; null for none.</param>
    /// <exception cref="FormatException">One of them is none.</exception>
    public Reachable(string? allowed) =>
        this.allowed = [.. (allowed ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one => one.Contains('/', StringComparison.Ordinal) ? IPNetwork.Parse(one) : Single(IPAddress.Parse(one)))];

    /// <summary>As the configuration says.</summary>
    public static Reachable Read(IConfiguration configuration) => new(configuration["Webhooks:Allowed"]);

    /// <summary>Whether messages may go without encryption to some.</summary>
    public bool MayBePlain => allowed.Length > 0;

    /// <param name="address">Where to.</param>
    /// <param name="isPlain">Without encryption: to networks of one's own alone.</param>
    public bool Permits(IPAddress address, bool isPlain)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (Array.Exists(allowed, network => network.Contains(plain))) { return true; }
        return !isPlain && !Array.Exists(Reserved, network => network.Contains(plain)) && (plain.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork || Public.Contains(plain));
    }

    private static IPNetwork Single(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);
}
