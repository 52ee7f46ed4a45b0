using Huike.Platform.Access.Passwords;
using Xunit;

namespace Huike.UnitTests.Platform.Access;

public sealed class PasswordStrengthTests
{
    [Theory]
    [InlineData("password123")]
    [InlineData("P@ssw0rd2026!")]
    [InlineData("qwertyuiop")]
    [InlineData("1qaz2wsx3edc")]
    [InlineData("1234567890")]
    [InlineData("0987654321a")]
    [InlineData("abcdefghijkl")]
    [InlineData("aaaaabbbbbcccccddddd")]
    [InlineData("xyzzyxyzzy")]
    [InlineData("woaini1314520")]
    [InlineData("5201314woaini")]
    [InlineData("iloveyou-2024")]
    [InlineData("Welcome19870514")]
    [InlineData("zhangwei19900101")]
    [InlineData("huike2026huike")]
    [InlineData("回客回客123456")]
    [InlineData("lihua-lihua-88")]
    [InlineData("Li Hua 2026 Li Hua")]
    public void What_guessers_try_first_is_weak(string password) => Assert.True(PasswordStrength.IsWeak(password, ["lihua", "Li Hua"]));

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("huike-demo")]
    [InlineData("三月的雨下在院子里的石阶上")]
    [InlineData("vRq8-mz2T-0kLw")]
    [InlineData("my aunt sells 7 geese")]
    public void A_sentence_or_chance_is_not(string password) => Assert.False(PasswordStrength.IsWeak(password, ["lihua", "Li Hua", ""]));

    [Fact]
    public void A_very_long_one_takes_no_time() => Assert.True(PasswordStrength.IsWeak(new string('a', 200), []));
}
