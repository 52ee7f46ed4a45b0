using Huike.Platform.Events;

namespace Huike.Platform.Approvals;

/// <summary>An approval has ended: the module whose record it was about acts on it.</summary>
/// <param name="ApprovalId">Number of the approval.</param>
/// <param name="SubjectKind">What it was about, as it was asked; <see cref="ApprovalsModule.Request"/> for a request that stands for itself.</param>
/// <param name="SubjectId">Number of the record; 0 where it stands for itself.</param>
/// <param name="Outcome">Approved, rejected or withdrawn.</param>
public sealed record ApprovalDecided(long ApprovalId, string SubjectKind, long SubjectId, ApprovalState Outcome) : IEvent
{
    /// <inheritdoc/>
    public static string Kind => "platform.approval-decided";

    /// <inheritdoc/>
    public RecordName? About() => null;
}
