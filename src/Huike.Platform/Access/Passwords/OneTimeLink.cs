using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Huike.Platform.Access.Passwords;

/// <summary>一次性链接: lets its holder choose a password, once. The database knows a hash of the secret only.</summary>
internal sealed class OneTimeLink
{
    public OneTimeLink(long userId, string token, DateTimeOffset now, TimeSpan life)
    {
        UserId = userId;
        TokenHash = Hash(token);
        CreatedAt = now;
        ExpiresAt = now + life;
    }

    // For Entity Framework.
    private OneTimeLink()
    {
    }

    public long Id { get; private set; }

    public long UserId { get; private set; }

    public string TokenHash { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When it was used, or made void by a newer one; null while it is good.</summary>
    public DateTimeOffset? UsedAt { get; private set; }

    /// <summary>256 bits of chance: nothing to guess, so a plain hash keeps it.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    internal sealed class Mapping : IEntityTypeConfiguration<OneTimeLink>
    {
        public void Configure(EntityTypeBuilder<OneTimeLink> builder) => builder.ToTable("platform_user_link");
    }
}
