using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Fields;

/// <summary>What somebody filled in about a field, and what is wrong with it.</summary>
/// <param name="Field">As far as it could be read.</param>
/// <param name="Choices">One on a line: <c>value = 中文 | English</c>; the value and the English may be left out.</param>
public sealed record FieldInput(CustomField Field, string Choices)
{
    private const int LongestTitle = 60;
    private const int MostChoices = 200;

    /// <summary>Wrong fields: name of the input → text key and what it shows.</summary>
    public IReadOnlyDictionary<string, (string Key, object[] Args)> Errors { get; init; } = new Dictionary<string, (string, object[])>();

    /// <summary>An empty form for one kind of record.</summary>
    public static FieldInput New(string kind) => new(new CustomField { Kind = kind }, "");

    /// <summary>The field as it is, for its form.</summary>
    public static FieldInput Of(CustomField field) => new(field, string.Join('\n', field.Choices.Select(choice =>
        $"{(choice.Value == choice.Chinese ? "" : choice.Value + " = ")}{choice.Chinese}{(choice.English.Length > 0 ? " | " + choice.English : "")}")));

    /// <summary>Reads the form; of a field that is there already kind, name and type stay.</summary>
    public static FieldInput Read(IFormCollection form, string kind, CustomField? old)
    {
        var errors = new Dictionary<string, (string, object[])>();
        var chinese = Text("chinese", LongestTitle);
        if (chinese.Length == 0) { errors["chinese"] = ("fields.form.chinese", []); }
        var name = old?.Name ?? Text("name", 40);
        if (!IsName(name)) { errors["name"] = ("fields.form.name", []); }
        var type = old?.Type ?? (Enum.TryParse<FieldType>(form["type"], ignoreCase: true, out var chosen) && Enum.IsDefined(chosen) ? chosen : FieldType.Text);
        var choices = form["choices"].ToString();
        var read = type == FieldType.Choice ? Lines(choices) : [];
        if (type == FieldType.Choice && !AreChoices(read)) { errors["choices"] = ("fields.form.choices", [MostChoices, LongestTitle]); }
        var field = new CustomField
        {
            Id = old?.Id ?? 0,
            Kind = kind,
            Name = name,
            Version = int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0,
            IsRetired = old?.IsRetired ?? false,
            Chinese = chinese,
            English = Text("english", LongestTitle),
            Type = type,
            Level = form["level"].ToString() switch { "2" => 2, "3" => 3, _ => 1 },
            IsRequired = type != FieldType.Formula && form["required"] == "true",
            IsIndexed = form["indexed"] == "true",
            Position = int.TryParse(form["position"], NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? Math.Min(position, 9_999) : 0,
            Choices = read,
            Expression = type == FieldType.Formula ? form["expression"].ToString().Trim() : "",
            Target = type == FieldType.Record ? old?.Target ?? form["target"].ToString() : "",
        };
        return new(field, choices) { Errors = errors };

        string Text(string input, int longest)
        {
            var text = form[input].ToString().Trim();
            if (text.Length <= longest && !text.Any(char.IsControl)) { return text; }
            errors[input] = ("fields.form.long", [longest]);
            return "";
        }
    }

    private static bool IsName(string name) => name.Length is >= 1 and <= 40 && char.IsAsciiLetterLower(name[0]) && name.All(char.IsAsciiLetterOrDigit);

    private static bool AreChoices(List<FieldChoice> choices) => choices.Count is > 0 and <= MostChoices && choices.Select(choice => choice.Value).Distinct().Count() == choices.Count
        && choices.TrueForAll(choice => choice.Value.Length is > 0 and <= LongestTitle && choice.Chinese.Length is > 0 and <= LongestTitle && choice.English.Length <= LongestTitle && !choice.Value.Contains('\0', StringComparison.Ordinal));

    private static List<FieldChoice> Lines(string text) => [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(MostChoices + 1).Select(line =>
    {
        var (value, words) = line.IndexOf('=', StringComparison.Ordinal) is var sign and > 0 ? (line[..sign].Trim(), line[(sign + 1)..].Trim()) : ("", line);
        var bar = words.IndexOf('|', StringComparison.Ordinal);
        var (chinese, english) = bar < 0 ? (words, "") : (words[..bar].Trim(), words[(bar + 1)..].Trim());
        return new FieldChoice(value.Length > 0 ? value : chinese, chinese, english);
    })];
}
