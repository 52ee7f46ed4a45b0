using Huike.Platform.Events;

namespace Huike.Platform.Rules;

/// <summary>A rule called programs outside: webhooks that want to hear of it are told.</summary>
/// <param name="RuleId">Which rule.</param>
/// <param name="RecordKind">Kind of the record.</param>
/// <param name="RecordId">The record.</param>
public sealed record RuleCalled(long RuleId, string RecordKind, long RecordId) : IEvent
{
    /// <inheritdoc/>
    public static string Kind => "rules.called";

    /// <inheritdoc/>
    public RecordName? About() => new(RecordKind, RecordId);
}
