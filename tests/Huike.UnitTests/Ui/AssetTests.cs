using System.IO.Compression;
using System.Text.RegularExpressions;
using Huike.Ui;
using Xunit;

namespace Huike.UnitTests.Ui;

public sealed class AssetTests
{
    private static readonly string[] _firstVisit = ["app.css.br", "app.js.br", "icons.svg.br", "mark.svg.br", "inter.woff2"];

    [Fact]
    public void All_that_a_first_visit_loads_is_under_90_kB_compressed()
    {
        var loaded = _firstVisit.Sum(name => BuiltAssets.Files[name].Length);
        Assert.InRange(loaded, 20_000, 90_000);
    }

    [Fact]
    public void A_compressed_twin_is_the_same_file()
    {
        using var brotli = new BrotliStream(new MemoryStream(BuiltAssets.Files["app.css.br"]), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        brotli.CopyTo(plain);
        Assert.Equal(BuiltAssets.Files["app.css"], plain.ToArray());
    }

    [Fact]
    public void Nothing_is_styled_or_scripted_inside_a_page()
    {
        // The content policy would stop it in the browser, silently for the one who wrote it.
        var inline = new Regex(@"\sstyle=|\son[a-z]+=""|<script(?![^>]*\ssrc=)|hx-on|javascript:", RegexOptions.IgnoreCase, SourceTree.Patience);
        Assert.Empty(SourceTree.Files.Where(file => file.Path.EndsWith(".razor", StringComparison.Ordinal) && inline.IsMatch(file.Content)).Select(file => file.Path));
    }

    [Fact]
    public void The_lock_file_names_no_registry() =>
        Assert.DoesNotContain("\"resolved\"", File.ReadAllText(Path.Combine(SourceTree.Root, "src/Huike.Ui/package-lock.json")), StringComparison.Ordinal);
}
