using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Customers.Relationships;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Settings;

namespace Huike.Customers.OneVoice;

/// <summary>Says that one is about to contact a customer, so that no other does: of two at once one is told of the other. And says that one isn't any more.</summary>
internal sealed class BeginContact(EventLog events, AuditLog audit, SettingsStore settings, RelationshipTypes types, TimeProvider clock)
{
    /// <summary>The rules that hold for one customer: the firm's, with the days that the type of the relationship asks for.</summary>
    private async Task<ContactRules> Rules(DbConnection connection, long customerId, CancellationToken ct)
    {
        var rules = await settings.Get<ContactRules>(ct);
        return await types.LeastDays(connection, customerId, ct) is { } days ? rules with { DaysBetween = days } : rules;
    }

    /// <param name="asked">Who, whom, how and what for.</param>
    /// <param name="anyway">Knows what speaks against it.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>What speaks against it; null: the customer is kept for him.</returns>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>, <c>privacy.erased</c>.</exception>
    public async Task<ContactHindrance?> Run(ContactQuestion asked, bool anyway, CancellationToken ct)
    {
        ContactHindrance? against = null;
        await audit.Change(async connection =>
        {
            await CustomerRules.DemandPerson(connection, asked.CustomerId, ct);
            var (now, rules) = (clock.GetUtcNow(), await Rules(connection, asked.CustomerId, ct));
            against = await Against(connection, asked, ct);
            if (against is not null && !(anyway && against.MayAnyway)) { return null; }
            // Only over a claim that has ended, that is one's own, or that one knows of.
            var known = against?.Claim?.UserId ?? asked.User.Id;
            var claimed = await connection.Run("""
                insert into customers_contact_claim (customer_id, user_id, at, until_at, channel, purpose) values (@id, @user, @now, @until, @channel, @purpose)
                on conflict (customer_id) do update set user_id = excluded.user_id, at = excluded.at, until_at = excluded.until_at, channel = excluded.channel, purpose = excluded.purpose
                where customers_contact_claim.until_at <= @now or customers_contact_claim.user_id in (@user, @known)
                """, ct, ("id", asked.CustomerId), ("user", asked.User.Id), ("known", known), ("now", now), ("until", now.AddMinutes(rules.MinutesKept)), ("channel", asked.Intent?.Channel), ("purpose", asked.Intent?.Purpose ?? ""));
            // Somebody may have been faster since it was looked at.
            against = claimed == 0 ? await Against(connection, asked, ct) : null;
            if (claimed == 0) { return null; }
            await events.Raise(connection, new ContactClaimed(asked.CustomerId, Begun: true), ct);
            return Audited.Customer("customer.contact-begun", asked.CustomerId, []);
        }, ct);
        return against;
    }

    /// <summary>What speaks against a contact now; null: nothing.</summary>
    public async Task<ContactHindrance?> Against(DbConnection connection, ContactQuestion asked, CancellationToken ct) =>
        await Voice.Against(connection, asked, await Rules(connection, asked.CustomerId, ct), (await settings.Get<FirmSettings>(ct)).Zone, clock.GetUtcNow(), ct);

    /// <summary>Gives it up.</summary>
    public Task GiveUp(long customerId, CancellationToken ct) => audit.Change(async connection =>
    {
        if (await End(connection, customerId, audit.Who, ct) == 0) { return null; }
        await events.Raise(connection, new ContactClaimed(customerId, Begun: false), ct);
        return Audited.Customer("customer.contact-given-up", customerId, []);
    }, ct);

    /// <summary>Whoever told of his contact keeps the customer no longer.</summary>
    /// <param name="connection">Holds the caller's transaction.</param>
    /// <param name="customerId">Whom.</param>
    /// <param name="who">Sign-in name.</param>
    /// <param name="ct">Ends the write.</param>
    public static Task<int> End(DbConnection connection, long customerId, string who, CancellationToken ct) =>
        connection.Run("delete from customers_contact_claim where customer_id = @id and user_id = (select id from platform_user where user_name = @who)", ct, ("id", customerId), ("who", who));
}
