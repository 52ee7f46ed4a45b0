using Huike.Platform.Imports;
using Xunit;

namespace Huike.UnitTests.Platform.Imports;

public sealed class SharedLedgerTests
{
    [Fact]
    public void Online_Retail_has_its_known_counts()
    {
        var folder = Tables.Shared("online_retail_uci");
        var customers = new HashSet<string>(StringComparer.Ordinal);
        var documents = new HashSet<string>(StringComparer.Ordinal);
        long rows = 0, without = 0, cancelled = 0, unreadable = 0;
        decimal net = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*.csv.gz"))
        {
            using var reader = TableReader.Open(file);
            var map = ColumnMap.Find(TableFields.Transactions, reader.Header, reader.HasHeader, []);
            while (reader.Read())
            {
                rows++;
                var customer = Cell.NormalKey(reader[map["customer"]]);
                var document = Cell.NormalKey(reader[map["document"]]);
                documents.Add(document);
                cancelled += document.StartsWith('C') ? 1 : 0;
                without += customer.Length == 0 ? 1 : 0;
                var readable = Cell.TryDateTime(reader[map["date"]], DateOrder.Unknown, out _)
                    & Cell.TryNumber(reader[map["quantity"]], DecimalMark.Point, out var quantity)
                    & Cell.TryNumber(reader[map["price"]], DecimalMark.Point, out var price);
                unreadable += readable ? 0 : 1;
                if (customer.Length > 0)
                {
                    customers.Add(customer);
                    net += quantity * price;
                }
            }
        }
        Assert.Equal((541_909, 4_372, 135_080, 9_288, 25_900, 0), (rows, customers.Count, without, cancelled, documents.Count, unreadable));
        Assert.Equal(8_300_065.814m, net);
    }

    [Theory]
    [InlineData("CDNOW_master.txt", 69_659, 23_570)]
    [InlineData("CDNOW_sample.txt", 6_919, 2_357)]
    public void CDNOW_between_runs_of_blanks_is_read_with_and_without_header(string file, int rows, int customers)
    {
        using var reader = TableReader.Open(Tables.Shared("cdnow", file));
        Assert.Equal(TableKind.Blanks, reader.Format.Kind);
        var read = Tables.Rows(reader);
        Assert.Equal((rows, customers), (read.Count, read.Select(row => row[0]).Distinct(StringComparer.Ordinal).Count()));
    }

    [Fact]
    public void A_workbook_from_practice_is_read_with_days_and_times()
    {
        using var reader = TableReader.Open(Tables.Shared("call_centre_phonenow", "Contact-Center-Dataset.xlsx"));
        var rows = Tables.Rows(reader);
        Assert.Equal(5_000, rows.Count);
        Assert.Equal(["ID0001", "Diane", "2021-01-01", "09:12:58"], rows[0][..4]);
    }
}
