using System.Globalization;
using Huike.Platform.Settings;

namespace Huike.Platform.Conditions;

/// <summary>From where conditions are looked at: what <c>today</c>, <c>@me</c> and <c>@mine</c> mean.</summary>
/// <param name="Today">The day from which days are counted.</param>
/// <param name="Zone">The firm's.</param>
public sealed record ConditionView(DateOnly Today, TimeZoneInfo Zone)
{
    /// <summary>Who asks; 0: nobody does, and <c>@me</c> can't be meant.</summary>
    public long UserId { get; init; }

    /// <summary>The units of who asks, and all below them.</summary>
    public IReadOnlyList<long> Units { get; init; } = [];

    /// <summary>How far fields are shown to who asks; by others than these nothing is sifted.</summary>
    public int Level { get; init; } = int.MaxValue;
}

/// <summary>Conditions as SQL over the tables of a kind of record: the only place that knows what they mean, for one record as for all, for rules as for lists.</summary>
public sealed class ConditionSql
{
    /// <summary>Who asks.</summary>
    public const string Me = "@me";

    /// <summary>The units of who asks, and all below.</summary>
    public const string Mine = "@mine";

    private static readonly char[] Between = [',', '，', '、', ';', '；', '|'];

    private readonly List<(string Name, object? Value)> parameters = [];
    private readonly IReadOnlyList<Fact> facts;
    private readonly ConditionView view;

    private ConditionSql(IReadOnlyList<Fact> facts, ConditionView view) => (this.facts, this.view) = (facts, view);

    /// <summary>Conditions that must all hold, each in brackets, and the tables that it looks at.</summary>
    public IReadOnlyList<(string Sql, IReadOnlyList<string> Tables)> Parts { get; private set; } = [];

    /// <summary>All of them, in brackets.</summary>
    public string Sql => Parts.Count == 0 ? "(1 = 1)" : $"({string.Join(" and ", Parts.Select(part => part.Sql))})";

    /// <summary>Values of its parameters.</summary>
    public (string Name, object? Value)[] Parameters => [.. parameters];

    /// <summary>Which tests a fact can be put to.</summary>
    public static IReadOnlyList<FactTest> Tests(FactKept kept) => kept switch
    {
        FactKept.Text => [FactTest.Is, FactTest.IsNot, FactTest.Contains, FactTest.Filled, FactTest.Empty],
        FactKept.OwnNumber => [FactTest.Is, FactTest.IsNot, FactTest.AtLeast, FactTest.AtMost, FactTest.Filled, FactTest.Empty],
        FactKept.Number or FactKept.Amount => [FactTest.Is, FactTest.IsNot, FactTest.AtLeast, FactTest.AtMost],
        FactKept.Day => [FactTest.Is, FactTest.IsNot, FactTest.AtLeast, FactTest.AtMost, FactTest.Within, FactTest.EachYear, FactTest.Filled, FactTest.Empty],
        FactKept.Instant => [FactTest.Is, FactTest.AtLeast, FactTest.AtMost, FactTest.Within, FactTest.Filled, FactTest.Empty],
        FactKept.Code => [FactTest.Is, FactTest.IsNot],
        _ => [FactTest.Is, FactTest.IsNot, FactTest.Filled, FactTest.Empty],
    };

    /// <param name="condition">Null: everything meets it.</param>
    /// <param name="facts">What the kind of record has now.</param>
    /// <param name="view">From where it is looked at.</param>
    /// <exception cref="RuleException">
    /// <c>conditions.field.gone</c>, <c>conditions.test.wrong</c>, <c>conditions.value.wrong</c>: with the fact's name or the value; <c>conditions.hidden</c>: by what isn't shown to who asks.
    /// </exception>
    public static ConditionSql Of(Condition? condition, IReadOnlyList<Fact> facts, ConditionView view)
    {
        var made = new ConditionSql(facts, view);
        made.Parts = [.. Conjuncts(condition).Select(one => (made.Write(one), (IReadOnlyList<string>)[.. one.Leaves.Select(leaf => made.Find(leaf).Alias).Distinct()]))];
        return made;
    }

    private static IEnumerable<Condition> Conjuncts(Condition? condition) => condition switch
    {
        null => [],
        ConditionGroup { IsAny: false } or ConditionGroup { Of.Count: <= 1 } => ((ConditionGroup)condition).Of.SelectMany(Conjuncts),
        _ => [condition],
    };

    private string Write(Condition condition) => condition switch
    {
        FactCondition leaf => Test(leaf, Find(leaf)),
        ConditionGroup { Of.Count: 0 } => "(1 = 1)",
        ConditionGroup group => $"({string.Join(group.IsAny ? " or " : " and ", group.Of.Select(Write))})",
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    private Fact Find(FactCondition leaf)
    {
        var found = facts.FirstOrDefault(fact => fact.Name == leaf.Field) ?? throw new RuleException("conditions.field.gone", leaf.Field);
        return found.Level <= Math.Max(1, view.Level) ? found : throw new RuleException("conditions.hidden", leaf.Field);
    }

    private string Test(FactCondition condition, Fact fact)
    {
        var (test, value) = (condition.Test, condition.Value.Trim());
        if (!Tests(fact.Kept).Contains(test)) { throw new RuleException("conditions.test.wrong", fact.Name); }
        if (test is FactTest.Filled or FactTest.Empty) { return $"({(test == FactTest.Filled ? "" : "not ")}{Filled(fact)})"; }
        if (value.Length == 0 || value.Contains('\0', StringComparison.Ordinal)) { throw Wrong(fact, ""); }
        return fact.Kept switch
        {
            FactKept.OwnNumber or FactKept.Number or FactKept.Amount => Number(fact, test, value),
            FactKept.Day or FactKept.Instant => Day(fact, test, value),
            FactKept.User => Numbers(fact, test, value == Me && view.UserId > 0 ? Add(view.UserId) : $"select id from platform_user where normalized_user_name in ({List(value.Split(Between), name => name.ToUpperInvariant())})"),
            FactKept.Unit => Numbers(fact, test, value == Mine && view.UserId > 0 ? List(view.Units.Select(unit => unit.ToString(CultureInfo.InvariantCulture)), Unit) : List(value.Split(Between), Unit)),
            FactKept.Code => Coded(fact, test, [.. value.Split(Between).Select(text => Chosen(fact, text).Code)]),
            _ when test == FactTest.Contains => $"(lower({fact.Sql}) like {Add("%" + Escaped(value.ToLowerInvariant()) + "%")} escape '\\')",
            _ when fact.Among is { } among => Not(test, string.Format(CultureInfo.InvariantCulture, among, List(value.Split(Between), fact.Key ?? (text => text)))),
            _ => $"({fact.Sql} {In(test)} ({(fact.Choices.Count > 0 ? List(value.Split(Between), text => Chosen(fact, text).Value) : List(value.Split('|'), text => text))}))",
        };

        object Unit(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var unit) ? unit : throw Wrong(fact, text);
    }

    private static string In(FactTest test) => test == FactTest.Is ? "in" : "not in";

    private static string Not(FactTest test, string sql) => test == FactTest.Is ? $"({sql})" : $"(not {sql})";

    private static string Numbers(Fact fact, FactTest test, string of) => $"({fact.Sql} is {(test == FactTest.Is ? "not null and" : "null or")} {fact.Sql} {In(test)} ({of}))";

    private string Coded(Fact fact, FactTest test, IReadOnlyList<int> codes)
    {
        if (fact.Among is not { } among) { return $"({fact.Sql} {In(test)} ({Codes(codes)}))"; }
        // What has no row of its own is 0: then those are left out that have one of the other values.
        var (asked, sense) = codes.Contains(0) ? ([.. fact.Choices.Select(choice => choice.Code).Except(codes)], test == FactTest.Is ? FactTest.IsNot : FactTest.Is) : (codes, test);
        return Not(sense, string.Format(CultureInfo.InvariantCulture, among, Codes(asked)));

        string Codes(IEnumerable<int> of) => string.Join(", ", of.Distinct().Select(code => Add(code)).DefaultIfEmpty("null"));
    }

    private static string Filled(Fact fact) => fact.Kept switch
    {
        FactKept.OwnNumber => $"({fact.Sql} > -1e300)",
        FactKept.Instant or FactKept.User or FactKept.Unit => $"({fact.Known ?? fact.Sql + " is not null"})",
        _ => $"({fact.Sql} <> '')",
    };

    private string Number(Fact fact, FactTest test, string value)
    {
        if (!decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) || Math.Abs(number) > 99_999_999_999_999m) { throw Wrong(fact, value); }
        var against = Add(fact.Kept == FactKept.Amount ? number : (object)(double)number);
        return test switch
        {
            FactTest.Is => $"({fact.Sql} = {against})",
            FactTest.IsNot => $"({fact.Sql} <> {against})",
            FactTest.AtLeast => $"({fact.Sql} >= {against})",
            // What is not known is not little.
            _ => $"({fact.Sql} <= {against}{(fact.Kept == FactKept.OwnNumber ? " and " + Filled(fact) : "")})",
        };
    }

    private string Day(Fact fact, FactTest test, string value)
    {
        if (test == FactTest.Within)
        {
            if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days) || Math.Abs(days) > FactDay.Furthest) { throw Wrong(fact, value); }
            var other = view.Today.AddDays(days);
            return Span(fact, other < view.Today ? other : view.Today, other < view.Today ? view.Today : other);
        }
        var day = FactDay.Read(value, view.Today) ?? throw Wrong(fact, value);
        if (test == FactTest.EachYear) { return $"(substr({fact.Sql}, 5) in ({List(FactDay.EachYear(day), written => written)}))"; }
        if (test == FactTest.IsNot) { return $"({fact.Sql} <> {Add(Written(day))})"; }
        return Span(fact, test == FactTest.AtMost ? null : day, test == FactTest.AtLeast ? null : day);
    }

    /// <summary>From a day on, to the end of another; null: no bound.</summary>
    private string Span(Fact fact, DateOnly? from, DateOnly? to)
    {
        var isInstant = fact.Kept == FactKept.Instant;
        var tests = new List<string>();
        if (fact.Known is { } known) { tests.Add(known); }
        if (from is { } first) { tests.Add($"{fact.Sql} >= {Add(isInstant ? LocalDay.Begin(first, view.Zone) : Written(first))}"); }
        if (to is { } last) { tests.Add(isInstant ? $"{fact.Sql} < {Add(LocalDay.After(last, view.Zone))}" : $"{fact.Sql} <= {Add(Written(last))}{(from is null ? " and " + Filled(fact) : "")}"); }
        return $"({string.Join(" and ", tests)})";
    }

    private static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static FactChoice Chosen(Fact fact, string text) => fact.Choices.FirstOrDefault(choice => choice.Value == text.Trim()) ?? throw Wrong(fact, text);

    private static RuleException Wrong(Fact fact, string value) => new("conditions.value.wrong", fact.Name, value[..Math.Min(value.Length, 60)]);

    /// <summary>Of commas alone nothing is left, and nothing equals nothing.</summary>
    private string List(IEnumerable<string> texts, Func<string, object> value) => string.Join(", ", texts.Select(text => text.Trim()).Where(text => text.Length > 0).Select(text => Add(value(text))).DefaultIfEmpty("null"));

    private string Add(object value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"if{parameters.Count}");
        parameters.Add((name, value));
        return "@" + name;
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
