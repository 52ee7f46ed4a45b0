using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access;

/// <summary>Whose account it is.</summary>
public enum UserKind
{
    /// <summary>员工.</summary>
    Staff = 0,

    /// <summary>合作伙伴: somebody of a distributor or an outlet.</summary>
    Partner = 1,

    /// <summary>客户.</summary>
    Customer = 2,

    /// <summary>服务账号: a program's; it has tokens and can never sign in.</summary>
    Service = 3,
}

/// <summary>用户: a person who signs in, or a program with tokens (H18).</summary>
public sealed class User : IdentityUser<long>
{
    /// <summary>Shown to colleagues; the sign-in name where empty.</summary>
    [PersonalData]
    public string DisplayName { get; set; } = "";

    /// <summary>Since when the user may not come in; null for one who may.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Staff, partner or customer.</summary>
    public UserKind Kind { get; set; }

    /// <summary>Of a customer's account: whose file it is.</summary>
    public long? CustomerId { get; set; }

    /// <summary>Main unit; 1 is the whole firm.</summary>
    public long UnitId { get; set; } = 1;

    /// <summary>Who leads the user; null: nobody said.</summary>
    public long? LeaderId { get; set; }

    /// <summary>Working calendar; 0: the one of the unit.</summary>
    public long CalendarId { get; set; }

    /// <summary>What the user can do, with commas between.</summary>
    public string Skills { get; set; } = "";

    /// <summary>Whether there is any way in by a page: not for a program, nor for one who was shut out.</summary>
    internal bool MaySignIn => DisabledAt is null && Kind != UserKind.Service;

    /// <summary>What colleagues read.</summary>
    internal string ShownName => DisplayName.Length > 0 ? DisplayName : UserName!;
}
