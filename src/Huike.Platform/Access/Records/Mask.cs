
namespace Huike.Platform.Access.Records;

/// <summary>脱敏: what stands for a value that isn't shown, with enough of it left to tell two apart.</summary>
public static class Mask
{
    private const string Stars = "****";

    /// <summary>138****8000; null stays null.</summary>
    public static string? Phone(string? kept)
    {
        if (kept is null) { return null; }
        var digits = Search.Phone.Shown(kept).Replace(" ", "", StringComparison.Ordinal);
        return digits.Length >= 10 ? $"{digits[..3]}{Stars}{digits[^4..]}" : digits.Length >= 6 ? Stars + digits[^2..] : Stars;
    }

    /// <summary>z****@example.com.</summary>
    public static string? Email(string? email) => email is null ? null : email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? email[..1] + Stars + email[at..] : Stars;

    /// <summary>Its beginning: 浙江省****; all of a short one is hidden.</summary>
    public static string? Text(string? text) => text is null ? null : text.Length > 6 ? text[..3] + Stars : Stars;
}
