using System.Globalization;
using Huike.Platform.Conditions;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Rules;

/// <summary>A rule as somebody filled it in. Rows without a field or an act are none; what can't be read is kept as it is, for <see cref="CheckRule"/> to refuse.</summary>
/// <param name="Name">1 to 60 characters.</param>
/// <param name="IsOn">Whether it begins by itself.</param>
/// <param name="Subject">Kind of record.</param>
/// <param name="Version">The version that was shown; 0 for a new rule.</param>
/// <param name="Definition">When, if, then.</param>
internal sealed record RuleInput(string Name, bool IsOn, string Subject, int Version, RuleDefinition Definition)
{
    /// <summary>What has to be a whole number and isn't; null: all are. The rest of the form is kept.</summary>
    public string? NotNumber { get; init; }

    public static RuleInput Read(IFormCollection form, string language)
    {
        var when = form["when"].ToString();
        var isDaily = when == RuleDefinition.Daily;
        string? notNumber = null;
        var read = new RuleInput(Text("name"), form["on"] == "true", Text("subject"), Number("version", 0), new RuleDefinition
        {
            When = when,
            Changed = [.. form["changed"].OfType<string>().Where(name => name.Length is > 0 and < 100).Take(50)],
            Hour = isDaily ? Number("hour", 8) : 8,
            Most = isDaily ? Number("most", 500) : 500,
            Again = Number(isDaily ? "dailyAgain" : "again", 0),
            Any = form["any"] == "true",
            Conditions = [.. Rows("if", "field", RuleDefinition.MostConditions).Select(row => new FactCondition(Text(row + "field"), Enum.TryParse<FactTest>(Text(row + "test"), out var test) && Enum.IsDefined(test) ? test : FactTest.Is, Text(row + "value")))],
            Acts = [.. Rows("then", "kind", RuleDefinition.MostActs).Select(row => new RuleAct(Text(row + "kind"))
            {
                Field = Text(row + "field"),
                Value = Text(row + "value"),
                Who = Text(row + "who"),
                Text = form[row + "text"].ToString().ReplaceLineEndings("\n").Trim(),
                Days = Number(row + "days", 0),
                Flow = Number(row + "flow", 0),
            })],
            Language = language,
        });
        return read with { NotNumber = notNumber };

        string Text(string name) => form[name].ToString().Trim();

        IEnumerable<string> Rows(string of, string key, int most) => Enumerable.Range(0, most).Select(i => string.Create(CultureInfo.InvariantCulture, $"{of}{i}-")).Where(row => Text(row + key).Length > 0);

        int Number(string name, int usual)
        {
            if (Text(name) is not { Length: > 0 } text) { return usual; }
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) { return number; }
            notNumber ??= text[..Math.Min(text.Length, 20)];
            return usual;
        }
    }
}
