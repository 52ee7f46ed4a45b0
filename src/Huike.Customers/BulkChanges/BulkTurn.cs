using System.Data.Common;
using System.Globalization;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;

namespace Huike.Customers.BulkChanges;

/// <summary>Some customers of a bulk change that are being done, held until the transaction ends.</summary>
/// <param name="Connection">Holds the transaction.</param>
/// <param name="Change">The whole.</param>
/// <param name="Access">What its asker may do now.</param>
/// <param name="Viewer">Which customers and fields he may see.</param>
/// <param name="Now">The present instant.</param>
internal sealed record BulkTurn(DbConnection Connection, BulkChange Change, UserAccess Access, Viewer Viewer, DateTimeOffset Now)
{
    /// <summary>What the audit is told at the end.</summary>
    public List<AuditEntry> Entries { get; } = [];

    public (DateTimeOffset At, string By) When => (Now, Change.By);

    /// <summary>Numbers of ours as a list of SQL: nothing foreign gets into the text.</summary>
    public static string List(IEnumerable<long> ids) => string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)).DefaultIfEmpty("-1"));
}

/// <summary>A customer who is to be changed.</summary>
/// <param name="Id">Number.</param>
/// <param name="Customer">The file; of one in the bin only its number and name.</param>
/// <param name="OwnerId">Who looks after him; null: nobody.</param>
/// <param name="IsBinned">Whether he is in the bin.</param>
/// <param name="Refusal">Why the asker may not: a text key; null: he may.</param>
internal sealed record BulkTarget(long Id, NewCustomer Customer, long? OwnerId, bool IsBinned, string? Refusal);

/// <summary>What is to be done with a customer, or why it is not.</summary>
/// <param name="Target">Whom.</param>
/// <param name="Changes">Fields as they are and as they are to be; empty: nothing is to be done.</param>
/// <param name="Reason">Why he is left out: a text key, and behind a bar what its placeholder shows; null: he is not.</param>
internal sealed record BulkDecision(BulkTarget Target, IReadOnlyList<AuditChange> Changes, string? Reason)
{
    public BulkState State => Reason is not null ? BulkState.LeftOut : Changes.Count > 0 ? BulkState.Done : BulkState.Same;
}

/// <summary>A thing that can be done to many customers: what it wants, what is, and how it is written in a few statements for all of them.</summary>
internal interface IBulkVerb
{
    bool Does(BulkVerb verb);

    /// <summary>What is wanted of each: field and new value; the same again undoes it with old and new changed over.</summary>
    /// <exception cref="Huike.Platform.RuleException">It can't be meant, or not by this asker.</exception>
    Task<IReadOnlyList<(string Field, string? New)>> Wanted(DbConnection connection, BulkWish wish, Viewer viewer, UserAccess access, CancellationToken ct);

    /// <summary>Value of a field as it is: customer and field → value.</summary>
    Task<Func<BulkTarget, string, string?>> Now(DbConnection connection, IReadOnlyList<BulkTarget> targets, CancellationToken ct);

    /// <summary>Which of them a rule keeps as they are: customer → reason.</summary>
    Task<Dictionary<long, string>> Refused(DbConnection connection, IReadOnlyList<BulkDecision> decisions, CancellationToken ct);

    /// <summary>Writes them, with histories and events, and tells the turn what the audit shall say.</summary>
    Task Write(BulkTurn turn, IReadOnlyList<BulkDecision> decisions, CancellationToken ct);
}
