using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Huike.Platform.Access.Passkeys;

/// <summary>通行密钥: a key pair of a user's device; the private half never leaves it. The public half is no secret.</summary>
internal sealed class Passkey
{
    private const string Between = ",";

    public long Id { get; private set; }

    public long UserId { get; init; }

    /// <summary>The device's name for the key, in base64url.</summary>
    public string CredentialId { get; init; } = "";

    /// <summary>The user's own name for it.</summary>
    public string Name { get; set; } = "";

    public byte[] PublicKey { get; init; } = [];

    /// <summary>As the device counts; 0 where it doesn't.</summary>
    public long SignCount { get; set; }

    public bool IsBackupEligible { get; init; }

    public bool IsBackedUp { get; set; }

    public string Transports { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last opened the door; null where it never did.</summary>
    public DateTimeOffset? UsedAt { get; set; }

    public static string Text(byte[] credentialId) => Base64Url.EncodeToString(credentialId);

    public static Passkey Of(User user, UserPasskeyInfo info, DateTimeOffset now) => new()
    {
        UserId = user.Id,
        CredentialId = Text(info.CredentialId),
        Name = info.Name ?? "",
        PublicKey = info.PublicKey,
        SignCount = info.SignCount,
        IsBackupEligible = info.IsBackupEligible,
        IsBackedUp = info.IsBackedUp,
        Transports = string.Join(Between, info.Transports ?? []),
        CreatedAt = now,
    };

    /// <summary>As the framework knows it. What the device said of itself at the beginning is not kept: we ask for no proof of its make.</summary>
    public UserPasskeyInfo ToInfo()
    {
        var transports = Transports.Split(Between, StringSplitOptions.RemoveEmptyEntries);
        return new(Base64Url.DecodeFromChars(CredentialId), PublicKey, CreatedAt, (uint)SignCount, transports, isUserVerified: true, IsBackupEligible, IsBackedUp, attestationObject: [], clientDataJson: []) { Name = Name };
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Passkey>
    {
        public void Configure(EntityTypeBuilder<Passkey> builder) => builder.ToTable("platform_passkey");
    }
}
