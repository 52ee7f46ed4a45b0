using System.Globalization;

namespace Huike.Platform.Calendar;

/// <summary>The zones that the system knows.</summary>
internal static class TimeZones
{
    private const int LongestName = 60;

    /// <summary>Their names with what each is ahead of universal time in winter, in the order of it.</summary>
    public static IReadOnlyList<(string Name, string Offset)> All { get; } =
        [.. TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.Id.Contains('/', StringComparison.Ordinal) && !zone.Id.StartsWith("Etc/", StringComparison.Ordinal) || zone.Id == "UTC")
            .OrderBy(zone => zone.BaseUtcOffset).ThenBy(zone => zone.Id, StringComparer.Ordinal).Select(zone => (zone.Id, Ahead(zone.BaseUtcOffset)))];

    /// <summary>Whether a name is one of a zone.</summary>
    public static bool Knows(string name) => name.Length <= LongestName && name.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '/' or '_' or '+' or '-') && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);

    private static string Ahead(TimeSpan offset) => string.Create(CultureInfo.InvariantCulture, $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}");
}
