using System.Text.Json;
using Huike.Platform;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Huike.Customers.Ledger;

/// <summary>What a load brings.</summary>
internal enum LoadKind
{
    Transactions = 1,
    Customers = 2,
}

/// <summary>Where a load stands.</summary>
internal enum LoadState
{
    /// <summary>Files are there, columns may be corrected.</summary>
    Draft = 0,

    /// <summary>A dry run is under way.</summary>
    Checking = 1,

    /// <summary>The dry run said what would happen.</summary>
    Checked = 2,

    /// <summary>Being written.</summary>
    Loading = 3,

    Done = 4,
    Failed = 5,
    Undoing = 6,
    Undone = 7,
}

/// <summary>导入: files loaded as one, that can be undone as one.</summary>
internal sealed class Load
{
    public Load(LoadRequest request, string by, DateTimeOffset now)
    {
        Kind = request.Kind;
        Source = request.Source;
        Request = JsonSerializer.Serialize(request);
        CreatedBy = by;
        CreatedAt = now;
    }

    // For Entity Framework.
    private Load()
    {
    }

    public long Id { get; private set; }

    public LoadKind Kind { get; private set; }

    /// <summary>Name of the system that the files come from; equal rows of one source are the same row.</summary>
    public string Source { get; private set; } = "";

    public LoadState State { get; private set; }

    /// <summary>A <see cref="LoadRequest"/> as JSON.</summary>
    public string Request { get; private set; } = "";

    /// <summary>A <see cref="LoadOutcome"/> as JSON; empty before the first run.</summary>
    public string Outcome { get; private set; } = "";

    public long? JobId { get; private set; }

    /// <summary>No transaction of this load has a smaller id.</summary>
    public long FirstTransactionId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public string CreatedBy { get; private set; } = "";

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Corrects columns or choices before anything was written.</summary>
    /// <exception cref="RuleException"><c>load.begun</c>.</exception>
    public void Correct(LoadRequest request)
    {
        if (State is not (LoadState.Draft or LoadState.Checked or LoadState.Failed)) { throw new RuleException("load.begun"); }
        Request = JsonSerializer.Serialize(request);
        Source = request.Source;
        State = LoadState.Draft;
    }

    /// <summary>Starts a run in the background.</summary>
    /// <exception cref="RuleException"><c>load.running</c>: one is under way; <c>load.notDone</c>: nothing to undo; <c>load.begun</c>: loaded already.</exception>
    public void Begin(LoadState phase, long jobId, long firstTransactionId)
    {
        if (State is LoadState.Checking or LoadState.Loading or LoadState.Undoing) { throw new RuleException("load.running"); }
        if (phase == LoadState.Undoing && State is not (LoadState.Done or LoadState.Failed)) { throw new RuleException("load.notDone"); }
        if (phase != LoadState.Undoing && State is LoadState.Done or LoadState.Undone) { throw new RuleException("load.begun"); }
        State = phase;
        JobId = jobId;
        // What an earlier try wrote is its own too, and goes when it is undone.
        if (phase == LoadState.Loading && FirstTransactionId == 0) { FirstTransactionId = firstTransactionId; }
    }

    /// <summary>Keeps what a run came to.</summary>
    public void End(LoadOutcome outcome, DateTimeOffset now)
    {
        State = State switch
        {
            LoadState.Checking => LoadState.Checked,
            LoadState.Undoing => LoadState.Undone,
            _ => LoadState.Done,
        };
        Outcome = JsonSerializer.Serialize(outcome);
        FinishedAt = now;
    }

    /// <summary>A run was cancelled: as if it had not been asked for.</summary>
    /// <param name="before">As it stood before the run.</param>
    /// <param name="isEmptied">Whether all that it ever wrote was taken back.</param>
    public void Cancel(LoadState before, bool isEmptied) => State = isEmptied && before == LoadState.Failed ? LoadState.Draft : before;

    /// <summary>The run ended badly. What was written stays until it is undone or run again.</summary>
    public void Fail(DateTimeOffset now)
    {
        State = LoadState.Failed;
        FinishedAt = now;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Load>
    {
        public void Configure(EntityTypeBuilder<Load> builder)
        {
            builder.ToTable("customers_load");
            builder.Property(load => load.Kind).HasConversion<short>();
            builder.Property(load => load.State).HasConversion<short>();
        }
    }
}
