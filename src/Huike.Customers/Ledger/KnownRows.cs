namespace Huike.Customers.Ledger;

/// <summary>What becomes of a row whose customer is there already.</summary>
internal enum KnownRows
{
    /// <summary>The file is brought up to date: what the row holds counts.</summary>
    Update = 0,

    /// <summary>Only what is empty is filled in.</summary>
    Fill = 1,

    /// <summary>It stays as it is.</summary>
    Skip = 2,

    /// <summary>The row comes back: only new customers are added.</summary>
    Refuse = 3,
}

/// <summary>What a file of a list holds.</summary>
internal enum LoadPart
{
    /// <summary>Customers, a row or several each.</summary>
    Customers = 0,

    /// <summary>Contacts of customers who stand in another file, or are there already.</summary>
    People = 1,

    /// <summary>It is left out.</summary>
    None = 2,
}
