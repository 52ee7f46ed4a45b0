using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access;

/// <summary>用户: a person who signs in (H18).</summary>
public sealed class User : IdentityUser<long>
{
    /// <summary>Shown to colleagues; the sign-in name where empty.</summary>
    [PersonalData]
    public string DisplayName { get; set; } = "";

    /// <summary>Since when the user may not come in; null for one who may.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>What colleagues read.</summary>
    internal string ShownName => DisplayName.Length > 0 ? DisplayName : UserName!;
}
