namespace Huike.Customers.Contracts;

/// <summary>Loads ledgers and lists of customers for callers without a page: the command line, the demo firm.</summary>
public interface ILoads
{
    /// <summary>Runs a load, or says what it would do.</summary>
    /// <param name="load">What to load.</param>
    /// <param name="progress">Takes the share done, in [0, 1].</param>
    /// <param name="ct">Stops watching; a load that runs as a job goes on.</param>
    /// <returns>Its counts as JSON: rows, accepted, refused, customers, withoutCustomer, documents, returns, duplicates, netSales and more.</returns>
    /// <exception cref="Huike.Platform.RuleException">A rule was broken; or the load failed, with its reason.</exception>
    /// <exception cref="Huike.Platform.Imports.ImportException">The files can't be used.</exception>
    Task<string> Run(FileLoad load, Action<double> progress, CancellationToken ct);
}

/// <summary>Files of this machine to be loaded as one.</summary>
/// <param name="Customers">True for a list of customers, false for a ledger.</param>
/// <param name="Paths">The files.</param>
/// <param name="Columns">Field → column where it is not matched by itself.</param>
public sealed record FileLoad(bool Customers, IReadOnlyList<string> Paths, IReadOnlyDictionary<string, string> Columns)
{
    /// <summary>Name of the system that the files come from.</summary>
    public string Source { get; init; } = "ledger";

    /// <summary>Says what would happen and writes nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Drops all but the first of rows that are equal within a file.</summary>
    public bool DropDuplicates { get; init; }

    /// <summary>Beginning of cancelled documents' numbers; empty: none; null: C, unless most numbers begin so.</summary>
    public string? CancelledPrefix { get; init; }

    /// <summary>What becomes of customers who are there already: <c>update</c> (also where empty), <c>fill</c>, <c>skip</c> or <c>refuse</c>.</summary>
    public string Known { get; init; } = "";

    /// <summary>By what customers are found: <c>number</c>, <c>creditCode</c>, <c>phone</c>, <c>email</c>, or the name of a field of the firm's own.</summary>
    public string Key { get; init; } = "number";

    /// <summary>Who loads.</summary>
    public required string By { get; init; }

    /// <summary>Language of the file of refused rows.</summary>
    public required string Language { get; init; }
}
