namespace Huike.BrowserTests;

/// <summary>Photographs the pages that the README shows; into docs/pictures where HUIKE_PICTURES names that folder (just pictures).</summary>
public sealed class PicturesTests(Office office)
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task The_pages_of_the_README_can_be_photographed(string language)
    {
        var folder = Environment.GetEnvironmentVariable("HUIKE_PICTURES") is { Length: > 0 } named ? named : Directory.CreateTempSubdirectory("huike-pictures-").FullName;
        await office.Settled();
        await using var tab = await office.Open(new(language));
        var best = await office.App.Number("select customer_id from customers_standing order by contribution desc limit 1");
        foreach (var (name, path) in new[] { ("value", "/value"), ("customers", "/customers?sort=contribution&dir=desc"), ("customer", FormattableString.Invariant($"/customers/{best}")) })
        {
            await tab.Page.GotoAsync(path);
            // A picture of something, not of a page that waits for it.
            Assert.Equal(0, await tab.Page.Locator(".empty, progress").CountAsync());
            var picture = await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{language[..2]}.png") });
            // A page that was drawn takes more than an empty one.
            Assert.InRange(picture.Length, 20_000, 2_000_000);
        }
    }
}
