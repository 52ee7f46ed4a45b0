using System.Security.Claims;

namespace Huike.Ui;

/// <summary>How users are called.</summary>
public static class ShownNames
{
    /// <summary>As colleagues know the user; empty where nobody is signed in.</summary>
    public static string ShownName(this ClaimsPrincipal user) => user.FindFirst("name")?.Value ?? user.Identity?.Name ?? "";
}
