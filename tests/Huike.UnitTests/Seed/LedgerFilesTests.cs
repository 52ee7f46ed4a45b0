using System.Security.Cryptography;
using Huike.Seed;
using Xunit;

namespace Huike.UnitTests.Seed;

public sealed class LedgerFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("huike-seed").FullName;

    [Theory]
    [InlineData(true, "交易.csv", "客户编号,交易时间,单号,")]
    [InlineData(false, "transactions.csv", "customer number,date and time,document,")]
    public void The_files_hold_the_firm(bool isChinese, string name, string header)
    {
        var firm = new Firm(5, new FirmSize(300, 1), new DateOnly(2026, 11, 20));
        var lines = new LedgerFiles(_folder, isChinese).Write(firm);
        var written = File.ReadAllLines(Path.Combine(_folder, name));

        Assert.Equal([0xEF, 0xBB, 0xBF], File.ReadAllBytes(Path.Combine(_folder, name)).Take(3));
        Assert.StartsWith(header, written[0], StringComparison.Ordinal);
        Assert.Equal(lines, written.Length - 1);
        Assert.Equal(lines, firm.Transactions.LongCount());
        Assert.DoesNotContain(written, line => line.Split(',').Length != 11);
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
        Assert.All(Directory.GetFiles(_folder), file => Assert.DoesNotContain('"', File.ReadAllText(file)));
    }

    [Fact]
    public void The_same_number_makes_the_same_bytes_on_every_machine()
    {
        var digest = Digest(7);

        Assert.Equal(digest, Digest(7));
        Assert.NotEqual(digest, Digest(8));
        // Changes whenever the firm is changed on purpose; differs on another machine only by a fault.
        Assert.Equal("0FE3294D4DF10AB7", digest);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Digest(int seed)
    {
        new LedgerFiles(_folder, isChinese: false).Write(new Firm(seed, new FirmSize(500, 2), new DateOnly(2026, 11, 20)));
        return Convert.ToHexString(SHA256.HashData(
            Directory.GetFiles(_folder).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes).ToArray()))[..16];
    }
}
