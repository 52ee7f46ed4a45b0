using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;

namespace Huike.Platform.Rules;

/// <summary>Lets a run that failed be tried once more, by the version of its rule that is in force now.</summary>
internal sealed class RunAgain(JobQueue jobs, AuditLog audit)
{
    /// <returns>Number of the rule.</returns>
    /// <exception cref="RuleException"><c>rules.run.unknown</c>: there is none that failed.</exception>
    public async Task<long> Run(long id, CancellationToken ct)
    {
        var rule = 0L;
        await audit.Change(async connection =>
        {
            rule = await connection.Number("update platform_rule_run set state = 0, tries = 0, ended_at = null, code = '', args = '[]', version = (select version from platform_rule where id = rule_id) where id = @id and state = 2 and record_id > 0 returning rule_id", ct, ("id", id));
            if (rule == 0) { throw new RuleException("rules.run.unknown"); }
            await jobs.AddUnlessWaiting(connection, RunRules.KindName, "{}", "", ct);
            return new AuditEntry("rule.run-again") { Kind = RulesModule.Audited.Name, Record = rule, Changes = [AuditChange.Is("run", id)] };
        }, ct);
        return rule;
    }
}
