using Huike.Ui.Kit;

namespace Huike.UnitTests.Ui;

public sealed class MarkupBuilderTests
{
    [Fact]
    public void Values_are_encoded_and_markup_is_not()
    {
        const string name = """<b>"R&D" 'x' </b>""";
        Assert.Equal("""<a title="&lt;b&gt;&quot;R&amp;D&quot; &#x27;x&#x27; &lt;/b&gt;">王芳 12</a>""",
            new MarkupBuilder().Add($"""<a title="{name}">{"王芳"} {12}</a>""").ToMarkup().Value);
    }

    [Fact]
    public void Nothing_is_written_for_nothing_and_markup_put_together_before_stands_as_it_is() =>
        Assert.Equal("<i></i><svg/>", new MarkupBuilder().Add($"<i>{(string?)null}</i>").Add($"{new Microsoft.AspNetCore.Components.MarkupString("<svg/>")}").ToMarkup().Value);
}
