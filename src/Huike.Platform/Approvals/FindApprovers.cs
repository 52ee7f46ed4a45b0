using System.Data.Common;
using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Data;

namespace Huike.Platform.Approvals;

/// <summary>Says who decides at each step of a flow, for one asker and amount.</summary>
internal static class FindApprovers
{
    private const int MostAtStep = 50;

    /// <exception cref="RuleException"><c>approvals.noApprover</c>: a step has nobody, and its rule is to refuse; <c>approvals.nobody</c>: no step has anybody.</exception>
    public static async Task<ApprovalRun> Begin(DbConnection connection, FlowDefinition flow, long asker, decimal amount, CancellationToken ct)
    {
        var stations = new List<Station>();
        foreach (var step in flow.Steps.Where(step => step.IsFor(amount)))
        {
            var people = await Of(connection, step, asker, ct);
            if (people.Count > 0) { stations.Add(new(step.Name, step.Mode, [.. people.Select(user => new Seat(user))])); }
        }
        return stations.Count > 0 ? ApprovalRun.Begin(stations) : throw new RuleException("approvals.nobody");
    }

    /// <summary>Numbers of those behind sign-in names who may come in; others are left out.</summary>
    public static async Task<List<long>> Named(DbConnection connection, string names, CancellationToken ct)
    {
        var found = new List<long>();
        foreach (var name in FlowStep.Names(names).Take(MostAtStep))
        {
            if (await connection.Number("select id from platform_user where normalized_user_name = @name and disabled_at is null and kind < 2", ct, ("name", name.ToUpperInvariant())) is var id and > 0) { found.Add(id); }
        }
        return [.. found.Distinct()];
    }

    private static async Task<List<long>> Of(DbConnection connection, FlowStep step, long asker, CancellationToken ct)
    {
        var people = step.By switch
        {
            ApproverBy.People => await Named(connection, step.Who, ct),
            ApproverBy.Role => await connection.Rows($"select u.id from platform_user_role r join platform_user u on u.id = r.user_id where r.role = @role and u.disabled_at is null and u.kind < 2 order by u.id limit {MostAtStep}", row => row.GetInt64(0), ct, ("role", step.Who)),
            _ => await Leaders.Of(connection, asker, above: step.By == ApproverBy.LeaderAbove, exceptUser: false, ct),
        };
        if (people.Contains(asker) && step.Asker != AskerRule.Let)
        {
            people.Remove(asker);
            if (step.Asker == AskerRule.Leader) { people = [.. people.Union(await Leaders.Of(connection, asker, above: false, exceptUser: true, ct))]; }
        }
        if (people.Count > 0 || step.Empty == EmptyRule.Skip) { return people; }
        var named = step.Empty == EmptyRule.Person ? await Named(connection, step.EmptyPerson, ct) : [];
        return named is [var only] && only != asker ? named : throw new RuleException("approvals.noApprover", step.Name);
    }
}
