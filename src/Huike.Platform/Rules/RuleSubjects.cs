using Huike.Platform.Conditions;

namespace Huike.Platform.Rules;

/// <summary>What rules can be about, when they can begin, and what they can do: as the modules offered it.</summary>
internal sealed class RuleSubjects(IEnumerable<RuleSubject> subjects, IEnumerable<RuleTrigger> triggers, FactBook book)
{
    public IReadOnlyList<RuleSubject> All { get; } = [.. subjects];

    public IReadOnlyList<RuleTrigger> Triggers { get; } = [.. triggers];

    /// <exception cref="RuleException"><c>rules.subject</c>: no such kind of record.</exception>
    public RuleSubject Find(string name) => All.FirstOrDefault(subject => subject.Name == name) ?? throw new RuleException("rules.subject");

    /// <summary>Events by which rules on a subject can begin, its own first.</summary>
    public IEnumerable<RuleTrigger> Of(RuleSubject subject) => Triggers.Where(trigger => trigger.Subject.Length == 0 || trigger.Subject == subject.Name).OrderBy(trigger => trigger.Subject.Length == 0);

    /// <summary>Fields of the module's and of the firm's own, as they are now.</summary>
    public IReadOnlyList<Fact> Fields(RuleSubject subject) => book.Of(subject.Name);
}
