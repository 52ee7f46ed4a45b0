using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using FsCheck;
using FsCheck.Fluent;
using Huike.Ui;
using Huike.Ui.Charts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Huike.UnitTests.Ui;

public sealed class ChartTests
{
    private static readonly Func<double, string> _plain = value => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static readonly string[] _labels = ["Jan", "Feb"];
    private static readonly string?[] _hrefs = ["/january", null];

    [Fact]
    public void A_scale_holds_its_values_and_ends_at_ticks() =>
        Prop.ForAll<double[]>(values =>
        {
            var scale = Scale.Of([.. values.Select(value => (double?)value)]);
            Assert.True(double.IsFinite(scale.Low) && double.IsFinite(scale.High) && scale.Low < scale.High);
            Assert.InRange(scale.Ticks.Count, 2, 20);
            // A billionth of the axis may be rounded away: no pixel shows it.
            var hair = (scale.High / 1e9) - (scale.Low / 1e9);
            Assert.All(values.Where(double.IsFinite), value => Assert.InRange(value, scale.Low - hair, scale.High + hair));
            Assert.All(values, value => Assert.InRange(scale.Place(double.IsFinite(value) ? value : 0, 200, 10), 9.99, 200.01));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(double.Epsilon, double.Epsilon)]
    [InlineData(-double.Epsilon, 0)]
    [InlineData(1e16, 1e16 + 2)]
    [InlineData(-double.MaxValue, double.MaxValue)]
    public void A_scale_far_from_zero_or_next_to_it_still_has_two_ends(double low, double high)
    {
        var scale = Scale.Of([low, high], fromZero: false);
        Assert.InRange(scale.Ticks.Distinct().Count(), 2, 20);
        Assert.InRange(scale.Place(high, 200, 10), 9.99, 200.01);
    }

    [Theory]
    [InlineData(0, 240, 50)]
    [InlineData(0, 0.7, 0.2)]
    [InlineData(-380, 310, 200)]
    [InlineData(0, 1, 0.2)]
    public void Steps_are_round_numbers(double low, double high, double step)
    {
        var scale = Scale.Of([low, high]);
        Assert.Equal(step, scale.Ticks[1] - scale.Ticks[0], 9);
    }

    [Theory]
    [InlineData(new double[] { })]
    [InlineData(new[] { 0.0 })]
    [InlineData(new[] { 5.0, 5.0, 5.0 })]
    [InlineData(new[] { -3.0, -8.0, -1.0 })]
    [InlineData(new[] { 1e300, -1e308, double.MaxValue })]
    [InlineData(new[] { double.NaN, double.PositiveInfinity, 2 })]
    public async Task Every_kind_of_figures_can_be_drawn(double[] values)
    {
        IReadOnlyList<string> labels = [.. values.Select((_, i) => $"2026年{i}月")];
        var series = new[] { new ChartSeries("a", [.. values.Select(value => (double?)value)]), new ChartSeries("b", [.. values.Select((value, i) => i % 2 == 0 ? (double?)null : value)]) };
        Drawable(await Render<LineChart>(("Title", "t"), ("Labels", labels), ("Series", series), ("Format", _plain), ("Area", true)));
        Drawable(await Render<BarChart>(("Title", "t"), ("Labels", labels), ("Series", series), ("Format", _plain)));
        Drawable(await Render<Sparkline>(("Values", series[0].Values)));
        Drawable(await Render<HorizontalBars>(("Title", "t"), ("Rows", values.Select(value => new BarRow("x", value, "1")).ToList())));
        Drawable(await Render<HeatGrid>(("Title", "t"), ("Columns", labels), ("Rows", labels.Take(1).ToList()), ("Cells", values.Take(1).Select(_ => values.Select(value => new HeatCell(value, "1")).ToList()).ToList())));
        Drawable(await Render<ParetoChart>(("Title", "t"), ("Curves", new[] { new ParetoCurve("c", [.. values.Select((value, i) => ((i + 1.0) / values.Length, value))]) })));
    }

    [Fact]
    public async Task The_table_beneath_a_chart_has_its_numbers_and_links()
    {
        var page = await Render<LineChart>(("Title", "Net sales"), ("Labels", _labels), ("Series", new[] { new ChartSeries("a", [1.5, null]) }), ("Format", _plain), ("Hrefs", _hrefs));
        Assert.Equal(["Jan", "1.5", "Feb", "–"], page.QuerySelectorAll("tbody td").Select(cell => cell.TextContent.Trim()));
        Assert.Equal("/january", page.QuerySelector("tbody a")!.GetAttribute("href"));
        Assert.Equal("Net sales", page.QuerySelector("svg[role=img]")!.GetAttribute("aria-label"));
    }

    [Fact]
    public async Task Labels_that_would_overlap_are_left_out_but_never_the_last()
    {
        var labels = Enumerable.Range(1, 60).Select(i => $"2026年第{i}周").ToList();
        var page = await Render<LineChart>(("Title", "t"), ("Labels", labels), ("Series", new[] { new ChartSeries("a", [.. labels.Select((_, i) => (double?)i)]) }), ("Format", _plain));
        foreach (var drawing in page.QuerySelectorAll("svg"))
        {
            var written = drawing.QuerySelectorAll("text.tick[text-anchor=middle]").Select(text => (X: Number(text, "x"), text.TextContent)).OrderBy(label => label.X).ToList();
            Assert.Equal("2026年第60周", written[^1].TextContent);
            Assert.All(written.Zip(written.Skip(1)), pair => Assert.True(pair.Second.X - pair.First.X > Scale.WidthOf(pair.First.TextContent)));
        }
    }

    [Fact]
    public async Task The_Pareto_curve_is_read_off_at_the_mark()
    {
        var page = await Render<ParetoChart>(("Title", "80/20"), ("Curves", new[] { new ParetoCurve("Sales", [(0.1, 0.6), (0.3, 0.8), (1, 1)]) }));
        Assert.Contains("20% → 70.0%", page.QuerySelector("svg")!.GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_strip_tells_days_and_the_next_expected_one()
    {
        var today = new DateOnly(2026, 11, 22);
        var page = await Render<DotStrip>(("Title", "t"), ("Dots", new[] { new StripDot(today.AddDays(-400), "a"), new StripDot(today, "b", double.NaN, "/b") }), ("Today", today), ("ExpectedOn", today.AddDays(30)));
        Drawable(page);
        Assert.Contains("2026-12-22", page.QuerySelector("text.value")!.TextContent, StringComparison.Ordinal);
        Drawable(await Render<DotStrip>(("Title", "t"), ("Dots", new[] { new StripDot(DateOnly.MinValue, "a"), new StripDot(DateOnly.MaxValue, "b") }), ("Today", today)));
    }

    [Theory]
    [InlineData("陈雨晴", "晴")]
    [InlineData("Grace Kim", "GK")]
    [InlineData("acme", "A")]
    [InlineData("", "?")]
    [InlineData("𠮷野", "野")]
    [InlineData("王𠮷", "𠮷")]
    public void Initials_are_those_a_person_would_take(string name, string initials) => Assert.Equal(initials, Huike.Ui.Kit.Avatar.InitialsOf(name));

    private static void Drawable(IElement page)
    {
        foreach (var attribute in page.QuerySelectorAll("svg *").SelectMany(element => element.Attributes))
        {
            Assert.DoesNotContain("NaN", attribute.Value, StringComparison.Ordinal);
            Assert.DoesNotContain("∞", attribute.Value, StringComparison.Ordinal);
        }
        Assert.Empty(page.QuerySelectorAll("[style]"));
        Assert.All(page.QuerySelectorAll("svg rect"), rect => Assert.True(Number(rect, "width") >= 0 && (rect.GetAttribute("height") is null || Number(rect, "height") >= 0)));
    }

    private static double Number(IElement element, string attribute) => double.Parse(element.GetAttribute(attribute)!, CultureInfo.InvariantCulture);

    private static async Task<IElement> Render<TComponent>(params (string Name, object? Value)[] parameters)
        where TComponent : IComponent
    {
        await using var services = new ServiceCollection().AddSingleton(TextCatalog.For("en")).BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal)))).ToHtmlString());
        return new HtmlParser().ParseDocument(html).Body!;
    }
}
