namespace Huike.Platform.Imports;

/// <summary>One thing that a column can hold.</summary>
/// <param name="Name">Its name in mappings, as in <c>--map date=下单时间</c>.</param>
/// <param name="Synonyms">Titles that mean it, surest first, in the normal form of <see cref="TableFields.Normal"/>.</param>
/// <param name="Hints">Titles that may mean it where nothing else does.</param>
public sealed record TableField(string Name, IReadOnlyList<string> Synonyms, IReadOnlyList<string> Hints);

/// <summary>The things that the columns of one kind of table can hold.</summary>
public sealed class TableFields
{
    private static readonly string[] Unlike =
        ["tax", "vat", "ship", "freight", "delivery", "refund", "parent", "tip", "税", "运费", "退款", "退货", "上次", "最近", "预", "原", "marital", "employment", "计划", "送货", "发货", "应收日", "到期"];

    private static readonly string[] NoEndings = ["description", "status", "number", "account", "article", "receipt", "document", "company", "customer", "client", "segment"];

    /// <summary>Contacts in columns of their own besides the first.</summary>
    private const int FurtherContacts = 2;

    private TableFields(string name, params (string Name, string Synonyms)[] fields)
    {
        Name = name;
        Fields = [.. fields.Select(field =>
        {
            var titles = field.Synonyms.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return new TableField(field.Name, [.. titles.Where(title => title[0] != '?')], [.. titles.Where(title => title[0] == '?').Select(title => title[1..])]);
        })];
    }

    /// <summary>A ledger of sales: one row per document or per line of one. Needs a date and an amount, or a price (a missing quantity is 1).</summary>
    public static TableFields Transactions { get; } = new(
        "transactions",
        ("customer", """
            customerid customerno customernumber customercode customerkey custid custno custcode customeruniqueid clientid clientno memberid memberno membernumber cardno cardnumber
            userid accountid accountno buyerid householdkey householdid shopperid visitorid partyid 客户编号 客户号 客户代码 客户编码 客户id 会员号 会员编号 会员卡号 会员id 会员编码 卡号
            顾客编号 顾客id 用户id 用户编号 买家id 买家会员名 买家昵称 下单帐号 下单账号 购货单位编码 customer client cust member buyer user account 客户 会员 顾客 买家 用户 购货单位
            往来单位 customeremail email 手机号 手机号码 会员手机 会员手机号 联系电话 ?id
            """),
        ("customerName", """
            customername clientname membername buyername custname accountname companyname billingname ?shipname 客户名称 客户姓名 会员姓名 会员名称 顾客姓名 顾客名称 买家姓名
            ?收货人姓名 ?收货人 购货单位名称 单位名称 公司名称 姓名 customer client 客户 会员 顾客 ?name
            """),
        ("date", """
            dateandtime datetimeofsale orderdate invoicedate transactiondate purchasedate salesdate saledate orderdatetime transactiondatetime invoicedatetime orderedat purchasedat paidat orderedon
            orderpurchasetimestamp transactiontime ordertime purchasetime documentdate postingdate billdate docdate 下单时间 下单日期 订单日期 订单时间 交易时间 交易日期 销售日期 销售时间
            成交时间 成交日期 订单创建时间 付款时间 支付时间 订单付款时间 消费时间 消费日期 购买时间 购买日期 单据日期 业务日期 开票日期 发票日期 出库日期 记账日期 过账日期 结账时间
            transactiondt date datetime timestamp createdat createdon created 日期 日期时间 创建时间 创建日期 ?day ?at
            """),
        ("time", "time timeofday hour 时间 时刻 ?transactiontime ?ordertime ?交易时间 ?销售时间 ?下单时间"),
        ("document", """
            invoiceno invoiceid invoicenumber invoice orderid orderno ordernumber order salesorderid salesordernumber transactionid transactionno receiptno receiptid receipt basketid
            documentno documentnumber documentid document billno billnumber voucherno ticketno ticketid docno 订单号 订单编号 订单id 单号 单据号 单据编号 小票号 小票 流水号 交易号
            交易流水号 交易编号 发票号码 发票号 销售单号 出库单号 销售订单号 主订单编号
            """),
        ("product", """
            productid productcode productno productkey productnumber stockcode sku skuid skucode itemid itemcode itemno itemnumber articleno articleid articlecode article materialno trackid asin
            upc barcode ean gtin 商品编码 商品编号 商品代码 商品id 货号 产品编码 产品编号 产品代码 产品id 物料编码 物料号 存货编码 条码 商品条码 sku编码 规格编码 外部系统编号 product item
            商品 产品 货品 物料
            """),
        ("productName", """
            productname productdescription itemname itemdescription description lineitemname producttitle title articlename trackname 商品名称 商品名 品名 产品名称 产品名 货品名称 物料名称
            存货名称 宝贝标题 商品标题 宝贝名称 product item 商品 产品 货品
            """),
        ("category", """
            category productcategory categoryname productgroup itemcategory itemgroup department productline producttype productsubclass genre 分类 品类 类别 商品分类 商品类别 产品类别
            产品分类 大类 一级分类 类目 商品类目 品类名称 存货分类 subcategory
            """),
        ("quantity", """
            quantity qty orderquantity quantityordered orderqty lineitemquantity unitssold units numberofcds numberofitems itemcount salesquantity salesqty pieces pcs 数量 销售数量 购买数量
            订购数量 件数 销量 商品数量 宝贝总数量 购买件数 实发数量 出库数量 销售件数 ?count
            """),
        ("price", """
            unitprice price salesprice saleprice sellingprice priceeach itemprice lineitemprice unitamount listprice 单价 售价 销售单价 含税单价 商品单价 成交价 成交单价 实际单价 销售价 价格
            京东价 零售价
            """),
        ("amount", """
            netsales netamount salesamount salesvalue totalamount totalprice orderamount ordertotal ordervalue lineamount linetotal extendedprice extendedamount totalsales grandtotal dollarvalue
            amount revenue turnover sales paymentvalue paymentamount spend subtotal total 实付金额 实收金额 实际支付金额 买家实际支付金额 实付款 实付 成交金额 销售金额 销售额 交易金额
            订单金额 支付金额 消费金额 结算金额 价税合计 含税金额 应付金额 金额 总额 总价 总金额 合计 小计 营业额 成交额 货款 ?value
            """),
        ("discount", "discount discountamount discountrate discountpercent disc rebate 折扣 折扣率 优惠 优惠金额 折扣金额 折扣额"),
        ("currency", "currency currencycode currencyid curr 币种 货币 币别 结算币种"),
        ("place", """
            store storename storeid storecode shop shopname branch branchname outlet location salesregion city country province region state territory billingcountry shipcountry shippingcountry
            billingcity shipcity shippingcity customercity customerstate customercountry countryname place 门店 门店名称 店铺 店铺名称 店名 分店 网点 城市 省份 地区 区域 省 市 省市
            国家 收货城市 收货省份 销售区域 销售地区 地点
            """),
        ("cost", """
            cost unitcost costprice costofgoods costofgoodssold cogs totalcost standardcost costamount 成本 成本价 单位成本 成本单价 成本金额 进价 进货价 采购价
            """),
        ("status", """
            orderstatus status documentstatus financialstatus transactiontype ordertype 订单状态 状态 交易状态 单据状态 售后状态 退款状态 单据类型
            """));

    /// <summary>A list of customers. Needs a number or a name.</summary>
    public static TableFields Customers { get; } = new("customers",
    [
        ("number", """
            customerid customerno customernumber customercode customerkey custid custno loyaltynumber memberid memberno cardno clientid userid accountid accountno 客户编号 客户号 客户代码 客户编码 客户id 会员号
            会员编号 会员卡号 会员id 卡号 顾客编号 用户id 用户编号 number code 编号 编码 代码 ?id
            """),
        ("name", """
            customername clientname membername fullname accountname name custname displayname companyname 客户名称 客户姓名 会员姓名 会员名称 顾客姓名 姓名 名称 公司名称 企业名称 单位名称
            customer client company 客户 单位 企业 公司 昵称
            """),
        ("firstName", "firstname givenname forename 名"),
        ("lastName", "lastname surname familyname 姓"),
        ("company", "company organisation organization employer 公司 单位 工作单位 所属公司 ?companyname ?公司名称 ?企业名称"),
        ("kind", "customertype type kind customerkind accounttype 客户类型 类型 客户性质 性质 客户类别"),
        ("category", "category industry sector segment customercategory businesscategory businesstype 业务类别 类别 行业 客户分类 分类 所属行业 客户行业 客户群"),
        ("phone", """
            phone mobile mobilephone phonenumber telephone tel cell cellphone mobileno phoneno contactphone phone1 手机 手机号 手机号码 电话 联系电话 电话号码 移动电话 联系方式 联系手机 会员手机
            """),
        ("phone2", "phone2 homephone workphone officephone otherphone telephone2 secondaryphone telephone tel 固定电话 座机 办公电话 备用电话 电话2 其他电话 固话 电话"),
        ("email", "email emailaddress mail mailaddress 邮箱 电子邮箱 电子邮件 邮件 email地址 邮箱地址"),
        ("wechat", "wechat weixin wechatid 微信 微信号"),
        ("country", "country countryname countryregion 国家 国家地区"),
        ("province", "province state region stateprovince administrativearea 省份 省 省级 所在省 所在省份"),
        ("city", "city town 城市 市 地市 所在城市 所在市"),
        ("district", "district county 区县 区 县 县区 所在区"),
        ("street", "subdistrict township 街道 乡镇 街道乡镇 镇"),
        ("address", "address streetaddress street address1 addressline1 fulladdress 地址 详细地址 联系地址 通讯地址 注册地址 街道地址"),
        ("addressUse", "addresstype addressuse addresskind 地址类型 地址用途"),
        ("deliveryAddress", "deliveryaddress shippingaddress 收货地址 送货地址 收货信息 收件地址"),
        ("postalCode", "postalcode postcode zip zipcode 邮编 邮政编码"),
        ("creditCode", "creditcode unifiedsocialcreditcode socialcreditcode taxid taxnumber vatnumber registrationnumber 统一社会信用代码 信用代码 社会信用代码 税号 纳税人识别号"),
        ("invoiceTitle", "invoicetitle 发票抬头 开票名称 抬头"),
        ("invoiceTax", "invoicetaxnumber 发票税号 开票税号"),
        ("invoiceBank", "bank bankname 开户行 开户银行"),
        ("invoiceAccount", "bankaccount bankaccountnumber 银行账号 银行帐号 账号"),
        ("contact", "contactname contact contactperson contact1 contactname1 contact1name 联系人 联系人姓名 主要联系人 联系人1 联系人1姓名 联系人姓名1"),
        ("contactTitle", "contacttitle contactposition jobtitle contacttitle1 contact1title 职务 职位 联系人职务 联系人职位 联系人1职务 联系人职务1"),
        ("contactRole", "contactrole contactrole1 contact1role 联系人角色 角色 联系人1角色"),
        ("contactPhone", "contactphone contactmobile contactphone1 contact1phone 联系人电话 联系人手机 联系人手机号 联系人1电话 联系人电话1 联系人1手机"),
        ("contactEmail", "contactemail contactemail1 contact1email 联系人邮箱 联系人1邮箱 联系人邮箱1"),
        ("contactWechat", "contactwechat contact1wechat 联系人微信 联系人1微信"),
        ("contactBirthday", "contactbirthday birthday birthdate dateofbirth dob 生日 出生日期 联系人生日 联系人1生日"),
        .. Enumerable.Range(2, FurtherContacts).SelectMany(Numbered),
        ("owner", "owner ownername salesperson accountmanager accountowner salesrep 负责人 归属人 客户负责人 业务员 客户经理 所属销售 跟进人"),
        ("tags", "tags tag labels 标签 客户标签"),
        ("consentPurpose", "consentpurpose purpose 同意事项 授权用途 同意用途 授权事项 处理目的"),
        ("consentChannel", "consentchannel 同意渠道 授权渠道 触达渠道"),
        ("consentState", "consent consentstate consentstatus optin 同意状态 授权状态 是否同意 营销同意 是否授权"),
        ("consentAt", "consentdate consentat consenton optindate 同意日期 授权日期 同意时间 授权时间"),
        ("consentWay", "consentway consentsource optinsource 同意方式 授权方式 同意来源 授权来源"),
        ("consentProof", "consentproof consentevidence 同意凭证 授权凭证 同意证据"),
        ("notes", "notes note remarks remark comment comments memo 备注 说明 附注"),
        ("createdBy", "createdby creator author 创建人 录入人 建档人 创建者"),
        ("createdAt", """
            createdat created createdon createdate creationdate registeredat registrationdate signupdate joindate enrolmentdate customersince 创建时间 创建日期 建档日期 建档时间 注册时间 注册日期 入会时间
            入会日期 开户日期 开卡日期
            """)
    ]);

    /// <summary>A list of contacts of customers who stand elsewhere, by the same names of fields. Needs the customer's number or name, and the contact's name.</summary>
    public static TableFields People { get; } = new(
        "people",
        ("number", "customerid customerno customernumber customercode custid clientid 客户编号 客户号 客户代码 客户编码 客户id 会员号 所属客户编号 number code 编号 编码"),
        ("name", "customername clientname customer client company companyname accountname account 客户名称 所属客户 客户 公司名称 公司 单位 单位名称 企业名称"),
        ("contact", "contactname contact contactperson fullname name person 联系人 联系人姓名 姓名 名称 主要联系人"),
        ("contactTitle", "title jobtitle position post contacttitle 职务 职位 岗位 联系人职务"),
        ("contactRole", "role contactrole 角色 联系人角色"),
        ("contactPhone", "phone mobile mobilephone phonenumber telephone tel cell contactphone 手机 手机号 手机号码 电话 联系电话 电话号码 联系方式 联系人电话 联系人手机"),
        ("contactEmail", "email emailaddress mail contactemail 邮箱 电子邮箱 电子邮件 邮件 联系人邮箱"),
        ("contactWechat", "wechat weixin wechatid 微信 微信号 联系人微信"),
        ("contactBirthday", "birthday birthdate dateofbirth dob 生日 出生日期"));

    /// <summary>A list of products. Needs a number.</summary>
    public static TableFields Products { get; } = new("products", [.. Transactions.Fields.Where(field => field.Name is "product" or "category" or "cost")]);

    private static (string, string)[] Numbered(int number) =>
    [
        ($"contact{number}", $"contact{number} contactname{number} contact{number}name 联系人{number} 联系人{number}姓名 联系人姓名{number}"),
        ($"contact{number}Title", $"contacttitle{number} contact{number}title 联系人{number}职务 联系人职务{number} 职务{number}"),
        ($"contact{number}Phone", $"contactphone{number} contact{number}phone 联系人{number}电话 联系人电话{number} 联系人{number}手机"),
        ($"contact{number}Email", $"contactemail{number} contact{number}email 联系人{number}邮箱 联系人邮箱{number}"),
    ];

    private TableFields(string name, IReadOnlyList<TableField> fields) => (Name, Fields) = (name, fields);

    /// <summary>The same table with more things that its columns can hold.</summary>
    public TableFields With(IEnumerable<TableField> more) => new(Name, [.. Fields, .. more]);

    /// <summary>Name of the kind of table, as on the command line.</summary>
    public string Name { get; }

    /// <summary>What its columns can hold, in the order in which a mapping is shown.</summary>
    public IReadOnlyList<TableField> Fields { get; }

    /// <summary>A title without case, blanks, punctuation, brackets and what they hold, in half-width characters: "Customer ID", "customer_id" and "CustomerId" are one.</summary>
    public static string Normal(string title)
    {
        Span<char> half = stackalloc char[64];
        half = half[..Cell.HalfWidth(title, half)];
        Span<char> kept = stackalloc char[64];
        int count = 0, depth = 0;
        foreach (var c in half)
        {
            depth += c is '(' or '[' or '【' ? 1 : c is ')' or ']' or '】' ? -1 : 0;
            if (depth <= 0 && char.IsLetterOrDigit(c))
            {
                kept[count++] = char.ToLowerInvariant(c);
            }
        }
        return kept[..count].ToString();
    }

    /// <summary>The title means one of the fields of some table.</summary>
    internal static bool Knows(string title)
    {
        var normal = Normal(title);
        return Transactions.Fields.Concat(Customers.Fields).Any(field => field.Synonyms.Contains(normal, StringComparer.Ordinal) || field.Hints.Contains(normal, StringComparer.Ordinal));
    }

    /// <summary>A title that ends with this name probably means its field.</summary>
    internal static bool IsEnding(string synonym) => synonym.Length >= (char.IsAscii(synonym[^1]) ? 6 : 2) && !NoEndings.Contains(synonym, StringComparer.Ordinal);

    /// <summary>The title is that of something else although it ends like a field's: a tax amount is no amount.</summary>
    internal static bool IsUnlike(string normal) => Unlike.Any(part => normal.StartsWith(part, StringComparison.Ordinal));
}
