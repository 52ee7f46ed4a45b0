using System.Data.Common;
using Huike.Customers.Consents;
using Huike.Customers.ContactPoints;
using Huike.Customers.Processing;
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
/// <param name="Until">For how long the customer is kept for him.</param>
/// <param name="Intent">How and what for; null where nobody said.</param>
internal sealed record ContactClaim(long UserId, string By, DateTimeOffset At, DateTimeOffset Until, ContactIntent? Intent);

/// <summary>Somebody asks whether to contact a customer.</summary>
/// <param name="CustomerId">Whom.</param>
/// <param name="User">Who.</param>
/// <param name="Intent">How and what for; null: that isn't known yet.</param>
internal sealed record ContactQuestion(long CustomerId, (long Id, string ShownName) User, ContactIntent? Intent);

/// <summary>信息共享: who of us spoke to the customer last, about what, and who is about to (H1). What was promised stands beside it as next steps.</summary>
/// <param name="Last">The last contact; null: none is known.</param>
/// <param name="Claim">Who is about to; null: nobody.</param>
internal sealed record Voice(PastContact? Last, ContactClaim? Claim)
{
    private const int MostPromised = 5;

    public static async Task<Voice> Read(DbConnection connection, long customerId, DateTimeOffset now, CancellationToken ct) => new(
        (await Newest(connection, customerId, "", 1, ct)).FirstOrDefault(),
        await connection.First("""
            select k.user_id, coalesce(nullif(u.display_name, ''), u.user_name), k.at, k.until_at, k.channel, k.purpose from customers_contact_claim k join platform_user u on u.id = k.user_id where k.customer_id = @id and k.until_at > @now
            """, row => new ContactClaim(row.GetInt64(0), row.GetString(1), row.At(2), row.At(3), row.IsDBNull(4) ? null : new((ReachChannel)row.GetInt16(4), row.GetString(5))), ct, ("id", customerId), ("now", now)));

    /// <summary>What speaks against a contact now; null: nothing.</summary>
    public static async Task<ContactHindrance?> Against(DbConnection connection, ContactQuestion asked, ContactRules rules, TimeZoneInfo zone, DateTimeOffset now, CancellationToken ct)
    {
        var claim = (await Read(connection, asked.CustomerId, now, ct)).Claim;
        List<Hindrance> reasons = claim is not null && claim.UserId != asked.User.Id ? [new(HindranceKind.Claimed, rules.Blocks) { Claim = claim }] : [];
        // Whoever is about to was told of these when he began.
        if (claim?.UserId != asked.User.Id)
        {
            reasons.AddRange(await Frequency(connection, asked, rules, now, ct));
            if (asked.Intent is { } intent) { reasons.AddRange(await Wishes(connection, asked.CustomerId, intent, rules, TimeZoneInfo.ConvertTime(now, zone), ct)); }
        }
        if (asked.Intent is { } wanted && await Consent(connection, asked.CustomerId, wanted, now, ct) is { } consent) { reasons.Add(consent); }
        if (reasons.Count == 0) { return null; }
        var promised = await connection.Rows($"select id, what, due_at, created_by from customers_next_step where customer_id = @id and done_at is null order by due_at, id limit {MostPromised}",
            row => new OpenStep(row.GetInt64(0), row.GetString(1), row.At(2), row.GetString(3)), ct, ("id", asked.CustomerId));
        return new([.. reasons.OrderByDescending(reason => reason.Holds)], promised) { Intent = asked.Intent };
    }

    /// <summary>Another's contact of lately, which everybody knows of himself; and as many contacts of all of us as may be.</summary>
    private static async Task<IEnumerable<Hindrance>> Frequency(DbConnection connection, ContactQuestion asked, ContactRules rules, DateTimeOffset now, CancellationToken ct)
    {
        var ours = await Newest(connection, asked.CustomerId, " and direction = 2", Math.Max(1, rules.CapContacts), ct);
        var reasons = new List<Hindrance>();
        if (ours is [var last, ..] && last.By != asked.User.ShownName && last.At > now.AddDays(-rules.DaysBetween)) { reasons.Add(new(HindranceKind.Lately, rules.Blocks) { Contact = last }); }
        if (rules.CapContacts > 0 && ours.Count == rules.CapContacts && ours[^1].At.AddDays(rules.CapDays) is var open && open > now)
        {
            reasons.Add(new(HindranceKind.Often, rules.Blocks) { Contact = ours[0], Rules = rules, At = open });
        }
        return reasons;
    }

    /// <summary>What the customer likes, and hours at which nobody likes to be called.</summary>
    private static async Task<IEnumerable<Hindrance>> Wishes(DbConnection connection, long customerId, ContactIntent intent, ContactRules rules, DateTimeOffset local, CancellationToken ct)
    {
        var reasons = new List<Hindrance>();
        if (intent.Channel == ReachChannel.Phone && rules.IsQuiet(local.Hour)) { reasons.Add(new(HindranceKind.Quiet, false) { Rules = rules, At = local }); }
        if (await connection.First($"select {ReachWish.Columns} from customers_customer where id = @id", row => ReachWish.Map(row, 0), ct, ("id", customerId)) is not { IsEmpty: false } wish) { return reasons; }
        if (wish.Channel is { } liked && liked != intent.Channel) { reasons.Add(new(HindranceKind.Channel, false) { Wish = wish }); }
        var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
        if (intent.Channel != ReachChannel.Email && ((wish.Days != 0 && !wish.Said.Contains(local.DayOfWeek)) || (wish.From is { } from && (time < from || time >= wish.To)))) { reasons.Add(new(HindranceKind.Hours, false) { Wish = wish }); }
        return reasons;
    }

    /// <summary>Marketing, and what else the firm says rests on consent, needs one for its purpose and channel. Whoever withdrew that to marketing may not like to be sold to either.</summary>
    private static async Task<Hindrance?> Consent(DbConnection connection, long customerId, ContactIntent intent, DateTimeOffset now, CancellationToken ct)
    {
        var purposes = await connection.Rows("select id, code, basis from customers_purpose where code in (@purpose, @marketing)", row => (Id: row.GetInt64(0), Code: row.GetString(1), Basis: (LawfulBasis)row.GetInt16(2)), ct,
            ("purpose", intent.Purpose), ("marketing", ContactIntent.Marketing));
        var purpose = purposes.Find(known => known.Code == intent.Purpose);
        if (intent.Purpose == ContactIntent.Marketing || purpose.Basis == LawfulBasis.Consent)
        {
            return await ConsentLedger.Allows(connection, customerId, intent.Consented, intent.Purpose, now, ct) ? null : new(HindranceKind.NoConsent, true) { Intent = intent };
        }
        return intent.Purpose == "sales" && await Fact(connection, customerId, purposes.Find(known => known.Code == ContactIntent.Marketing).Id, intent, ct) is { Given: false } withdrawn
            ? new(HindranceKind.Withdrawn, false) { Intent = intent, At = withdrawn.At } : null;
    }

    /// <summary>The fact of the ledger that decides: the newest of the channel, or of all of them.</summary>
    private static async Task<(bool Given, DateTimeOffset At)?> Fact(DbConnection connection, long customerId, long purposeId, ContactIntent intent, CancellationToken ct) =>
        (await connection.Rows("select given, at from customers_consent where customer_id = @id and purpose_id = @purpose and channel in (0, @channel) order by at desc, id desc limit 1", row => (row.GetBoolean(0), row.At(1)), ct,
            ("id", customerId), ("purpose", purposeId), ("channel", intent.Consented))) is [var fact] ? fact : null;

    private static Task<List<PastContact>> Newest(DbConnection connection, long customerId, string side, int most, CancellationToken ct) => connection.Rows(
        $"select at, kind, direction, created_by, body from customers_note where customer_id = @id and kind > 0{side} order by at desc, id desc limit {most}",
        row => new PastContact(row.At(0), (InteractionKind)row.GetInt32(1), (InteractionSide)row.GetInt32(2), row.GetString(3), row.GetString(4)), ct, ("id", customerId));
}
