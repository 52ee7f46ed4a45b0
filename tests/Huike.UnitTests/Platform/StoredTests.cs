using Huike.Platform.Data;
using Xunit;

namespace Huike.UnitTests.Platform;

/// <summary>Amounts come back as they went in, to the last decimal that is kept.</summary>
public sealed class StoredTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("12.5", "12.5")]
    [InlineData("-12.3456", "-12.3456")]
    [InlineData("1000000", "1000000")]
    [InlineData("4294967296.01", "4294967296.01")]
    [InlineData("922337203685477.5807", "922337203685477.5807")]
    [InlineData("-922337203685477.5808", "-922337203685477.5808")]
    public void An_amount_is_read_without_trailing_zeros(string amount, string read) =>
        Assert.Equal(read, decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture).ToStored().FromStored().ToString(System.Globalization.CultureInfo.InvariantCulture));
}
