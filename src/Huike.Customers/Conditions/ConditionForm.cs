using System.Globalization;
using Huike.Platform.Conditions;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Conditions;

/// <summary>Conditions as their form holds them: groups and rows by where they stand, <c>n</c> the outermost, <c>n-0</c> the first in it.</summary>
internal static class ConditionForm
{
    /// <summary>The outermost group.</summary>
    public const string Root = "n";

    /// <summary>Rows without a field are none, groups without rows neither; values that can't be meant are kept, to be told.</summary>
    public static ConditionGroup Read(IQueryCollection form) => Group(form, Root, 0);

    /// <summary>The conditions as a group, whatever they are.</summary>
    public static ConditionGroup Of(Condition? condition) => condition switch
    {
        null => new(false, []),
        ConditionGroup group => group,
        _ => new(false, [condition]),
    };

    /// <summary>The same without what asks nothing; null where nothing is left.</summary>
    public static Condition? Trimmed(Condition condition)
    {
        if (condition is not ConditionGroup group) { return condition; }
        var of = group.Of.Select(Trimmed).OfType<Condition>().ToList();
        return of.Count switch { 0 => null, 1 => of[0], _ => new ConditionGroup(group.IsAny, of) };
    }

    private static ConditionGroup Group(IQueryCollection form, string at, int depth)
    {
        var of = new List<Condition>();
        for (var i = 0; i <= ConditionText.MostLeaves; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{at}-{i}");
            if (form.ContainsKey(name + ".any") && depth < ConditionText.Deepest - 1) { of.Add(Group(form, name, depth + 1)); }
            else if (form[name + ".field"].ToString().Trim() is { Length: > 0 } field)
            {
                of.Add(new FactCondition(field, Enum.TryParse<FactTest>(form[name + ".test"], out var test) && Enum.IsDefined(test) ? test : FactTest.Is, form[name + ".value"].ToString().Trim()));
            }
        }
        // Where a group is asked for, it is there with room for its first row.
        if (form["add"] == at) { of.Add(new ConditionGroup(form[at + ".any"] != "true", [])); }
        return new(form[at + ".any"] == "true", of);
    }
}
