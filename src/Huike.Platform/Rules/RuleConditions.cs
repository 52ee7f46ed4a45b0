using System.Globalization;
using Huike.Platform.Settings;

namespace Huike.Platform.Rules;

/// <summary>Conditions of a rule as SQL over its subject's tables: the only place that knows what they mean, for one record as for all.</summary>
internal sealed class RuleConditions
{
    private static readonly char[] Between = [',', '，', '、', ';', '；'];

    private readonly List<(string Name, object? Value)> parameters = [];
    private readonly DateOnly today;
    private readonly TimeZoneInfo zone;

    private RuleConditions(DateOnly today, TimeZoneInfo zone) => (this.today, this.zone) = (today, zone);

    /// <summary>In brackets.</summary>
    public string Sql { get; private set; } = "(1 = 1)";

    public (string Name, object? Value)[] Parameters => [.. parameters];

    /// <summary>Which tests a field can be put to.</summary>
    public static IReadOnlyList<RuleTest> Tests(RuleKept kept) => kept switch
    {
        RuleKept.Text => [RuleTest.Is, RuleTest.IsNot, RuleTest.Contains, RuleTest.Filled, RuleTest.Empty],
        RuleKept.OwnNumber => [RuleTest.Is, RuleTest.IsNot, RuleTest.AtLeast, RuleTest.AtMost, RuleTest.Filled, RuleTest.Empty],
        RuleKept.Number or RuleKept.Amount => [RuleTest.Is, RuleTest.IsNot, RuleTest.AtLeast, RuleTest.AtMost],
        RuleKept.Day => [RuleTest.Is, RuleTest.IsNot, RuleTest.AtLeast, RuleTest.AtMost, RuleTest.EachYear, RuleTest.Filled, RuleTest.Empty],
        RuleKept.Instant => [RuleTest.Is, RuleTest.AtLeast, RuleTest.AtMost, RuleTest.Filled, RuleTest.Empty],
        RuleKept.Code => [RuleTest.Is, RuleTest.IsNot],
        _ => [RuleTest.Is, RuleTest.IsNot, RuleTest.Filled, RuleTest.Empty],
    };

    /// <param name="definition">Whose conditions.</param>
    /// <param name="fields">What its subject has now.</param>
    /// <param name="today">The day from which days are counted.</param>
    /// <param name="zone">The firm's.</param>
    /// <exception cref="RuleException"><c>rules.field.gone</c>, <c>rules.test.wrong</c>, <c>rules.value.wrong</c>: with the field's name or the value.</exception>
    public static RuleConditions Of(RuleDefinition definition, IReadOnlyList<RuleField> fields, DateOnly today, TimeZoneInfo zone)
    {
        var made = new RuleConditions(today, zone);
        var tests = definition.Conditions.Select(condition => made.Test(condition, fields.FirstOrDefault(field => field.Name == condition.Field) ?? throw new RuleException("rules.field.gone", condition.Field))).ToList();
        if (tests.Count > 0) { made.Sql = $"({string.Join(definition.Any ? " or " : " and ", tests)})"; }
        return made;
    }

    private string Test(RuleCondition condition, RuleField field)
    {
        var (test, sql, value) = (condition.Test, field.Sql, condition.Value.Trim());
        if (!Tests(field.Kept).Contains(test)) { throw new RuleException("rules.test.wrong", field.Name); }
        if (test is RuleTest.Filled or RuleTest.Empty) { return (test == RuleTest.Filled ? "" : "not ") + Filled(field); }
        if (value.Length == 0) { throw new RuleException("rules.value.wrong", field.Name, ""); }
        return field.Kept switch
        {
            RuleKept.OwnNumber or RuleKept.Number or RuleKept.Amount => Number(field, test, value),
            RuleKept.Day or RuleKept.Instant => Day(field, test, value),
            RuleKept.User => $"({sql} is {(test == RuleTest.Is ? "not null and" : "null or")} {sql} {In(test)} (select id from platform_user where normalized_user_name in ({List(value.Split(Between), name => name.ToUpperInvariant())})))",
            RuleKept.Code => $"{sql} {In(test)} ({List(value.Split(Between), text => Chosen(field, text).Code)})",
            _ when test == RuleTest.Contains => $"lower({sql}) like {Add("%" + Escaped(value.ToLowerInvariant()) + "%")} escape '\\'",
            _ => $"{sql} {In(test)} ({(field.Choices.Count > 0 ? List(value.Split(Between), text => Chosen(field, text).Value) : Add(value))})",
        };
    }

    private static string In(RuleTest test) => test == RuleTest.Is ? "in" : "not in";

    private static string Filled(RuleField field) => field.Kept switch
    {
        RuleKept.OwnNumber => $"({field.Sql} > -1e300)",
        RuleKept.Instant or RuleKept.User => $"({field.Sql} is not null)",
        _ => $"({field.Sql} <> '')",
    };

    private string Number(RuleField field, RuleTest test, string value)
    {
        if (!decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) || Math.Abs(number) > 99_999_999_999_999m) { throw new RuleException("rules.value.wrong", field.Name, value); }
        var against = Add(field.Kept == RuleKept.Amount ? number : (object)(double)number);
        return test switch
        {
            RuleTest.Is => $"{field.Sql} = {against}",
            RuleTest.IsNot => $"{field.Sql} <> {against}",
            RuleTest.AtLeast => $"{field.Sql} >= {against}",
            // What is not known is not little.
            _ => $"({field.Sql} <= {against}{(field.Kept == RuleKept.OwnNumber ? " and " + Filled(field) : "")})",
        };
    }

    private string Day(RuleField field, RuleTest test, string value)
    {
        var day = RuleDay.Read(value, today) ?? throw new RuleException("rules.value.wrong", field.Name, value);
        if (field.Kept == RuleKept.Instant)
        {
            var (begin, after) = (LocalDay.Begin(day, zone), LocalDay.After(day, zone));
            return test switch
            {
                RuleTest.Is => $"({field.Sql} >= {Add(begin)} and {field.Sql} < {Add(after)})",
                RuleTest.AtLeast => $"({field.Sql} >= {Add(begin)})",
                _ => $"({field.Sql} < {Add(after)})",
            };
        }
        if (test == RuleTest.EachYear) { return $"substr({field.Sql}, 5) in ({List(RuleDay.EachYear(day), written => written)})"; }
        var against = Add(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return test switch
        {
            RuleTest.Is => $"{field.Sql} = {against}",
            RuleTest.IsNot => $"{field.Sql} <> {against}",
            RuleTest.AtLeast => $"{field.Sql} >= {against}",
            _ => $"({field.Sql} <= {against} and {Filled(field)})",
        };
    }

    private static RuleChoice Chosen(RuleField field, string text) => field.Choices.FirstOrDefault(choice => choice.Value == text.Trim()) ?? throw new RuleException("rules.value.wrong", field.Name, text);

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
