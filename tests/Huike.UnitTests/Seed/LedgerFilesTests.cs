using System.Security.Cryptography;
using Huike.Platform.Imports;
using Huike.Seed;
using Xunit;

namespace Huike.UnitTests.Seed;

public sealed class LedgerFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("huike-seed").FullName;

    [Theory]
    [InlineData(true, "交易.csv", "客户编号,交易时间,单号,")]
    [InlineData(false, "transactions.csv", "customer number,transaction time,document,")]
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Imports_know_every_column_but_none_wrongly(bool isChinese)
    {
        new LedgerFiles(_folder, isChinese).Write(new Firm(5, new FirmSize(20, 1), new DateOnly(2026, 11, 20)));

        Assert.Equal(
            "customer 0, date 1, document 2, product 3, productName 4, category 5, quantity 6, price 7, discount 8, place 9, cost 10",
            Found(TableFields.Transactions, isChinese ? "交易.csv" : "transactions.csv"));
        Assert.Equal(
            "number 0, kind 1, name 2, phone 3, email 4, province 5, city 6, district 7, address 8, category 9, creditCode 10, contact 11, createdAt 12",
            Found(TableFields.Customers, isChinese ? "客户.csv" : "customers.csv"));
    }

    [Fact]
    public void The_same_number_makes_the_same_bytes_on_every_machine()
    {
        var digest = Digest(7);

        Assert.Equal(digest, Digest(7));
        Assert.NotEqual(digest, Digest(8));
        // Changes whenever the firm is changed on purpose; differs on another machine only by a fault.
        Assert.Equal("7B3FFFA44833FA91", digest);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Found(TableFields fields, string file)
    {
        using var table = TableReader.Open(Path.Combine(_folder, file));
        return string.Join(", ", ColumnMap.Find(fields, table.Header, table.HasHeader, []).Matches.OrderBy(m => m.Column).Select(m => $"{m.Field} {m.Column}"));
    }

    private string Digest(int seed)
    {
        new LedgerFiles(_folder, isChinese: false).Write(new Firm(seed, new FirmSize(500, 2), new DateOnly(2026, 11, 20)));
        return Convert.ToHexString(SHA256.HashData(
            Directory.GetFiles(_folder).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes).ToArray()))[..16];
    }
}
