using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access;

/// <summary>用户: a person who signs in (H18).</summary>
public sealed class User : IdentityUser<long>
{
    /// <summary>Shown to colleagues; the sign-in name where empty.</summary>
    [PersonalData]
    public string DisplayName { get; set; } = "";
}
