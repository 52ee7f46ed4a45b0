using Huike.Platform.Access.Records;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Access.Tokens;

/// <summary>What a token may at most: never more than its user may at the time of use.</summary>
/// <param name="Text">As it is kept: <c>*</c> for everything, <c>read</c> for what only shows, or names of permissions with spaces between.</param>
public sealed record TokenScope(string Text)
{
    internal static readonly TokenScope Everything = new("*");
    internal static readonly TokenScope Reading = new("read");

    private const string Reads = ".read";
    private const int MostNames = 200;

    internal bool IsEverything => Text == Everything.Text;

    internal bool IsReading => Text == Reading.Text;

    /// <summary>Permissions that were chosen one by one.</summary>
    internal IReadOnlyList<string> Chosen => IsEverything || IsReading ? [] : Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What a form chose; reading where it chose nothing.</summary>
    internal static TokenScope Read(IFormCollection form) => form["scope"].ToString() switch
    {
        "" or "read" => Reading,
        "all" => Everything,
        _ => new(string.Join(' ', form["permission"].OfType<string>().Where(name => name.Length > 0 && !name.Contains(' ', StringComparison.Ordinal) && name != Permissions.All).Distinct(StringComparer.Ordinal).Take(MostNames).Order(StringComparer.Ordinal))),
    };

    /// <summary>What a user may by a token of this scope.</summary>
    /// <param name="whole">What the user may.</param>
    /// <param name="known">All permissions.</param>
    /// <param name="door">Through which it comes; null: through that of programs.</param>
    internal UserAccess Of(UserAccess whole, IReadOnlyList<Permission> known, TokenDoor? door = null)
    {
        if (door is not null) { return Of(whole, known).Widest(door.Permission) == RecordScope.None ? UserAccess.None : new TokenScope(string.Join(' ', door.Opens.Append(door.Permission))).Of(whole, known); }
        if (IsEverything) { return whole; }
        var chosen = Chosen.ToHashSet(StringComparer.Ordinal);
        return whole.Only(name => IsReading ? name.EndsWith(Reads, StringComparison.Ordinal) : chosen.Contains(name), [.. known.Select(permission => permission.Name)], known.Select(permission => permission.Kind).OfType<RecordKind>().Distinct());
    }

    /// <summary>Permissions in three groups, for choosing: those that only show, those that change, those over the system.</summary>
    internal static IEnumerable<IGrouping<string, string>> Groups(IEnumerable<string> permissions) => permissions.OrderBy(GroupOf).ThenBy(name => name, StringComparer.Ordinal).GroupBy(name => GroupOf(name) switch { 0 => "read", 1 => "change", _ => "system" });

    private static int GroupOf(string permission) =>
        permission.StartsWith("platform.", StringComparison.Ordinal) || permission.EndsWith(".settings", StringComparison.Ordinal) ? 2 : permission.EndsWith(Reads, StringComparison.Ordinal) ? 0 : 1;
}

/// <summary>A token that somebody wants.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Days">Good for so many days.</param>
/// <param name="Scope">What it may.</param>
public sealed record TokenWish(string Name, int Days, TokenScope Scope)
{
    /// <summary>Names one showing of the form: sent twice under it, it makes one token.</summary>
    public string FormKey { get; init; } = "";

    internal const int MostDays = 366;

    /// <summary>As forms begin: for a quarter, reading.</summary>
    internal static readonly TokenWish Usual = new("", 90, TokenScope.Reading);

    private const int LongestName = 100;

    internal static TokenWish Read(IFormCollection form) =>
        new(form["name"].ToString().Trim(), int.TryParse(form["days"], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var days) ? days : 0, TokenScope.Read(form)) { FormKey = form["formKey"].ToString() };

    /// <param name="offered">Permissions that may be chosen.</param>
    /// <exception cref="RuleException"><c>access.token.name</c>, <c>access.token.days</c>, <c>access.token.scope.none</c>, <c>access.token.scope.more</c>, <c>access.token.form</c>.</exception>
    internal void Demand(IReadOnlyList<string> offered)
    {
        FormKeys.Read(FormKey, "access.token.form");
        if (Name.Length is 0 or > LongestName || Name.Contains('\0', StringComparison.Ordinal)) { throw new RuleException("access.token.name", LongestName); }
        if (Days is < 1 or > MostDays) { throw new RuleException("access.token.days", MostDays); }
        if (Scope.Text.Length == 0) { throw new RuleException("access.token.scope.none"); }
        if (Scope.Chosen.Except(offered).Any()) { throw new RuleException("access.token.scope.more"); }
    }
}
