namespace Huike.Customers.Contracts;

/// <summary>Kinds of customer (H1).</summary>
public enum CustomerKind
{
    /// <summary>未注明: a ledger named the customer by number alone.</summary>
    Unknown = 0,

    /// <summary>个人.</summary>
    Person = 1,

    /// <summary>家庭.</summary>
    Household = 2,

    /// <summary>企业客户.</summary>
    Organisation = 3,

    /// <summary>经销商.</summary>
    Distributor = 4,

    /// <summary>合作伙伴.</summary>
    Partner = 5,
}
