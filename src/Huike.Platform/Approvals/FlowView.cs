namespace Huike.Platform.Approvals;

/// <summary>Flows for a page, held for the request.</summary>
internal sealed class FlowView
{
    public IReadOnlyList<ApprovalFlow> Flows { get; set; } = [];

    /// <summary>The one that is shown.</summary>
    public ApprovalFlow Shown { get; set; } = ApprovalFlow.New;
}
