using Huike.Platform.Data;
using Huike.Platform.Health;

namespace Huike.Platform.Rules;

/// <summary>Do the rules do what they should?</summary>
internal sealed class RulesRun(Database database, TimeProvider clock) : IHealthCheck
{
    public string Title => "health.rules";

    public async Task<Finding> Run(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var on = await connection.Number("select count(*) from platform_rule where is_on = 1", ct);
        if (on == 0) { return new(HealthState.Off, "health.rules.none") { Href = RulesModule.Path, Needs = RulesModule.Manage }; }
        var failed = await connection.Number("select count(*) from platform_rule_run where state = 2 and ended_at >= @since", ct, ("since", clock.GetUtcNow().AddDays(-1)));
        return new(failed > 0 ? HealthState.Warn : HealthState.Good, "health.rules.figure", on, failed) { Do = failed > 0 ? "health.rules.do" : null, Href = RulesModule.Path, Needs = RulesModule.Manage };
    }
}
