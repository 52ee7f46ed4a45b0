using System.Text;
using System.Text.Json;
using Huike.Platform.Imports;
using Xunit;

namespace Huike.UnitTests.Platform.Imports;

public sealed class ColumnMapTests : IDisposable
{
    private readonly Tables _tables = new();

    public void Dispose() => _tables.Dispose();

    [Theory]
    [InlineData("online_retail_uci/online_retail_2010-12.csv.gz", "customer=CustomerID,date=InvoiceDate,document=InvoiceNo,product=StockCode,productName=Description,quantity=Quantity,price=UnitPrice,place=Country")]
    [InlineData("northwind/order-details.csv", "document=orderID,product=productID,quantity=quantity,price=unitPrice,discount=discount")]
    [InlineData("northwind/orders.csv", "customer=customerID,customerName=shipName,date=orderDate,document=orderID,place=shipCountry")]
    [InlineData("cdnow/CDNOW_master.txt", "customer=customer_id,date=date,quantity=number_of_cds,amount=dollar_value")]
    [InlineData("cdnow/CDNOW_sample.txt", "customer=1,date=3,quantity=4,amount=5")]
    [InlineData("apparel_clv/apparelTrans.csv", "customer=Id,date=Date,amount=Price")]
    [InlineData("rfm_reference/rfm_data_orders.csv", "customer=customer_id,date=order_date,amount=revenue")]
    [InlineData("ibm_receivables/WA_Fn-UseC_-Accounts-Receivable.csv", "customer=customerID,date=InvoiceDate,document=invoiceNumber,amount=InvoiceAmount")]
    public void Public_ledgers_are_matched_without_help(string file, string expected)
    {
        using var reader = TableReader.Open(Tables.Shared(file.Split('/')));
        Assert.Equal(expected, Tables.Map(reader, TableFields.Transactions).ToString());
    }

    [Theory]
    [InlineData("Invoice", "customer=CustomerId,date=InvoiceDate,document=InvoiceId,amount=Total,place=BillingCountry")]
    [InlineData("InvoiceLine", "document=InvoiceId,product=TrackId,quantity=Quantity,price=UnitPrice")]
    public void Chinook_is_matched_without_help(string table, string expected)
    {
        using var reader = TableReader.Open(_tables.File(Chinook(table)));
        Assert.Equal(expected, Tables.Map(reader, TableFields.Transactions).ToString());
    }

    [Fact]
    public void Customers_of_Chinook_and_Northwind_are_matched_without_help()
    {
        using var chinook = TableReader.Open(_tables.File(Chinook("Customer")));
        var map = Tables.Map(chinook, TableFields.Customers);
        Assert.StartsWith("number=CustomerId,firstName=FirstName,lastName=LastName,company=Company,phone=Phone,email=Email,country=Country,province=State,city=City,address=Address,postalCode=PostalCode", map.ToString(), StringComparison.Ordinal);
        using var northwind = TableReader.Open(Tables.Shared("northwind", "customers.csv"));
        map = Tables.Map(northwind, TableFields.Customers);
        Assert.Equal("number=customerID,name=companyName,phone=phone,country=country,province=region,city=city,address=address,postalCode=postalCode,contact=contactName,contactTitle=contactTitle", map.ToString());
        Assert.Empty(map.Missing);
    }

    [Theory]
    [InlineData("客户编号,客户名称,下单时间,订单号,商品编码,商品名称,分类,数量,单价,金额,币种,门店,成本价,订单状态", "customer,customerName,date,document,product,productName,category,quantity,price,amount,currency,place,cost,status")]
    [InlineData("会员卡号,姓名,交易时间,小票号,货号,品名,品类,数量,售价,实付金额,币种,省份,成本,状态", "customer,customerName,date,document,product,productName,category,quantity,price,amount,currency,place,cost,status")]
    [InlineData("会员号,销售日期,发票号码,SKU,件数,销售额,地区", "customer,date,document,product,quantity,amount,place")]
    [InlineData("日期,单号,成交金额（元）", "date,document,amount")]
    [InlineData("买家会员名,订单编号,订单付款时间,买家实际支付金额,宝贝标题,宝贝总数量,订单状态,运费", "customer,document,date,amount,productName,quantity,status,-")]
    [InlineData("客户,单据日期,单据编号,存货编码,存货名称,数量,含税单价,价税合计,税额", "customer,date,document,product,productName,quantity,price,amount,-")]
    [InlineData("Order ID,Order Date,Ship Date,Customer ID,Customer Name,Category,Product ID,Product Name,Sales,Quantity,Discount,Profit", "document,date,-,customer,customerName,category,product,productName,amount,quantity,discount,-")]
    [InlineData("household_key,BASKET_ID,DAY,PRODUCT_ID,QUANTITY,SALES_VALUE,STORE_ID", "customer,document,date,product,quantity,amount,place")]
    public void Titles_of_other_systems_are_matched(string header, string fields)
    {
        var titles = header.Split(',');
        var map = ColumnMap.Find(TableFields.Transactions, titles, hasHeader: true, []);
        var found = titles.Select((_, column) => map.Matches.FirstOrDefault(match => match.Column == column)?.Field ?? "-");
        Assert.Equal(fields, string.Join(',', found));
        Assert.Empty(map.Missing);
    }

    [Fact]
    public void Titles_of_customers_are_matched_in_Chinese()
    {
        var titles = "客户编号,客户名称,客户类型,手机,固定电话,邮箱,微信号,省份,城市,区县,详细地址,统一社会信用代码,联系人,备注,创建时间,所属行业".Split(',');
        var map = ColumnMap.Find(TableFields.Customers, titles, hasHeader: true, []);
        Assert.Equal("number,name,kind,category,phone,phone2,email,wechat,province,city,district,address,creditCode,contact,notes,createdAt", string.Join(',', map.Matches.Select(match => match.Field)));
    }

    [Fact]
    public void Nothing_is_matched_on_what_only_looks_alike()
    {
        var map = ColumnMap.Find(TableFields.Transactions, ["employeeID", "shippedDate", "税额", "运费金额", "taxAmount", "Marital Status", "region description"], hasHeader: true, []);
        Assert.Empty(map.Matches);
        Assert.Equal(["date", "amount|price"], map.Missing);
    }

    [Fact]
    public void An_id_that_is_another_in_each_row_is_no_customer()
    {
        var rows = Enumerable.Range(1, 30).Select(i => new[] { $"{i}", "2026-01-03", "5" }).ToList();
        Assert.Equal(-1, ColumnMap.Find(TableFields.Transactions, ["id", "date", "amount"], hasHeader: true, rows)["customer"]);
        rows.Add(["1", "2026-01-04", "6"]);
        Assert.Equal(0, ColumnMap.Find(TableFields.Transactions, ["id", "date", "amount"], hasHeader: true, rows)["customer"]);
    }

    [Fact]
    public void A_person_overrides_by_name_or_position_and_the_mapping_can_be_saved()
    {
        string[] header = ["Kunde", "Tag, lokal", "Total", "Total 2"];
        var map = ColumnMap.Find(TableFields.Transactions, header, hasHeader: true, []).With("customer=kunde,date=\"Tag, lokal\",amount=4");
        Assert.Equal((0, 1, 3), (map["customer"], map["date"], map["amount"]));
        Assert.Equal("customer=Kunde,date=\"Tag, lokal\",amount=Total 2", map.ToString());
        Assert.Equal(map.Matches, ColumnMap.Find(TableFields.Transactions, header, hasHeader: true, []).With(map.ToString()).Matches);
        Assert.Equal(-1, map.With("amount=")["amount"]);
    }

    [Theory]
    [InlineData("amount", "imports.map.syntax")]
    [InlineData("price-ish=1", "imports.map.unknownField")]
    [InlineData("amount=Sum", "imports.map.unknownColumn")]
    [InlineData("amount=3", "imports.map.unknownColumn")]
    [InlineData("amount=b,price=2", "imports.map.twice")]
    public void A_mapping_that_cannot_be_says_why(string spec, string code)
    {
        var map = ColumnMap.Find(TableFields.Transactions, ["a", "b"], hasHeader: true, []);
        Assert.Equal(code, Assert.Throws<ImportException>(() => map.With(spec)).Code);
    }

    private static string Chinook(string table)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Tables.Shared("chinook", "ChinookData.json")));
        var text = new StringBuilder();
        foreach (var row in json.RootElement.GetProperty(table).EnumerateArray())
        {
            if (text.Length == 0)
            {
                text.AppendJoin(',', row.EnumerateObject().Select(cell => cell.Name)).Append('\n');
            }
            text.AppendJoin(',', row.EnumerateObject().Select(cell => "\"" + cell.Value.ToString().Replace("\"", "\"\"", StringComparison.Ordinal) + "\"")).Append('\n');
        }
        return text.ToString();
    }
}
