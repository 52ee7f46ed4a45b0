using System.Text;
using Huike.Platform.Access.SecondFactors;
using Xunit;

namespace Huike.UnitTests.Platform.Access;

/// <summary>Against the examples of RFC 6238, appendix B (the last six of their eight figures), and RFC 4648.</summary>
public sealed class SecondFactorTests
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long second, string code) => Assert.Equal(code, SecondFactor.Code(Key, second / 30));

    [Fact]
    public void A_key_is_written_in_base_32() => Assert.Equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", SecondFactor.Base32(Key));
}
