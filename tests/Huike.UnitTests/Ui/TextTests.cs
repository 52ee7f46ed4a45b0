using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;
using static Huike.UnitTests.Architecture.Faults;

namespace Huike.UnitTests.Ui;

/// <summary>Both languages are equals, and no text of a user's stands in code.</summary>
public sealed class TextTests
{
    // The same in Chinese as in English: names of formats and figures.
    private static readonly HashSet<string> _sameInBoth = new(StringComparer.Ordinal) { "CSV", "{0} KB", "{0} MB", "XLSX", "RFM", "R ↓  F →", "BG/NBD", "Pareto/NBD", "Gamma–Gamma" };

    // Names the other language in its own words.
    private static readonly HashSet<string> _hanInEnglish = new(StringComparer.Ordinal) { "shell.language.other" };

    // Words that are read from files and typed by people, not shown to them.
    private static readonly string[] _synonyms = ["src/Huike.Platform/Imports/", "src/Huike.Platform/Search/", "src/Huike.Customers/Ledger/"];

    private static readonly Dictionary<string, Dictionary<string, string>> _english = Read("en");

    private static readonly Dictionary<string, Dictionary<string, string>> _chinese = Read("zh-CN");

    private static readonly HashSet<string> _areas = _english.Values.SelectMany(area => area.Keys).Select(key => key.Split('.')[0]).ToHashSet(StringComparer.Ordinal);

    private static readonly Dictionary<string, string> _all = _english.Values.SelectMany(area => area).ToDictionary(StringComparer.Ordinal);

    [Fact]
    public void Both_languages_have_the_same_files_and_keys()
    {
        Assert.Equal(_english.Keys.Order(StringComparer.Ordinal), _chinese.Keys.Order(StringComparer.Ordinal));
        var lacking = _english.Keys.SelectMany(area =>
            _english[area].Keys.Except(_chinese[area].Keys).Select(key => $"zh-CN/{area}.json lacks {key}")
                .Concat(_chinese[area].Keys.Except(_english[area].Keys).Select(key => $"en/{area}.json lacks {key}")));
        None(lacking);
    }

    [Fact]
    public void A_key_begins_with_the_name_of_its_file() =>
        None(_english.SelectMany(area => area.Value.Keys.Where(key => !key.StartsWith(area.Key.Replace("-", "", StringComparison.Ordinal) + ".", StringComparison.OrdinalIgnoreCase)).Select(key => $"{area.Key}.json holds {key}")));

    [Fact]
    public void Both_languages_have_the_same_placeholders()
    {
        static string Holes(string text) => string.Join(' ', Regex.Matches(text, @"\{\d+", RegexOptions.None, SourceTree.Patience).Select(hole => hole.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        None(_english.SelectMany(area => area.Value.Where(text => _chinese[area.Key].TryGetValue(text.Key, out var chinese) && Holes(text.Value) != Holes(chinese)).Select(text => text.Key)));
    }

    [Fact]
    public void Chinese_texts_are_Chinese_and_English_texts_are_not()
    {
        var chinese = _chinese.Values.SelectMany(area => area).Where(text =>
            text.Value.Count(char.IsLetter) > 1 && !SourceTree.HasHan(text.Value) && !_sameInBoth.Contains(text.Value));
        var english = _all.Where(text => SourceTree.HasHan(text.Value.Replace("Huike 回客", "", StringComparison.Ordinal)) && !_hanInEnglish.Contains(text.Key));
        None(chinese.Concat(english).Select(text => $"{text.Key}: {text.Value}"));
    }

    [Fact]
    public void Every_key_that_is_asked_for_exists()
    {
        var missing = new List<string>();
        foreach (var (path, content) in SourceTree.Files)
        {
            foreach (var key in KeysIn(content).Where(key => !_all.ContainsKey(key) && !IsBeginning(key)))
            {
                missing.Add($"{path}: {key}");
            }
        }
        None(missing);
    }

    [Fact]
    public void Every_key_is_asked_for_somewhere()
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, content) in SourceTree.Files)
        {
            asked.UnionWith(KeysIn(content));
            asked.UnionWith(SourceTree.Literals(content));
        }
        var beginnings = asked.Select(key => key.Split('{')[0]).Where(IsBeginning).ToList();
        None(_all.Keys.Where(key => !asked.Contains(key) && !beginnings.Any(beginning => key.StartsWith(beginning, StringComparison.Ordinal))));
    }

    [Fact]
    public void No_code_holds_a_text_in_Chinese() =>
        None(SourceTree.Files.Where(file => !_synonyms.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)))
            .SelectMany(file => SourceTree.Literals(file.Content).Where(SourceTree.HasHan).Select(text => $"{file.Path}: {text}")));

    [Fact]
    public void No_page_holds_a_text_of_its_own() =>
        None(SourceTree.Files.Where(file => file.Path.EndsWith(".razor", StringComparison.Ordinal))
            .SelectMany(file => SourceTree.WrittenIn(file.Content).Select(text => $"{file.Path}: {text}")));

    [Theory]
    [InlineData("""<p>Hello there</p>""")]
    [InlineData("""<a title="Open it" href="/x"></a>""")]
    [InlineData("""<input placeholder="姓名">""")]
    [InlineData("""@if (a > 0) {<b>客户</b>}""")]
    [InlineData("""<Pill Text="Gold" />""")]
    [InlineData("<td>\n    Total sum @Sum\n</td>")]
    public void The_guard_sees_a_text_in_a_page(string razor) => Assert.NotEmpty(SourceTree.WrittenIn(razor));

    [Theory]
    [InlineData("""<p>@T["shell.skip"] @Rows.Count(row => row.Sum > 0)</p>""")]
    [InlineData("""<a title="@T["shell.skip"]" class="button primary">@(a < b ? T["x"] : "")</a>""")]
    [InlineData("<p>@Find(row)?.Samples @match?.Samples</p>\n@switch (x)\n{\n    default:\n        break;\n}")]
    [InlineData("@foreach (var row in Rows.Where(row => row.A < 3))\n{\n    var name = row.Name;\n    <b>@name</b>\n}\nelse\n{\n}")]
    public void The_guard_lets_code_in_a_page_be(string razor) => None(SourceTree.WrittenIn(razor));

    // Whatever stands between quotes and looks like a key: asked of T or texts it must be one; elsewhere when it has three words
    // and begins as keys do (a permission has two). Quotes within quotes, as Razor has them, are no obstacle.
    private static IEnumerable<string> KeysIn(string content) =>
        Regex.Matches(content, @"(?<asked>\b(?:[tT]|[Tt]exts)\[\$?)?(?<="")(?<key>[a-z][A-Za-z]*(\.[A-Za-z0-9-]+)+\.?)(?=[""{])|(?<asked>\b(?:[tT]|[Tt]exts)\[\$?)""(?<key>[^""]+)""", RegexOptions.ExplicitCapture, SourceTree.Patience)
            .Where(match => match.Groups["asked"].Success || (match.Groups["key"].Value.Split('.').Length > 2 && _areas.Contains(match.Groups["key"].Value.Split('.')[0])))
            .Select(match => match.Groups["key"].Value);

    // A key may be put together from a beginning and a stored code.
    private static bool IsBeginning(string key)
    {
        var beginning = key.Split('{')[0];
        return beginning.EndsWith('.') && beginning.Contains('.') && _all.Keys.Any(known => known.StartsWith(beginning, StringComparison.Ordinal));
    }

    private static Dictionary<string, Dictionary<string, string>> Read(string language) =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src/Huike.Ui/Texts", language), "*.json").ToDictionary(
            path => Path.GetFileNameWithoutExtension(path),
            path => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path))!, StringComparer.Ordinal);
}
