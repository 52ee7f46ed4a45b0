using System.Data.Common;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;

namespace Huike.Platform.Rules;

/// <summary>Does the acts of a rule on one record, in whatever transaction the caller holds.</summary>
internal sealed class RuleWork(RuleSubjects subjects, IEnumerable<IRuleActs> doers, Database database, CurrentActor actor, RuleRuns runs)
{
    /// <summary>Kinds of act that rules on a subject have.</summary>
    public IEnumerable<RuleActKind> Kinds(RuleSubject subject) => Doers(subject).SelectMany(doer => doer.Kinds);

    /// <param name="rule">The version that counts.</param>
    /// <param name="run">Number of the run; 0 where it is only tried.</param>
    /// <param name="record">The record.</param>
    /// <param name="trail">Rules that led to it.</param>
    /// <param name="ct">Ends the work.</param>
    /// <exception cref="RuleException">An act could not be done; the caller takes the others back. <c>rules.record.gone</c>: there is no such record any more.</exception>
    public async Task Run(Rule rule, long run, long record, IReadOnlyList<long> trail, CancellationToken ct)
    {
        actor.Become(RuleTrail.Name(trail, rule.Id));
        var subject = subjects.Find(rule.Subject);
        var fields = subjects.Fields(subject);
        var (_, today, zone) = await runs.Day(ct);
        await using var connection = await database.Open(ct);
        if (await connection.Number($"select count(*) from {subject.From} where c.id = @id and {subject.Where}", ct, ("id", record)) == 0) { throw new RuleException("rules.record.gone"); }
        var turn = new RuleTurn(rule.Id, rule.Name, run, subject, record, connection)
        {
            Fields = fields,
            Today = today,
            Fill = text => RuleText.Fill(text, connection, subject, fields, record, (TextCatalog.For(rule.Definition.Language), zone), ct),
            Next = async () => await connection.Number("update platform_rule set turn = turn + 1 where id = @id returning turn", ct, ("id", rule.Id)) is var turns and > 0 ? turns - 1 : 0,
            People = who => RulePeople.Find(connection, subject, record, who, ct),
        };
        foreach (var (i, act) in rule.Definition.Acts.Index())
        {
            var doer = Doers(subject).FirstOrDefault(one => one.Kinds.Any(kind => kind.Name == act.Kind)) ?? throw new RuleException("rules.act.wrong", act.Kind);
            await doer.Run(act, turn with { Act = i }, ct);
        }
    }

    private IEnumerable<IRuleActs> Doers(RuleSubject subject) => doers.Where(doer => doer.Subject.Length == 0 || doer.Subject == subject.Name);
}
