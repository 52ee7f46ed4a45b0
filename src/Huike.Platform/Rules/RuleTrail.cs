using System.Globalization;

namespace Huike.Platform.Rules;

/// <summary>
/// The loop guard. What a rule does it does under a name that tells which rules led to it; events carry that name on, so that a rule is never begun by what it caused itself,
/// directly or by others, and no chain is longer than <see cref="Longest"/>.
/// </summary>
internal static class RuleTrail
{
    /// <summary>Rules that may follow from one another.</summary>
    public const int Longest = 5;

    /// <summary>Begins the name, and no sign-in name (<see cref="NoRulesName"/>).</summary>
    public const string Begin = "rule:";

    /// <summary>Rules behind what somebody did, first to last; none where a person or program did it.</summary>
    public static IReadOnlyList<long> Read(string by) => !by.StartsWith(Begin, StringComparison.Ordinal) ? []
        : [.. by[Begin.Length..].Split('/').Select(id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var rule) ? rule : 0).Where(rule => rule > 0)];

    /// <summary>The name under which a rule acts.</summary>
    public static string Name(IReadOnlyList<long> trail, long rule) => Begin + string.Join('/', trail.Append(rule));

    /// <summary>Whether a rule must not begin.</summary>
    public static bool Stops(IReadOnlyList<long> trail, long rule) => trail.Contains(rule) || trail.Count >= Longest;
}
