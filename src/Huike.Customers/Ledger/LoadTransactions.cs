using System.Threading.Channels;
using Huike.Customers.Erasures;
using Huike.Platform.Data;
using Huike.Platform.Imports;
using Huike.Platform.Settings;

namespace Huike.Customers.Ledger;

/// <summary>Loads a ledger: one task reads and checks rows while another writes them.</summary>
internal sealed class LoadTransactions(Database database, SettingsStore settings, ErasureList erasures, TimeProvider clock)
{
    private const int BatchSize = 10_000;

    /// <summary>Reads the files and, unless it is a dry run, writes what is new. May be run again after it was cut off, with the same result.</summary>
    /// <param name="request">What to load.</param>
    /// <param name="loadId">The load; 0 for a dry run that is not kept.</param>
    /// <param name="dryRun">Says what would happen and writes nothing.</param>
    /// <param name="refuse">Takes each refused row.</param>
    /// <param name="progress">Takes the share done, in [0, 1].</param>
    /// <param name="ct">Ends the load between two batches.</param>
    /// <exception cref="ImportException">The files can't be read, or a column that is needed is missing.</exception>
    public async Task<LoadOutcome> Run(LoadRequest request, long loadId, bool dryRun, Action<TableReader, Refusal> refuse, Action<double> progress, CancellationToken ct)
    {
        var plan = LoadPlan.Make(request);
        var ledgers = plan.Ledgers();
        var parser = new LedgerParser(request.Source, plan.Rules(await settings.Get<FirmSettings>(ct)), request.DropDuplicates, refuse);
        ILedgerTable table = database.Kind == DatabaseKind.Postgres ? new PostgresLedgerTable() : new SqliteLedgerTable();
        await using var writer = new LedgerWriter(database, table, loadId, clock, await HasTransactions(ct), dryRun) { Erased = await ErasedNumbers.Read(database, erasures, ct) };
        await Pump(parser, ledgers, writer, progress, ct);
        var tally = parser.Tally.Result(parser.Customers);
        return new()
        {
            Rows = tally.Rows,
            Accepted = tally.Accepted,
            Refused = tally.Refused,
            Customers = tally.Customers,
            WithoutCustomer = tally.WithoutCustomer,
            Documents = tally.Documents,
            Returns = tally.Returns,
            ReturnsWithCustomer = tally.ReturnsWithCustomer,
            Duplicates = tally.Duplicates,
            NetSales = tally.NetSales,
            Added = writer.Added,
            Known = writer.Known,
            NewCustomers = dryRun ? writer.NewCustomers : await MadeBy(loadId, ct),
        };
    }

    /// <summary>
    /// Of three batches one is filled, one waits and one is written: memory stays what three batches take. Reading and writing have a thread each, and keep it:
    /// what SQLite takes on one thread and gives back on another stays with the process, tens of megabytes of pages for each thread.
    /// </summary>
    private static async Task Pump(LedgerParser parser, IReadOnlyList<LedgerFile> ledgers, LedgerWriter writer, Action<double> progress, CancellationToken ct)
    {
        var full = Channel.CreateBounded<LedgerBatch>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
        var empty = Channel.CreateUnbounded<LedgerBatch>();
        empty.Writer.TryWrite(new(BatchSize));
        empty.Writer.TryWrite(new(BatchSize));
        empty.Writer.TryWrite(new(BatchSize));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = OnThread(() =>
        {
            try
            {
                parser.Read(ledgers, batch => Exchange(batch, full.Writer, empty.Reader, stop.Token), stop.Token);
                full.Writer.Complete();
            }
            // Handed to the writing side, which throws it on.
            catch (Exception failure)
            {
                full.Writer.Complete(failure);
            }
        });
        try
        {
            await OnThread(() => WriteAll(writer, full.Reader, empty.Writer, progress, ct));
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    /// <summary>Writes each batch as it comes and gives it back to be filled again.</summary>
    private static void WriteAll(LedgerWriter writer, ChannelReader<LedgerBatch> full, ChannelWriter<LedgerBatch> empty, Action<double> progress, CancellationToken ct)
    {
        while (Wait(full.WaitToReadAsync(ct).AsTask()))
        {
            if (!full.TryRead(out var batch)) { continue; }
            Wait(writer.Begin(ct));
            Wait(writer.Write(batch, ct));
            progress(batch.Progress);
            batch.Clear();
            empty.TryWrite(batch);
        }
        Wait(writer.Complete(ct));
    }

    private static Task OnThread(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static LedgerBatch Exchange(LedgerBatch? batch, ChannelWriter<LedgerBatch> full, ChannelReader<LedgerBatch> empty, CancellationToken ct)
    {
        if (batch is not null) { Wait(full.WriteAsync(batch, ct).AsTask()); }
        return Wait(empty.ReadAsync(ct).AsTask());
    }

    /// <summary>Counted at the end: a load that was cut off finds customers of its own there already.</summary>
    private async Task<long> MadeBy(long loadId, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number("select count(*) from customers_customer where load_id = @load", ct, ("load", loadId));
    }

    private async Task<bool> HasTransactions(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number("select count(*) from (select 1 from customers_transaction limit 1) t", ct) > 0;
    }
}
