using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Huike.Platform.Conditions;
using Huike.Platform.Data;
using Huike.Ui;

namespace Huike.Platform.Rules;

/// <summary>Texts of a rule with values of its record put in for <c>{name}</c>.</summary>
internal static partial class RuleText
{
    /// <summary>Longest text of an act.</summary>
    public const int Longest = 1_000;

    /// <summary>Fields of this level don't get into texts, which others read than who may see them.</summary>
    private const int Personal = 3;

    private const string Days = "yyyy-MM-dd";

    /// <summary>Fields whose values may be put in.</summary>
    public static IEnumerable<Fact> Open(IEnumerable<Fact> fields) => fields.Where(field => field.Level < Personal);

    /// <summary>A name in braces that means no open field; null where all do.</summary>
    public static string? Unknown(string text, IReadOnlyList<Fact> fields) => Names(text).FirstOrDefault(name => !Open(fields).Any(field => field.Name == name));

    /// <param name="text">As it was written.</param>
    /// <param name="connection">Reads.</param>
    /// <param name="subject">Kind of the record.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="id">The record.</param>
    /// <param name="said">In which words and zone.</param>
    /// <param name="ct">Ends the read.</param>
    /// <exception cref="RuleException"><c>rules.field.gone</c>: a field that is no longer there, or no longer open.</exception>
    public static async Task<string> Fill(string text, DbConnection connection, RuleSubject subject, IReadOnlyList<Fact> fields, long id, (Texts Texts, TimeZoneInfo Zone) said, CancellationToken ct)
    {
        if (Unknown(text, fields) is { } unknown) { throw new RuleException("rules.field.gone", unknown); }
        var wanted = Open(fields).Where(field => Names(text).Contains(field.Name)).ToList();
        if (wanted.Count == 0) { return text; }
        var columns = string.Join(", ", wanted.Select(field => field.Kept == FactKept.User ? $"(select coalesce(nullif(display_name, ''), user_name) from platform_user where id = {field.Sql})" : field.Kept == FactKept.Unit ? $"(select name from platform_unit where id = {field.Sql})" : field.Value));
        var values = await connection.First($"select {columns} from {subject.From} where c.id = @id", row => wanted.Select((field, i) => (field.Name, Value: Say(field, row, i, said))).ToDictionary(one => one.Name, one => one.Value), ct, ("id", id)) ?? [];
        return Placeholder().Replace(text, found => values.GetValueOrDefault(found.Groups["name"].Value, ""));
    }

    private static IEnumerable<string> Names(string text) => Placeholder().Matches(text).Select(found => found.Groups["name"].Value).Distinct();

    private static string Say(Fact field, DbDataReader row, int column, (Texts Texts, TimeZoneInfo Zone) said)
    {
        if (row.IsDBNull(column)) { return ""; }
        return field.Kept switch
        {
            FactKept.OwnNumber => row.GetDouble(column) is var number and > -1e300 ? ((decimal)number).ToString("0.####", CultureInfo.InvariantCulture) : "",
            FactKept.Number => Convert.ToDecimal(row.GetValue(column), CultureInfo.InvariantCulture).ToString("0.####", CultureInfo.InvariantCulture),
            FactKept.Amount => row.Amount(column).ToString("0.00", CultureInfo.InvariantCulture),
            FactKept.Instant => TimeZoneInfo.ConvertTime(row.At(column), said.Zone).ToString(Days, CultureInfo.InvariantCulture),
            FactKept.Code => field.Choices.FirstOrDefault(choice => choice.Code == row.GetInt32(column))?.Label(said.Texts) ?? "",
            _ => row.GetString(column) is var text && field.Choices.FirstOrDefault(choice => choice.Value == text) is { } chosen ? chosen.Label(said.Texts) : row.GetString(column),
        };
    }

    [GeneratedRegex(@"\{(?<name>[A-Za-z][A-Za-z0-9.]*)\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
