using System.Text.RegularExpressions;
using Xunit;

namespace Huike.UnitTests.Architecture;

/// <summary>A file holds one whole thought, a method one step of it.</summary>
public sealed partial class SizesTests
{
    private const int LinesOfAFile = 400;
    private const int LinesOfAMethod = 40;
    private const int Parameters = 6;

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        Faults.None(Repository.Sources("src", "tests", "tools", "bench").Concat(Repository.Pages).Select(path => (Name: Repository.Name(path), Lines: File.ReadLines(path).Count()))
            .Where(file => file.Lines > LinesOfAFile).Select(file => $"{file.Name}: {file.Lines}"));

    [Fact]
    public void No_method_is_longer_than_40_lines() =>
        Faults.None(Repository.Sources("src", "tests", "tools").Concat(Repository.Pages).SelectMany(Methods)
            .Where(method => method.Lines > LinesOfAMethod).Select(method => $"{method.Name}: {method.Lines}"));

    [Fact]
    public void No_constructor_asks_for_more_than_six_things() =>
        Faults.None(((string[])["Huike.Ui", "Huike.Statistics", "Huike.Platform", "Huike.Customers", "Huike.Analytics", "Huike.ServiceDesk", "Huike.Web", "Huike.Seed"]).SelectMany(name => System.Reflection.Assembly.Load(name).GetTypes())
            // Records carry values, not collaborators.
            .Where(type => type.IsClass && type.GetMethod("<Clone>$") is null && !type.Name.Contains('<', StringComparison.Ordinal))
            .SelectMany(type => type.GetConstructors(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance), (type, constructor) => (type, Count: constructor.GetParameters().Length))
            .Where(found => found.Count > Parameters).Select(found => $"{found.type.FullName}: {found.Count}"));

    /// <summary>Members with a body in braces, by indentation: the format check keeps it honest.</summary>
    private static IEnumerable<(string Name, int Lines)> Methods(string path)
    {
        var lines = File.ReadAllLines(path);
        // In a page, methods stand behind its markup.
        var head = path.EndsWith(".razor", StringComparison.Ordinal) ? Array.FindIndex(lines, line => line.StartsWith("@code", StringComparison.Ordinal)) : 0;
        for (var i = head + 1; head >= 0 && i < lines.Length; i++)
        {
            if (lines[i] is not ("    {" or "        {") || OpensType(lines, i)) { continue; }
            var end = Array.FindIndex(lines, i, line => line.StartsWith(lines[i].Replace('{', '}'), StringComparison.Ordinal));
            if (end > i) { yield return ($"{Repository.Name(path)}:{i}", end - i + 1); }
        }
    }

    /// <summary>Whether the brace belongs to a type, whose head may take several lines.</summary>
    private static bool OpensType(string[] lines, int brace)
    {
        var head = brace - 1;
        while (head > 0 && lines[head].Length > lines[brace].Length && lines[head][lines[brace].Length - 1] == ' ') { head--; }
        return TypeHead().IsMatch(lines[head]);
    }

    [GeneratedRegex("^ *((public|internal|private|protected|sealed|abstract|static|partial|readonly|file|ref) )*(class|record|struct|interface|enum) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex TypeHead();
}
