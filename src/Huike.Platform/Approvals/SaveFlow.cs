using System.Globalization;
using Huike.Platform.Access.Roles;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Approvals;

/// <summary>A flow as somebody filled it in.</summary>
/// <param name="Name">1 to 60 characters.</param>
/// <param name="IsOn">Whether one can ask by it.</param>
/// <param name="Version">The version that was shown; 0 for a new flow.</param>
/// <param name="Definition">Its steps.</param>
internal sealed record FlowInput(string Name, bool IsOn, int Version, FlowDefinition Definition)
{
    /// <summary>Steps without a name are none.</summary>
    /// <exception cref="RuleException"><c>approvals.flow.wrong</c>: a choice or amount that isn't one.</exception>
    public static FlowInput Read(IFormCollection form)
    {
        var steps = new List<FlowStep>();
        for (var i = 0; i < FlowDefinition.MostSteps; i++)
        {
            var name = form[$"step{i}-name"].ToString().Trim();
            if (name.Length == 0) { continue; }
            steps.Add(new(name, Chosen<ApproverBy>(form[$"step{i}-by"]), form[$"step{i}-who"].ToString().Trim(), Chosen<StationMode>(form[$"step{i}-mode"]), Amount(form[$"step{i}-from"]), Amount(form[$"step{i}-below"]))
            {
                Empty = Chosen<EmptyRule>(form[$"step{i}-empty"]),
                EmptyPerson = form[$"step{i}-emptyPerson"].ToString().Trim(),
                Asker = Chosen<AskerRule>(form[$"step{i}-asker"]),
            });
        }
        return new(form["name"].ToString().Trim(), form["on"] == "true", int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0, new(steps, form["copy"].ToString().Trim()));
    }

    public static decimal? Amount(string? text) => string.IsNullOrWhiteSpace(text) ? null
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount <= 1_000_000_000_000m ? amount : throw new RuleException("approvals.amount");

    private static T Chosen<T>(string? text) where T : struct, Enum =>
        string.IsNullOrEmpty(text) ? default : char.IsLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var chosen) && Enum.IsDefined(chosen) ? chosen : throw new RuleException("approvals.flow.wrong");
}

/// <summary>Saves a flow as a new version; what runs already goes on by its own.</summary>
internal sealed class SaveFlow(AuditLog audit, RoleBook roles, TimeProvider clock)
{
    private const int LongestName = 60;
    private const int LongestNames = 400;

    /// <param name="id">Which flow; 0: a new one.</param>
    /// <param name="input">As it was filled in.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="RuleException"><c>approvals.flow.name</c>, <c>approvals.flow.steps</c>, <c>approvals.flow.range</c>, <c>approvals.flow.who</c>, <c>approvals.flow.role</c>, <c>approvals.flow.stale</c>, <c>approvals.flow.unknown</c>, <c>access.user.nameUnknown</c>.</exception>
    public async Task<long> Run(long id, FlowInput input, CancellationToken ct)
    {
        if (input.Name.Length is 0 or > LongestName || input.Name.Any(char.IsControl)) { throw new RuleException("approvals.flow.name", LongestName); }
        if (input.Definition.Steps.Count == 0 || input.Definition.Copy.Length > LongestNames) { throw new RuleException("approvals.flow.steps", FlowDefinition.MostSteps); }
        var book = await roles.All(ct);
        await audit.Change(async connection =>
        {
            foreach (var step in input.Definition.Steps) { await Demand(connection, step, book, ct); }
            await DemandPeople(connection, input.Definition.Copy, ct);
            var (now, version) = (clock.GetUtcNow(), input.Version + 1);
            if (id == 0) { id = await connection.Number("insert into platform_approval_flow (name, is_on, version) values (@name, @on, 1) returning id", ct, ("name", input.Name), ("on", input.IsOn ? 1 : 0)); version = 1; }
            else if (await connection.Run("update platform_approval_flow set name = @name, is_on = @on, version = version + 1 where id = @id and version = @version", ct, ("name", input.Name), ("on", input.IsOn ? 1 : 0), ("id", id), ("version", input.Version)) == 0)
            {
                await ApprovalFlow.Find(connection, id, null, ct);
                throw new RuleException("approvals.flow.stale");
            }
            await connection.Run("insert into platform_approval_flow_version (flow_id, version, definition, created_at, created_by) values (@id, @version, @definition, @now, @by)", ct,
                ("id", id), ("version", version), ("definition", input.Definition.Write()), ("now", now), ("by", audit.Who));
            return new AuditEntry("approval-flow.saved") { Kind = ApprovalsModule.AuditedFlows.Name, Record = id, Changes = [AuditChange.Is("name", input.Name), AuditChange.Is("version", version), AuditChange.Is("steps", string.Join(", ", input.Definition.Steps.Select(step => step.Name)))] };
        }, ct);
        return id;
    }

    private static async Task Demand(System.Data.Common.DbConnection connection, FlowStep step, IReadOnlyDictionary<string, Role> book, CancellationToken ct)
    {
        if (step.Name.Length > LongestName || step.Name.Any(char.IsControl) || step.Who.Length > LongestNames) { throw new RuleException("approvals.flow.name", LongestName); }
        if (step is { From: { } from, Below: { } below } && from >= below) { throw new RuleException("approvals.flow.range", step.Name); }
        if (step.By == ApproverBy.Role && !book.ContainsKey(step.Who)) { throw new RuleException("approvals.flow.role", step.Name); }
        if (step.By == ApproverBy.People)
        {
            if (!FlowStep.Names(step.Who).Any()) { throw new RuleException("approvals.flow.who", step.Name); }
            await DemandPeople(connection, step.Who, ct);
        }
        if (step.Empty != EmptyRule.Person) { return; }
        if (step.EmptyPerson.Length == 0) { throw new RuleException("approvals.flow.who", step.Name); }
        await Access.Owner.Find(connection, step.EmptyPerson, ct);
    }

    private static async Task DemandPeople(System.Data.Common.DbConnection connection, string names, CancellationToken ct)
    {
        foreach (var name in FlowStep.Names(names)) { await Access.Owner.Find(connection, name, ct); }
    }
}
