using Xunit;

namespace Huike.UnitTests;

/// <summary>The folder of public data sets beside the project, which is not part of it.</summary>
internal static class SharedFolder
{
    /// <summary>The path of a file of a set; the calling test is skipped where the folder is absent.</summary>
    internal static string File(string set, string name)
    {
        var path = Path.Combine(Root(), set, name);
        Assert.SkipUnless(System.IO.File.Exists(path), $"shared/data/{set}/{name} is not here");
        return path;
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("HUIKE_SHARED") is { Length: > 0 } named)
        {
            return Path.Combine(named, "data");
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(data))
            {
                return data;
            }
        }

        return "";
    }
}
