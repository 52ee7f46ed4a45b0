using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Notifications;
using Microsoft.AspNetCore.DataProtection;

namespace Huike.Customers.Claims;

/// <summary>Says of somebody else's customer that it is one's own. Whoever looks after it, and who leads him, is told.</summary>
internal sealed class RaiseClaim(NoticeLog notices, AuditLog audit, IDataProtectionProvider protection, TimeProvider clock)
{
    public const string Raised = "customers.claim";

    private readonly IDataProtector protector = protection.CreateProtector("customer claim");

    /// <summary>Names a customer to somebody who may not know which one it is.</summary>
    public string Token(long customerId, long userId) => protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{customerId} {userId}"));

    /// <exception cref="RuleException"><c>claims.claim.unknown</c>: no token of ours for this user.</exception>
    public long Customer(string? token, long userId)
    {
        try
        {
            var parts = protector.Unprotect(token ?? "").Split(' ');
            if (parts[1] == userId.ToString(CultureInfo.InvariantCulture)) { return long.Parse(parts[0], CultureInfo.InvariantCulture); }
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // Nobody learns whether it was cut, made up, or another's.
        }
        throw new RuleException("claims.claim.unknown");
    }

    /// <param name="customerId">Whom.</param>
    /// <param name="claimant">Who claims it.</param>
    /// <param name="said">What the claimant calls the customer, and why it is his; the latter has 1 to 2,000 characters.</param>
    /// <param name="key">Sent twice under one, it makes one claim.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Its number; of one that is open already, that one's.</returns>
    /// <exception cref="RuleException"><c>claims.evidence</c>, <c>claims.own</c>: he looks after it already; <c>customers.customer.unknown</c>, <c>privacy.erased</c>.</exception>
    public async Task<long> Run(long customerId, long claimant, (string? Named, string? Evidence) said, FormKey key, CancellationToken ct)
    {
        var (named, evidence) = (TypedText.Clean(said.Named), TypedText.Clean(said.Evidence));
        if (evidence.Length is 0 or > Claim.LongestEvidence) { throw new RuleException("claims.evidence", Claim.LongestEvidence); }
        long id = 0;
        await audit.Change(async connection =>
        {
            await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", customerId));
            await CustomerRules.DemandPerson(connection, customerId, ct);
            id = await connection.Number($"select coalesce(min(id), 0) from {Claim.Table} where form_key = @key or (customer_id = @customer and claimant_id = @claimant and outcome = 0)", ct, ("key", key.Value), ("customer", customerId), ("claimant", claimant));
            if (id > 0) { return null; }
            var owner = await connection.Number("select coalesce(owner_id, 0) from customers_customer where id = @id", ct, ("id", customerId));
            if (owner == claimant) { throw new RuleException("claims.own"); }
            id = await connection.Number($"""
                insert into {Claim.Table} (customer_id, claimant_id, owner_id, named, evidence, raised_at, outcome, reason, form_key) values (@customer, @claimant, @owner, @named, @evidence, @at, 0, '', @key) returning id
                """, ct, ("customer", customerId), ("claimant", claimant), ("owner", owner > 0 ? owner : null), ("named", named.Length > 400 ? named[..400] : named), ("evidence", evidence), ("at", clock.GetUtcNow()), ("key", key.Value));
            await Tell(connection, (id, customerId), [owner, .. await Leaders.Of(connection, owner > 0 ? owner : claimant, above: false, exceptUser: true, ct)], ct);
            return Audited.Customer("customer.claimed", customerId, []) with { Reason = evidence };
        }, ct);
        return id;
    }

    private async Task Tell(DbConnection connection, (long Id, long Customer) claim, IEnumerable<long> users, CancellationToken ct)
    {
        foreach (var user in users.Where(user => user > 0).Distinct())
        {
            await notices.Tell(connection, new Notice(Raised, user, "customers.notice.claimed", string.Create(CultureInfo.InvariantCulture, $"{Raised}/{claim.Id}")) { About = new(CustomerPermissions.Records.Name, claim.Customer), Href = ClaimEndpoints.One(claim.Id) }, ct);
        }
    }
}
