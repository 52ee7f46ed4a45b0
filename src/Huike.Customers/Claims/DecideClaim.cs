using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Shares;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Notifications;

namespace Huike.Customers.Claims;

/// <summary>Ends a conflict of claims: the customer stays, goes over, or both work on it. Nobody decides in his own favour.</summary>
internal sealed class DecideClaim(Database database, AssignCustomer assign, ShareRecords shares, NoticeLog notices, AuditLog audit, TimeProvider clock)
{
    public const string Decided = "customers.claim-decided";

    private const int LongestReason = 400;

    /// <summary>Writes several things: who calls it holds a batch.</summary>
    /// <param name="id">Which.</param>
    /// <param name="reader">Who decides, or takes his own back.</param>
    /// <param name="outcome">How it ends.</param>
    /// <param name="reason">Why, 1 to 400 characters; of one's own that is withdrawn nothing is asked.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>claims.claim.unknown</c>, <c>claims.decided</c>: somebody was faster; <c>claims.favour</c>, <c>claims.reason</c>, <c>access.record.refused</c>.</exception>
    public async Task Run(long id, ClaimReader reader, ClaimOutcome outcome, string? reason, CancellationToken ct)
    {
        var why = TypedText.Clean(reason);
        if (why.Length > LongestReason || (why.Length == 0 && outcome != ClaimOutcome.Withdrawn)) { throw new RuleException("claims.reason", LongestReason); }
        Claim? claim = null;
        await audit.Change(async connection =>
        {
            await connection.Run("update customers_customer set version = version where id = (select customer_id from customers_claim where id = @id)", ct, ("id", id));
            claim = await Claim.Find(connection, id, reader, ct);
            Demand(claim, reader, outcome);
            if (await Write(connection, claim, outcome, why, ct) == 0) { throw new RuleException("claims.decided"); }
            await Tell(connection, claim, outcome, ct);
            return Audited.Customer("customer.claim-decided", claim.CustomerId, [new("outcome", null, CustomerFilter.Kebab(outcome)), AuditChange.Is("claimant", claim.Claimant.Name)]) with { Reason = why };
        }, ct);
        var claimant = await Name(claim!.Claimant.Id, ct);
        if (outcome == ClaimOutcome.Moved) { await assign.Run(claim.CustomerId, claimant, ct); }
        if (outcome == ClaimOutcome.Shared) { await shares.Add(CustomerPermissions.Records, claim.CustomerId, new(claimant, 0, MayEdit: true, "", "", why), ct); }
    }

    private static void Demand(Claim claim, ClaimReader reader, ClaimOutcome outcome)
    {
        if (claim.Outcome != ClaimOutcome.Open) { throw new RuleException("claims.decided"); }
        if (outcome == ClaimOutcome.Withdrawn)
        {
            if (claim.Claimant.Id != reader.UserId) { throw new RuleException("access.record.refused"); }
            return;
        }
        if (!claim.MayDecide) { throw new RuleException("access.record.refused"); }
        if ((outcome == ClaimOutcome.Kept && claim.Owner?.Id == reader.UserId) || (outcome != ClaimOutcome.Kept && claim.Claimant.Id == reader.UserId)) { throw new RuleException("claims.favour"); }
    }

    private Task<int> Write(DbConnection connection, Claim claim, ClaimOutcome outcome, string why, CancellationToken ct) => connection.Run(
        $"update {Claim.Table} set outcome = @outcome, reason = @reason, owner_id = @owner, decided_at = @at, decided_by = @by where id = @id and outcome = 0", ct,
        ("id", claim.Id), ("outcome", outcome), ("reason", why), ("owner", claim.Owner?.Id), ("at", clock.GetUtcNow()), ("by", audit.Who));

    private async Task Tell(DbConnection connection, Claim claim, ClaimOutcome outcome, CancellationToken ct)
    {
        foreach (var user in new[] { claim.Claimant.Id, claim.Owner?.Id ?? 0 }.Where(user => user > 0))
        {
            await notices.Tell(connection, new Notice(Decided, user, "customers.notice.claim." + CustomerFilter.Kebab(outcome), string.Create(CultureInfo.InvariantCulture, $"{Decided}/{claim.Id}")) { About = new(CustomerPermissions.Records.Name, claim.CustomerId), Href = ClaimEndpoints.One(claim.Id) }, ct);
        }
    }

    private async Task<string> Name(long user, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.First("select user_name from platform_user where id = @id", row => row.GetString(0), ct, ("id", user)) ?? "";
    }
}
