namespace Huike.Seed;

/// <summary>How large a firm and how long its ledger is.</summary>
/// <param name="Customers">Customers at the end; 1 or more. A demo has 20,000.</param>
/// <param name="Years">Years of transactions up to the last day; 1 or more. A demo has 3.</param>
/// <param name="Lines">About how many lines the ledger shall have (within some 5 %); null: as many as such a firm has, about 15 a customer in 3 years.</param>
public sealed record FirmSize(int Customers, int Years, long? Lines = null);

/// <summary>Kinds of customer (H1).</summary>
public enum SeedKind
{
    /// <summary>个人.</summary>
    Person,

    /// <summary>家庭.</summary>
    Household,

    /// <summary>企业客户.</summary>
    Organisation,

    /// <summary>经销商.</summary>
    Distributor,

    /// <summary>合作伙伴: contracted outlets for installation and repair.</summary>
    Partner,
}

/// <summary>A product of the catalogue.</summary>
/// <param name="Code">Unique, e.g. P01-03.</param>
/// <param name="Name">With its model.</param>
/// <param name="Category">产品类别.</param>
/// <param name="Price">List price on the ledger's first day, in yuan, two decimals.</param>
/// <param name="Cost">Cost of one piece on that day, in yuan, two decimals.</param>
public sealed record SeedProduct(string Code, string Name, string Category, decimal Price, decimal Cost);

/// <summary>A customer's file as the firm entered it.</summary>
/// <param name="Number">Unique, e.g. K0000123, in the order of <paramref name="CreatedAt"/>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Full name.</param>
/// <param name="Phone">National form, unique: 11 digits of a mobile, or 0510-81234567.</param>
/// <param name="Email">Under the reserved domain .example; null: not known.</param>
/// <param name="Province">Division of the first level, full name.</param>
/// <param name="City">Division of the second level; for the four municipalities the same as the province.</param>
/// <param name="District">Division of the third level, or empty.</param>
/// <param name="Address">Street and number.</param>
/// <param name="Category">业务类别; empty for people.</param>
/// <param name="CreditCode">Valid by GB 32100-2015 with the region of its city; null for people.</param>
/// <param name="Contact">Person to talk to and role; null for people.</param>
/// <param name="CreatedAt">Local time; before the ledger's first day for those who came earlier.</param>
public sealed record SeedCustomer(
    string Number, SeedKind Kind, string Name, string Phone, string? Email, string Province, string City, string District,
    string Address, string Category, string? CreditCode, string? Contact, DateTime CreatedAt);

/// <summary>A line of the ledger.</summary>
/// <param name="Customer">Number of the customer; null: walk-in.</param>
/// <param name="At">Local time, to the second; never before the line above.</param>
/// <param name="Document">Lines of one document stand together. S: sale, C: return.</param>
/// <param name="Product">What was bought.</param>
/// <param name="Quantity">Negative on returns; never 0.</param>
/// <param name="Price">List price of one piece on that day (on returns: on the day of the sale), in yuan.</param>
/// <param name="Discount">Share off the price, in [0, 0.5], two decimals.</param>
/// <param name="Place">Outlet, branch, shop on the web or hotline.</param>
/// <param name="Cost">Cost of one piece on that day, in yuan.</param>
public readonly record struct SeedTransaction(
    string? Customer, DateTime At, string Document, SeedProduct Product, int Quantity, decimal Price, decimal Discount, string Place, decimal Cost)
{
    /// <summary>What the line comes to, in yuan, not rounded (at most four decimals).</summary>
    public decimal Amount => Quantity * Price * (1 - Discount);
}
