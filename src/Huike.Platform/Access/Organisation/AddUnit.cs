using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Platform.Access.Organisation;

/// <summary>Adds a unit below another.</summary>
internal sealed class AddUnit(UnitChange change, TimeProvider clock)
{
    /// <returns>Its number.</returns>
    /// <exception cref="RuleException"><c>access.unit.name</c>, <c>access.unit.unknown</c>, <c>access.unit.closed</c>, <c>access.user.nameUnknown</c>.</exception>
    public async Task<long> Run(UnitInput input, CancellationToken ct)
    {
        input.Demand();
        var id = 0L;
        await change.Run(async connection =>
        {
            var parent = await UnitChange.DemandOpen(connection, input.ParentId, ct);
            id = await connection.Number("insert into platform_unit (parent_id, kind, name, leader_id, created_at) values (@parent, @kind, @name, @leader, @now) returning id", ct,
                ("parent", parent.Id), ("kind", input.Kind), ("name", input.Name), ("leader", await Owner.FindOrNone(connection, input.Leader, ct)), ("now", clock.GetUtcNow()));
            return UnitChange.Entry("added", id, AuditChange.Is("name", input.Name), AuditChange.Is("kind", input.Kind), AuditChange.Is("parent", parent.Name), AuditChange.Is("leader", input.Leader));
        }, ct);
        return id;
    }
}
