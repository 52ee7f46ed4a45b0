using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Customers.OneVoice;

/// <summary>A contact that was.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">How.</param>
/// <param name="Side">From which side.</param>
/// <param name="By">Who of us.</param>
/// <param name="Body">What was said.</param>
internal sealed record PastContact(DateTimeOffset At, InteractionKind Kind, InteractionSide Side, string By, string Body);

/// <summary>Somebody is about to contact the customer.</summary>
/// <param name="UserId">Who.</param>
/// <param name="By">Shown name.</param>
/// <param name="At">Since when.</param>
internal sealed record ContactClaim(long UserId, string By, DateTimeOffset At);

/// <summary>信息共享: who of us spoke to the customer last, about what, and who is about to (H1). What was promised stands beside it as next steps.</summary>
/// <param name="Last">The last contact; null: none is known.</param>
/// <param name="Claim">Who is about to; null: nobody.</param>
internal sealed record Voice(PastContact? Last, ContactClaim? Claim)
{
    public static async Task<Voice> Read(DbConnection connection, long customerId, DateTimeOffset now, CancellationToken ct) => new(
        await Newest(connection, customerId, "", ct),
        await connection.First("""
            select k.user_id, coalesce(nullif(u.display_name, ''), u.user_name), k.at from customers_contact_claim k join platform_user u on u.id = k.user_id where k.customer_id = @id and k.until_at > @now
            """, row => new ContactClaim(row.GetInt64(0), row.GetString(1), row.At(2)), ct, ("id", customerId), ("now", now)));

    /// <summary>What speaks against a contact by somebody now; null: nothing.</summary>
    public async Task<ContactHindrance?> Against(DbConnection connection, long customerId, (long Id, string ShownName) user, ContactRules rules, DateTimeOffset now, CancellationToken ct)
    {
        if (Claim is { } claim && claim.UserId != user.Id) { return new(claim, null, MayAnyway: !rules.Blocks); }
        if (Claim is not null || rules.DaysBetween == 0) { return null; }
        // Everybody knows what he said himself.
        return await Newest(connection, customerId, " and direction = 2", ct) is { } ours && ours.By != user.ShownName && ours.At > now.AddDays(-rules.DaysBetween) ? new(null, ours, !rules.Blocks) : null;
    }

    private static Task<PastContact?> Newest(DbConnection connection, long customerId, string side, CancellationToken ct) => connection.First(
        $"select at, kind, direction, created_by, body from customers_note where customer_id = @id and kind > 0{side} order by at desc, id desc limit 1",
        row => new PastContact(row.At(0), (InteractionKind)row.GetInt32(1), (InteractionSide)row.GetInt32(2), row.GetString(3), row.GetString(4)), ct, ("id", customerId));
}

/// <summary>Why somebody should not contact a customer now.</summary>
/// <param name="Claim">Another is about to; null: that isn't it.</param>
/// <param name="Lately">One of us did lately; null: that isn't it.</param>
/// <param name="MayAnyway">He is told; otherwise he is held.</param>
internal sealed record ContactHindrance(ContactClaim? Claim, PastContact? Lately, bool MayAnyway);
