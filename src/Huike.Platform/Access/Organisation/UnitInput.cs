using System.Globalization;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Access.Organisation;

/// <summary>What somebody filled in about a unit.</summary>
/// <param name="Name">1–100 characters.</param>
/// <param name="Kind">What it is.</param>
/// <param name="ParentId">The unit that it lies in; 0 for the whole firm.</param>
/// <param name="Leader">Sign-in name of who leads it; empty: nobody.</param>
/// <param name="Version">As it was shown.</param>
public sealed record UnitInput(string Name, UnitKind Kind, long ParentId, string Leader, int Version)
{
    /// <summary>Working calendar; 0: that of the unit above.</summary>
    public long CalendarId { get; init; }

    private const int Longest = 100;

    internal static UnitInput Read(IFormCollection form) => new(form["name"].ToString().Trim(),
        Enum.TryParse<UnitKind>(form["kind"], out var kind) && Enum.IsDefined(kind) ? kind : UnitKind.Team,
        long.TryParse(form["parent"], NumberStyles.None, CultureInfo.InvariantCulture, out var parent) ? parent : 0,
        form["leader"].ToString().Trim(), int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
    {
        CalendarId = long.TryParse(form["calendar"], NumberStyles.None, CultureInfo.InvariantCulture, out var calendar) ? calendar : 0,
    };

    /// <exception cref="RuleException"><c>access.unit.name</c>.</exception>
    internal void Demand()
    {
        if (Name.Length is 0 or > Longest || Name.Contains('\0', StringComparison.Ordinal)) { throw new RuleException("access.unit.name", Longest); }
    }
}
