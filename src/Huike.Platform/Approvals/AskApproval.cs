using System.Data.Common;
using System.Globalization;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Ui;

namespace Huike.Platform.Approvals;

/// <summary>Asks for an approval by a flow, for a record of a module's or for a request that stands for itself; and asks again what was sent back.</summary>
public sealed class AskApproval
{
    private const int LongestTitle = 200;
    private const int LongestReason = 2_000;
    private const decimal MostAmount = 1_000_000_000_000m;

    private readonly TellOfApproval tell;
    private readonly AuditLog audit;
    private readonly TimeProvider clock;
    private readonly SaveFlow save;
    private readonly Database database;

    internal AskApproval(TellOfApproval tell, AuditLog audit, TimeProvider clock, SaveFlow save, Database database) => (this.tell, this.audit, this.clock, this.save, this.database) = (tell, audit, clock, save, database);

    /// <summary>The flow of one step by which a module asks where the firm has made none for it; it is made at its first use and can be changed like any other, under its name.</summary>
    /// <param name="textKey">Its name, <c>{0}</c> being who decides.</param>
    /// <param name="role">Who decides: one of those who have this role; null: the asker's leader.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Number of the flow.</returns>
    public async Task<long> Usual(string textKey, string? role, CancellationToken ct)
    {
        string Name(string language) => TextCatalog.For(language) is var texts && role is null ? texts[textKey, texts["approvals.by.leader"]] : texts[textKey, texts.Has("access.role.name." + role) ? texts["access.role.name." + role] : role!];
        await using var connection = await database.Open(ct);
        if (await connection.Number("select id from platform_approval_flow where name in (@zh, @en) and is_on = 1 order by id limit 1", ct, ("zh", Name("zh-CN")), ("en", Name("en"))) is > 0 and var found) { return found; }
        var name = Name(System.Globalization.CultureInfo.CurrentUICulture.Name.StartsWith("en", StringComparison.Ordinal) ? "en" : "zh-CN");
        return await save.Run(0, new(name, true, 0, new([new(name, role is null ? ApproverBy.Leader : ApproverBy.Role, role ?? "", StationMode.Any, null, null) { Empty = EmptyRule.Refuse, Asker = role is null ? AskerRule.Leader : AskerRule.Skip }], "")), ct);
    }

    /// <summary>Asks.</summary>
    /// <param name="flowId">Which flow; it has to be on.</param>
    /// <param name="subjectKind">What it is about: <see cref="ApprovalsModule.Request"/>, or a word of the module's that listens to <see cref="ApprovalDecided"/>.</param>
    /// <param name="subjectId">Number of the record; 0 where it stands for itself.</param>
    /// <param name="asked">What is asked; kept as it is now.</param>
    /// <param name="askerId">Who asks.</param>
    /// <param name="formKey">Sent twice under one key, it is asked once.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Number of the approval.</returns>
    /// <exception cref="RuleException"><c>approvals.title</c>, <c>approvals.reason</c>, <c>approvals.amount</c>, <c>approvals.flow.unknown</c>, <c>approvals.flow.off</c>, <c>approvals.noApprover</c>, <c>approvals.nobody</c>.</exception>
    public async Task<long> Run(long flowId, string subjectKind, long subjectId, ApprovalAsked asked, long askerId, string formKey, CancellationToken ct)
    {
        Demand(asked);
        var id = 0L;
        await audit.Change(async connection =>
        {
            var flow = await ApprovalFlow.Find(connection, flowId, null, ct);
            if (!flow.IsOn) { throw new RuleException("approvals.flow.off"); }
            var run = await FindApprovers.Begin(connection, flow.Definition, askerId, asked.Amount ?? 0, ct);
            var now = clock.GetUtcNow();
            id = await connection.Number("""
                insert into platform_approval (flow_id, flow_version, subject_kind, subject_id, title, reason, amount, asker_id, state, station, version, asked_at, form_key)
                values (@flow, @flowVersion, @kind, @subject, @title, @reason, @amount, @asker, 0, 0, 1, @now, @key) on conflict (form_key) do nothing returning id
                """, ct, ("flow", flow.Id), ("flowVersion", flow.Version), ("kind", subjectKind), ("subject", subjectId), ("title", asked.Title), ("reason", asked.Reason), ("amount", asked.Amount), ("asker", askerId), ("now", now), ("key", formKey));
            if (id == 0)
            {
                id = await connection.Number("select id from platform_approval where form_key = @key and asker_id = @asker", ct, ("key", formKey), ("asker", askerId));
                return null;
            }
            var approval = new Approval(id, flow.Id, flow.Version, subjectKind, subjectId, asked, askerId, 1, now, run);
            await approval.Save(connection, now, ct);
            await approval.Keep(connection, new("asked", askerId, null, null, ""), now, ct);
            await tell.Run(connection, approval, null, ct);
            await tell.Copy(connection, approval, await FindApprovers.Named(connection, flow.Definition.Copy, ct), ct);
            return Entry("asked", approval);
        }, ct);
        return id;
    }

    /// <summary>Asks again what was sent back, mended; by the version of the flow by which it was asked first, from its first step on.</summary>
    /// <exception cref="RuleException">As <see cref="Run"/>; <c>approvals.unknown</c>: there is none, or it is another's; <c>approvals.notBack</c>: it was not sent back; <c>approvals.stale</c>.</exception>
    internal async Task Again(long id, int version, ApprovalAsked asked, long askerId, CancellationToken ct)
    {
        Demand(asked);
        await audit.Change(async connection =>
        {
            if (await Hold(connection, id, version, ct) is not { } held || held.AskerId != askerId) { throw new RuleException("approvals.unknown"); }
            if (held.Run.State != ApprovalState.SentBack) { throw new RuleException("approvals.notBack"); }
            var flow = await ApprovalFlow.Find(connection, held.FlowId, held.FlowVersion, ct);
            var now = clock.GetUtcNow();
            var approval = held with { Asked = asked, Run = await FindApprovers.Begin(connection, flow.Definition, askerId, asked.Amount ?? 0, ct) };
            await approval.Save(connection, now, ct);
            await approval.Keep(connection, new("asked-again", askerId, null, null, ""), now, ct);
            await tell.Run(connection, approval, null, ct);
            return Entry("asked-again", approval);
        }, ct);
    }

    /// <summary>Holds the row until the end of the transaction, and says no where somebody was faster.</summary>
    /// <exception cref="RuleException"><c>approvals.stale</c>.</exception>
    internal static async Task<Approval?> Hold(DbConnection connection, long id, int version, CancellationToken ct)
    {
        var held = await connection.Run("update platform_approval set version = version + 1 where id = @id and version = @version", ct, ("id", id), ("version", version));
        return await Approval.Find(connection, id, ct) is not { } found ? null : held == 1 ? found : throw new RuleException("approvals.stale");
    }

    internal static AuditEntry Entry(string act, Approval approval, params AuditChange[] changes) => new("approval." + act)
    {
        Kind = ApprovalsModule.Audited.Name,
        Record = approval.Id,
        Changes = [.. changes, AuditChange.Is("state", approval.Run.State.ToString().ToLowerInvariant()), AuditChange.Is("amount", approval.Asked.Amount?.ToString(CultureInfo.InvariantCulture))],
    };

    private static void Demand(ApprovalAsked asked)
    {
        if (asked.Title.Length is 0 or > LongestTitle || asked.Title.Any(char.IsControl)) { throw new RuleException("approvals.title", LongestTitle); }
        if (asked.Reason.Length is 0 or > LongestReason || asked.Reason.Contains('\0', StringComparison.Ordinal)) { throw new RuleException("approvals.reason", LongestReason); }
        if (asked.Amount is < 0 or > MostAmount) { throw new RuleException("approvals.amount"); }
    }
}
