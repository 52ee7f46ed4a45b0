using System.Text;

namespace Huike.Platform.Conditions;

/// <summary>
/// Conditions as one line, for addresses and programs: <c>all(tier:is:gold,any(place:has:Sh,sales:min:10000))</c>. A value with one of <c>, ( ) '</c> stands in quotes, a quote in it twice.
/// </summary>
public static class ConditionText
{
    /// <summary>Most single conditions.</summary>
    public const int MostLeaves = 20;

    /// <summary>Deepest nesting of groups.</summary>
    public const int Deepest = 4;

    /// <summary>Longest line, in characters.</summary>
    public const int Longest = 4_000;

    private const int LongestValue = 400;

    private static readonly (string Name, FactTest Test)[] Tests =
        [("is", FactTest.Is), ("not", FactTest.IsNot), ("min", FactTest.AtLeast), ("max", FactTest.AtMost), ("has", FactTest.Contains), ("filled", FactTest.Filled), ("empty", FactTest.Empty), ("yearly", FactTest.EachYear), ("within", FactTest.Within)];

    /// <summary>The condition as a line.</summary>
    public static string Write(Condition condition) => condition switch
    {
        FactCondition { Test: FactTest.Filled or FactTest.Empty } leaf => $"{leaf.Field}:{Name(leaf.Test)}",
        FactCondition leaf => $"{leaf.Field}:{Name(leaf.Test)}:{Quoted(leaf.Value)}",
        ConditionGroup group => $"{(group.IsAny ? "any" : "all")}({string.Join(',', group.Of.Select(Write))})",
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    /// <summary>Name of a test in a line.</summary>
    public static string Name(FactTest test) => Array.Find(Tests, one => one.Test == test).Name;

    /// <summary>Reads a line.</summary>
    /// <exception cref="RuleException"><c>conditions.text.wrong</c>: it can't be read from some character on; <c>conditions.many</c>, <c>conditions.deep</c>, <c>conditions.long</c>.</exception>
    public static Condition Read(string text) => text.Length > Longest ? throw new RuleException("conditions.long", Longest) : Checked(new Reader(text).Whole());

    /// <summary>The same condition.</summary>
    /// <exception cref="RuleException"><c>conditions.many</c>, <c>conditions.deep</c>, <c>conditions.long</c>.</exception>
    public static Condition Checked(Condition condition)
    {
        if (condition.Depth > Deepest) { throw new RuleException("conditions.deep", Deepest); }
        var leaves = condition.Leaves.Take(MostLeaves + 1).ToList();
        if (leaves.Count > MostLeaves) { throw new RuleException("conditions.many", MostLeaves); }
        if (leaves.Exists(leaf => leaf.Value.Length > LongestValue)) { throw new RuleException("conditions.long", LongestValue); }
        return condition;
    }

    private static string Quoted(string value) => value.Length > 0 && value.Trim() == value && value.IndexOfAny([',', '(', ')', '\'']) < 0 ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private sealed class Reader(string text)
    {
        private int at;
        private int depth;

        public Condition Whole()
        {
            var read = One();
            return at == text.Length ? read : throw Wrong();
        }

        private Condition One()
        {
            var name = Until(":(");
            if (Take('(')) { return name is "all" or "any" ? new ConditionGroup(name == "any", Inner()) : throw Wrong(); }
            if (name.Length is 0 or > 60 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '.') || !Take(':')) { throw Wrong(); }
            var tested = Until(":,)");
            var test = Array.Find(Tests, one => one.Name == tested);
            if (test.Name is null) { throw Wrong(); }
            return new FactCondition(name, test.Test, Take(':') ? Value() : "");
        }

        private List<Condition> Inner()
        {
            // Before what follows is read: nesting is bounded while it is read.
            if (++depth > Deepest) { throw new RuleException("conditions.deep", Deepest); }
            var of = new List<Condition>();
            if (!Take(')'))
            {
                do { of.Add(One()); } while (Take(','));
                if (!Take(')')) { throw Wrong(); }
            }
            depth--;
            return of;
        }

        private string Value()
        {
            if (!Take('\'')) { return Until(",)").Contains('(', StringComparison.Ordinal) ? throw Wrong() : last; }
            var value = new StringBuilder();
            while (at < text.Length)
            {
                if (!Take('\'')) { value.Append(text[at++]); }
                else if (Take('\'')) { value.Append('\''); }
                else { return value.ToString(); }
            }
            throw Wrong();
        }

        private string last = "";

        private string Until(string ends)
        {
            var from = at;
            while (at < text.Length && !ends.Contains(text[at], StringComparison.Ordinal)) { at++; }
            return last = text[from..at].Trim();
        }

        private bool Take(char letter)
        {
            if (at >= text.Length || text[at] != letter) { return false; }
            at++;
            return true;
        }

        private RuleException Wrong() => new("conditions.text.wrong", text[Math.Min(at, text.Length)..Math.Min(text.Length, at + 20)], at + 1);
    }
}
