using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Huike.Ui;
using Huike.Web.Verbs;
using Xunit;

namespace Huike.UnitTests.Verbs;

public sealed class ValueVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("huike-value-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("bgnbd", "r=0.243 alpha=4.414 a=0.793 b=2.426", -9582.4)]
    [InlineData("paretonbd", "r=0.553 alpha=10.578 s=0.606 beta=11.669", -9595.0)]
    [InlineData("gammagamma", "p=6.25 q=3.74 gamma=15.44", -4055.9)]
    public void Positions_in_a_text_of_columns_give_what_is_published_for_cdnow(string model, string published, double logLikelihood)
    {
        var outcome = Json(new ValueVerb.Request(
            SharedFolder.File("cdnow", "CDNOW_sample.txt"), "customer=2,date=3,amount=5", "1997-09-30", 7, model, null));
        Assert.Equal(model, outcome.GetProperty("model").GetString());
        Assert.True(outcome.GetProperty("converged").GetBoolean());
        Assert.Equal(JsonValueKind.Null, outcome.GetProperty("reason").ValueKind);
        Assert.Equal(logLikelihood, outcome.GetProperty("logLikelihood").GetDouble(), 0.05);
        foreach (var (name, value) in published.Split(' ').Select(one => one.Split('=')).Select(one => (one[0], double.Parse(one[1], CultureInfo.InvariantCulture))))
        {
            // Published with three decimals for purchases, two for spend.
            Assert.Equal(value, outcome.GetProperty("parameters").GetProperty(name).GetDouble(), model == "gammagamma" ? 0.006 : 0.0006);
            Assert.True(outcome.GetProperty("standardErrors").GetProperty(name).GetDouble() > 0);
        }
    }

    [Fact]
    public void A_horizon_adds_the_expected_purchases_of_all()
    {
        var outcome = Json(new ValueVerb.Request(
            SharedFolder.File("apparel_clv", "apparelTrans.csv"), "customer=Id,date=Date,amount=Price", "2006-12-31", 7, "bgnbd", 1450 / 7.0));
        Assert.Equal(600, outcome.GetProperty("customers").GetInt32());
        Assert.Equal(1414, outcome.GetProperty("expectedPurchases").GetDouble(), 2.0);
    }

    [Theory]
    [InlineData(',', "yyyy-MM-dd", false, false)]
    [InlineData(';', "dd.MM.yyyy", false, true)]
    [InlineData('\t', "d/M/yyyy H:mm", true, false)]
    [InlineData(' ', "yyyyMMdd", true, true)]
    public void Any_form_of_the_same_ledger_gives_the_same_answer(char separator, string date, bool packed, bool bare)
    {
        var plain = Json(Ledger("plain", ',', "yyyy-MM-dd", packed: false, bare: false));
        var other = Json(Ledger("other", separator, date, packed, bare));
        Assert.Equal(plain.GetRawText(), other.GetRawText());
        Assert.Equal(120, plain.GetProperty("customers").GetInt32());
    }

    [Fact]
    public void Rows_of_a_day_are_one_purchase_and_returns_are_none()
    {
        var once = Json(Ledger("once", ',', "yyyy-MM-dd", packed: false, bare: false));
        var again = Json(Ledger("again", ',', "yyyy-MM-dd", packed: false, bare: false, row => $"{row}\n{row}\n{row.Split(',')[0]},2030-01-01,-5\n,2024-02-03,7"));
        Assert.Equal(once.GetRawText(), again.GetRawText());
    }

    [Fact]
    public void A_ledger_that_tells_nothing_says_so_and_is_no_failure()
    {
        var outcome = Json(new ValueVerb.Request(Written("customer,date\na,2024-01-01\nb,2024-01-02\n"), null, null, 1, "bgnbd", 5));
        Assert.False(outcome.GetProperty("converged").GetBoolean());
        Assert.Equal("tooFewCustomers", outcome.GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, outcome.GetProperty("parameters").GetProperty("r").ValueKind);
        Assert.Equal(JsonValueKind.Null, outcome.GetProperty("expectedPurchases").ValueKind);
    }

    [Theory]
    [InlineData("customer,date\na,2024-01-01\nb,yesterday\nc,2024-01-03\n", "customer=customer,date=date", "Row 3, column “date”: “yesterday”")]
    [InlineData("customer,date,sum\na,2024-01-01,5\nb,2024-01-02,five\n", "customer=1,date=2,amount=3", "Row 3, column “sum”: “five”")]
    [InlineData("customer,date,sum\na,2024-01-01,99999999999999999999\nb,2024-01-02,5\n", "customer=1,date=2,amount=3", "Row 2, column “sum”")]
    [InlineData("customer,date\na,2024-01-01\n", "customer=customer", "No column for “date”")]
    [InlineData("customer,date\na,2024-01-01\n", "customer=who,date=date", "who")]
    [InlineData("customer,date\na,13/1/2024\nb,1/13/2024\n", "customer=customer,date=date", "the day first")]
    [InlineData("", "customer=1,date=2", "")]
    public void Unusable_input_names_file_place_and_mend(string text, string columns, string expected)
    {
        var request = new ValueVerb.Request(Written(text), columns, null, 1, "bgnbd", null);
        var (code, output, errors) = Run(request, "en");
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith(request.File, errors, StringComparison.Ordinal);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.NotEqual(errors, Run(request, "zh-CN").Errors);
    }

    [Fact]
    public void A_missing_file_a_bad_day_and_a_missing_amount_are_refused()
    {
        Assert.Equal(2, Run(new ValueVerb.Request("no-such-file.csv", null, null, 1, "bgnbd", null), "en").Code);
        var ledger = Ledger("whole", ',', "yyyy-MM-dd", packed: false, bare: false);
        Assert.Equal(2, Run(ledger with { Until = "soon" }, "en").Code);
        Assert.Equal(2, Run(ledger with { Horizon = -1 }, "en").Code);
        Assert.Equal(2, Run(ledger with { Columns = "customer=1,date=2", Model = "gammagamma" }, "en").Code);
    }

    [Theory]
    [InlineData("en", "Customers: 120")]
    [InlineData("zh-CN", "客户数: 120")]
    public void Without_json_a_short_table_is_printed(string language, string expected)
    {
        var request = Ledger("table", ',', "yyyy-MM-dd", packed: false, bare: false) with { Horizon = 30 };
        var (code, output, errors) = Run(request, language, json: false);
        Assert.Equal(0, code);
        Assert.Empty(errors);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.DoesNotContain("valueVerb", output, StringComparison.Ordinal);
    }

    private ValueVerb.Request Ledger(string name, char separator, string date, bool packed, bool bare, Func<string, string>? change = null)
    {
        var random = new Random(11);
        var text = new StringBuilder(bare ? "" : $"customer{separator}bought{separator}paid\n");
        for (var customer = 0; customer < 120; customer++)
        {
            var day = new DateOnly(2024, 1, 1).AddDays(random.Next(60));
            for (var pause = 3 + random.Next(90); day < new DateOnly(2024, 12, 20); day = day.AddDays(1 + random.Next(pause)))
            {
                var at = day.ToDateTime(new TimeOnly(9, 5)).ToString(date, CultureInfo.InvariantCulture);
                var row = $"K{customer}{separator}{at}{separator}{(5 + random.Next(500)).ToString(CultureInfo.InvariantCulture)}";
                text.AppendLine(change?.Invoke(row) ?? row);
                if (random.Next(6) == 0)
                {
                    break;
                }
            }
        }

        var path = Path.Combine(_folder.FullName, name);
        using (Stream file = packed ? new GZipStream(File.Create(path), CompressionLevel.Fastest) : File.Create(path))
        {
            file.Write(Encoding.UTF8.GetBytes(text.ToString()));
        }

        return new ValueVerb.Request(path, "customer=1,date=2,amount=3", "2024-12-31", 1, "bgnbd", null);
    }

    private string Written(string text)
    {
        var path = Path.Combine(_folder.FullName, "ledger.csv");
        File.WriteAllText(path, text);
        return path;
    }

    private static JsonElement Json(ValueVerb.Request request)
    {
        var (code, output, errors) = Run(request, "en");
        Assert.Equal("", errors);
        Assert.Equal(0, code);
        return JsonDocument.Parse(output).RootElement;
    }

    private static (int Code, string Output, string Errors) Run(ValueVerb.Request request, string language, bool json = true)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = ValueVerb.Run(request, json, TextCatalog.For(language), output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
