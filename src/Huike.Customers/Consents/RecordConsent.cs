using System.Globalization;
using Huike.Customers.Processing;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Consents;

/// <summary>Writes down that a customer agreed, or does so no longer.</summary>
internal sealed class RecordConsent(Database database, Register register, SettingsStore settings, AuditLog audit, Texts texts, TimeProvider clock)
{
    private const int LongestProof = 400;

    /// <param name="customerId">Who.</param>
    /// <param name="form"><c>purpose</c> by code, <c>channel</c>, <c>given</c>, <c>way</c>, <c>on</c> (a day; today where empty), <c>proof</c>, and the form's key.</param>
    /// <param name="by">Who writes it down.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>privacy.consent.purpose</c>, <c>privacy.consent.choice</c>, <c>privacy.consent.day</c>, <c>privacy.consent.proof</c>, <c>privacy.text.none</c>, <c>privacy.erased</c>, <c>customers.customer.unknown</c>.</exception>
    public async Task Run(long customerId, IFormCollection form, string by, CancellationToken ct)
    {
        var key = FormKey.Read(form[FormKey.Name]).Value;
        var given = form["given"] != "false";
        var (channel, way) = (TypedText.Chosen<ContactChannel>(form["channel"], "privacy.consent.choice"), TypedText.Chosen<ConsentWay>(form["way"], "privacy.consent.choice"));
        var proof = form["proof"].ToString().Replace("\0", "", StringComparison.Ordinal).Trim();
        if (proof.Length > LongestProof) { throw new RuleException("privacy.consent.proof", LongestProof); }
        // Whoever once agreed may withdraw, whatever became of the purpose.
        var purpose = (await register.All(ct)).Find(known => known.Code == form["purpose"]);
        if (purpose is null || (given && (purpose.IsRetired || purpose.Basis != LawfulBasis.Consent))) { throw new RuleException("privacy.consent.purpose"); }
        var now = clock.GetUtcNow();
        var at = On(form["on"], (await settings.Get<FirmSettings>(ct)).Zone, now);
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await CustomerRules.DemandPerson(connection, customerId, ct);
        (long Id, int Version)? text = given ? await PublishText.InForce(connection, purpose, by, now, ct) : null;
        var done = await connection.Run("""
            insert into customers_consent (customer_id, purpose_id, channel, given, text_id, at, way, proof, created_at, created_by, form_key)
            values (@customer, @purpose, @channel, @given, @text, @at, @way, @proof, @now, @by, @key) on conflict do nothing
            """, ct, ("customer", customerId), ("purpose", purpose.Id), ("channel", channel), ("given", given), ("text", text?.Id), ("at", at), ("way", way), ("proof", proof), ("now", now), ("by", by), ("key", key));
        if (done == 0) { return; }
        // The proof stays in the ledger alone, where it can go when its time is over.
        AuditChange[] changes = [AuditChange.Is("purpose", purpose.Name(texts)), AuditChange.Is("channel", CustomerFilter.Kebab(channel)), .. text is { } shown ? [AuditChange.Is("version", shown.Version)] : (AuditChange[])[], AuditChange.Is("way", CustomerFilter.Kebab(way))];
        await audit.Write(connection, Audited.Customer(given ? "consent.given" : "consent.withdrawn", customerId, changes), ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Now for today, so that a withdrawal after a consent of the same day comes after it; else the end of the day that was.</summary>
    private static DateTimeOffset On(string? day, TimeZoneInfo zone, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        if (day is not { Length: > 0 }) { return now; }
        return DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) && on.Year >= 1970 && on <= today
            ? on == today ? now : LocalDay.End(on, zone) : throw new RuleException("privacy.consent.day");
    }
}
