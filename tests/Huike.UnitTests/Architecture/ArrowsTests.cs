using System.Xml.Linq;
using Xunit;

namespace Huike.UnitTests.Architecture;

/// <summary>Which project may know which; docs/modules.md says why. A new arrow needs an ADR.</summary>
public sealed class ArrowsTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Huike.Statistics"] = [],
        ["Huike.Ui"] = [],
        ["Huike.Seed"] = [],
        ["Huike.Platform"] = ["Huike.Ui"],
        ["Huike.Customers"] = ["Huike.Platform", "Huike.Statistics", "Huike.Ui"],
        ["Huike.Analytics"] = ["Huike.Customers", "Huike.Platform", "Huike.Statistics", "Huike.Ui"],
        ["Huike.ServiceDesk"] = ["Huike.Platform"],
        ["Huike.Web"] = ["Huike.Analytics", "Huike.Customers", "Huike.Platform", "Huike.Seed", "Huike.Statistics", "Huike.Ui"],
    };

    [Fact]
    public void Each_project_of_the_product_references_what_it_may_and_nothing_else()
    {
        var projects = (string[])["src", "tools"];
        var actual = projects.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), References);
        // A project that is not in the list fails too: its arrows were never decided.
        Assert.Equal(Allowed.Keys.Order(), actual.Keys.Order());
        Assert.All(actual, project => Assert.Equal(Allowed[project.Key], project.Value));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var listed = XDocument.Load(Path.Combine(Repository.Root, "Huike.slnx")).Descendants("Project").Select(project => project.Attribute("Path")!.Value);
        var there = ((string[])["src", "tests", "bench", "tools"])
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories)).Select(Repository.Name);
        Assert.Equal(there.Order(), listed.Order());
    }

    private static string[] References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)).Order()];
}
