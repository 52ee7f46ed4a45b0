using System.Text.RegularExpressions;
using Xunit;

namespace Huike.UnitTests.Architecture;

public sealed partial class DocumentsTests
{
    [Fact]
    public void Every_link_of_a_document_to_a_file_leads_to_one()
    {
        var documents = Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(((string[])["docs", "src", "bench", "tools"]).SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories)))
            .Where(path => !path.Contains("node_modules", StringComparison.Ordinal));
        var broken = documents.SelectMany(path => Link().Matches(File.ReadAllText(path)).Select(match => (path, Target: match.Groups["target"].Value)))
            .Where(link => !link.Target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Path.GetDirectoryName(link.path)!, link.Target)))
            .Select(link => $"{Repository.Name(link.path)}: {link.Target}");
        Faults.None(broken);
    }

    [Fact]
    public void Every_test_that_the_table_of_requirements_names_is_there()
    {
        var tests = Repository.Sources("tests").ToLookup(path => Path.GetFileNameWithoutExtension(path), File.ReadAllText);
        var named = Named().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "asvs.md"))).Select(match => (Class: match.Groups["class"].Value, Test: match.Groups["test"].Value)).Distinct().ToList();
        Assert.NotEmpty(named);
        Faults.None(named.Where(one => !tests[one.Class].Any(text => text.Contains($" {one.Test}(", StringComparison.Ordinal))).Select(one => $"{one.Class}.{one.Test}"));
    }

    [GeneratedRegex(@"`(?<class>[A-Z]\w+Tests)\.(?<test>\w+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Named();

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)[^)]*\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link();
}
