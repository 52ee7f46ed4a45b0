using Huike.Platform.Data;

namespace Huike.Platform.Access.Organisation;

/// <summary>Closes a unit that nobody works in any more, or opens it again. Its records stay where they are, in the scope of those above.</summary>
internal sealed class CloseUnit(UnitChange change, TimeProvider clock)
{
    /// <exception cref="RuleException"><c>access.unit.unknown</c>; <c>access.unit.firm</c>: the whole firm can't be closed; <c>access.unit.notEmpty</c>; <c>access.unit.closed</c>: the one above is.</exception>
    public Task Run(long id, bool closed, CancellationToken ct) => change.Run(async connection =>
    {
        var unit = await Unit.Find(connection, id, ct) ?? throw new RuleException("access.unit.unknown", id);
        if (unit.ParentId is not { } parent) { throw new RuleException("access.unit.firm"); }
        if (closed == unit.ClosedAt is not null) { return null; }
        if (!closed) { await UnitChange.DemandOpen(connection, parent, ct); }
        else if (unit.People > 0 || await connection.Number("select count(*) from platform_unit where parent_id = @id and closed_at is null", ct, ("id", id)) > 0) { throw new RuleException("access.unit.notEmpty", unit.Name); }
        await connection.Run("update platform_unit set closed_at = @at, version = version + 1 where id = @id", ct, ("id", id), ("at", closed ? clock.GetUtcNow() : null));
        return UnitChange.Entry(closed ? "closed" : "opened", id);
    }, ct);
}
