using Huike.Platform.Data;
using Huike.Platform.Imports;
using Huike.Ui;

namespace Huike.Customers.Ledger;

/// <summary>Runs a load of either kind and keeps the rows that it refuses beside the data.</summary>
internal sealed class LoadFiles(Database database, LoadTransactions transactions, LoadCustomers customers)
{
    /// <summary>Folder of files that were sent in and of refused rows.</summary>
    public string Folder => Path.Combine(database.DataFolder, "loads");

    /// <summary>Runs a load, or says what it would do.</summary>
    /// <param name="request">What to load.</param>
    /// <param name="loadId">The load; 0 for a dry run that is not kept.</param>
    /// <param name="dryRun">Says what would happen and writes nothing to the database.</param>
    /// <param name="progress">Takes the share done, in [0, 1].</param>
    /// <param name="ct">Ends the load between two batches.</param>
    /// <exception cref="ImportException">The files can't be read, or a column that is needed is missing.</exception>
    public async Task<LoadOutcome> Run(LoadRequest request, long loadId, bool dryRun, Action<double> progress, CancellationToken ct)
    {
        var refused = new RefusedFiles(Folder, $"refused-{(loadId > 0 ? loadId : Guid.CreateVersion7())}", TextCatalog.For(request.Language));
        LoadOutcome outcome;
        using (refused)
        {
            outcome = request.Kind == LoadKind.Transactions
                ? await transactions.Run(request, loadId, dryRun, refused.Add, progress, ct)
                : await customers.Run(request, loadId, dryRun, refused.Add, progress, ct);
        }
        return outcome with { RefusedFiles = refused.Names, RefusedSample = refused.Samples };
    }
}
