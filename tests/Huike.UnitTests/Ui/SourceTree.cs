using System.Text.RegularExpressions;

namespace Huike.UnitTests.Ui;

/// <summary>The product's sources as the text guards read them.</summary>
internal static partial class SourceTree
{
    internal static string Root { get; } = FindRoot();

    /// <summary>Path from the root with forward slashes, and content, of each .cs and .razor file under src.</summary>
    internal static IReadOnlyList<(string Path, string Content)> Files { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.*", SearchOption.AllDirectories)
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".razor", StringComparison.Ordinal))
            .Select(path => (Path.GetRelativePath(Root, path).Replace('\\', '/'), path))
            .Where(file => !file.Item1.Contains("/node_modules/", StringComparison.Ordinal) && !file.Item1.Contains("/obj/", StringComparison.Ordinal))
            .Select(file => (file.Item1, File.ReadAllText(file.path)))];

    /// <summary>String literals of C# without their quotes; comments are passed over. A literal inside a hole of another comes in pieces.</summary>
    internal static IEnumerable<string> Literals(string code) =>
        CodeToken().Matches(code).Where(token => token.Groups["text"].Success).Select(token => token.Groups["text"].Value);

    /// <summary>What a visitor would read of a .razor file that is written there and not asked of the texts.</summary>
    internal static IEnumerable<string> WrittenIn(string razor)
    {
        var markup = Cut(razor, @"(?m)^@code\b[\s\S]*", "");
        markup = Cut(markup, @"@\*[\s\S]*?\*@|<!--[\s\S]*?-->|<kbd>[\s\S]*?</kbd>|<!DOCTYPE html>", " ");
        markup = Cut(markup, @"(?m)^@(using|inject|page|layout|inherits|implements|typeparam|attribute|namespace)\b.*$", "");
        var attributes = Spoken().Matches(markup).Select(match => match.Groups["value"].Value).Where(value => !value.StartsWith('@'));
        markup = Cut(markup, @"@\{[^{}]*\}", " ");
        // Expressions may hold what looks like tags, so they go before the tags do.
        markup = Expression().Replace(markup, " ");
        markup = Cut(markup, @"(?m)^\s*(?:var|double|int|string|const|if|else|for|foreach|while|switch|case|default|await|break|continue|yield)\b.*$|^.*;\s*$", " ");
        markup = Cut(markup, """<[A-Za-z/](?:"[^"]*"|'[^']*'|[^<>"'])*>""", "\n");
        var words = markup.Split('\n').Select(text => Cut(text, @"&\w+;|\belse\b|\bnull\b", "").Trim(' ', '{', '}', '\t', '\r'));
        return attributes.Concat(words).Where(text => Regex.IsMatch(text, @"\p{L}{2,}|\p{IsCJKUnifiedIdeographs}", RegexOptions.None, Patience));
    }

    internal static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    internal static bool HasHan(string text) => text.Any(letter => letter is >= '\u4E00' and <= '\u9FFF' or >= '\u3400' and <= '\u4DBF');

    [GeneratedRegex("""//[^\n]*|/\*[\s\S]*?\*/|\$*\"{3}(?<text>[\s\S]*?)\"{3}|(?:\$@|@\$|@)"(?<text>(?:[^"]|"")*)"|\$?"(?<text>(?:\\.|[^"\\\n])*)"|'(?:\\.|[^'\\\n])'""", RegexOptions.None, 5_000)]
    private static partial Regex CodeToken();

    [GeneratedRegex("""\b(?:title|aria-label|placeholder|alt|Label|Title|Text|Sub|Hint|Summary|Delta|Note)="(?<value>[^"]+)""", RegexOptions.None, 5_000)]
    private static partial Regex Spoken();

    // @if (…), @foreach (…), @(…), @name.member[…](…): brackets in pairs.
    [GeneratedRegex("""@(?:await\s+)?(?:[A-Za-z_][\w.?!]*\s?)?(?:[(\[](?:[^()\[\]]|(?<open>[(\[])|(?<-open>[)\]]))*(?(open)(?!))[)\]][\w.?!]*)*|(?<=[\s}])(?:else if|if)\s*\((?:[^()]|(?<deep>\()|(?<-deep>\)))*(?(deep)(?!))\)""", RegexOptions.None, 5_000)]
    private static partial Regex Expression();

    private static string Cut(string text, string pattern, string by) => Regex.Replace(text, pattern, by, RegexOptions.None, Patience);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Huike.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Huike.slnx stands in no folder above the tests.");
        }
        return folder.FullName;
    }
}
