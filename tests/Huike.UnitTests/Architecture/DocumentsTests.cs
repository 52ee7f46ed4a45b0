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

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)[^)]*\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link();
}
