using System.Globalization;
using Huike.Customers.PermissionStages;
using Huike.Customers.Processing;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Consents;

/// <summary>What a customer said of being written to, called or otherwise used.</summary>
/// <param name="Purpose">What for, by its code.</param>
/// <param name="Channel">On which channel.</param>
/// <param name="Given">False: taken back.</param>
/// <param name="Way">How it came to us.</param>
/// <param name="At">When.</param>
/// <param name="Proof">Number of a recording, name of a document; at most 400 characters.</param>
internal sealed record NewConsent(string? Purpose, ContactChannel Channel, bool Given, ConsentWay Way, DateTimeOffset At, string? Proof);

/// <summary>Writes down that a customer agreed, or does so no longer.</summary>
internal sealed class RecordConsent(Register register, SettingsStore settings, FollowPermission permission, AuditLog audit, Texts texts, TimeProvider clock)
{
    private const int LongestProof = 400;

    /// <param name="customerId">Who.</param>
    /// <param name="form"><c>purpose</c> by code, <c>channel</c>, <c>given</c>, <c>way</c>, <c>on</c> (a day; today where empty), <c>proof</c>, and the form's key.</param>
    /// <param name="by">Who writes it down.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>privacy.consent.purpose</c>, <c>privacy.consent.choice</c>, <c>privacy.consent.day</c>, <c>privacy.consent.proof</c>, <c>privacy.text.none</c>, <c>privacy.erased</c>, <c>customers.customer.unknown</c>.</exception>
    public async Task Run(long customerId, IFormCollection form, string by, CancellationToken ct)
    {
        var key = FormKey.Read(form[FormKey.Name]);
        var (channel, way) = (TypedText.Chosen<ContactChannel>(form["channel"], "privacy.consent.choice"), TypedText.Chosen<ConsentWay>(form["way"], "privacy.consent.choice"));
        var at = On(form["on"], (await settings.Get<FirmSettings>(ct)).Zone, clock.GetUtcNow());
        await Run(customerId, new(form["purpose"], channel, form["given"] != "false", way, at, form["proof"]), by, key, ct);
    }

    /// <param name="customerId">Who.</param>
    /// <param name="said">What was said; not later than now.</param>
    /// <param name="by">Who writes it down.</param>
    /// <param name="key">Sent twice under one, it is one fact.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException">As above.</exception>
    public async Task Run(long customerId, NewConsent said, string by, FormKey key, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var proof = (said.Proof ?? "").Replace("\0", "", StringComparison.Ordinal).Trim();
        if (proof.Length > LongestProof) { throw new RuleException("privacy.consent.proof", LongestProof); }
        if (said.At > now || said.At.Year < 1970) { throw new RuleException("privacy.consent.day"); }
        // Whoever once agreed may withdraw, whatever became of the purpose.
        var purpose = (await register.All(ct)).Find(known => known.Code == said.Purpose);
        if (purpose is null || (said.Given && (purpose.IsRetired || purpose.Basis != LawfulBasis.Consent))) { throw new RuleException("privacy.consent.purpose"); }
        await audit.Change(async connection =>
        {
            await CustomerRules.DemandPerson(connection, customerId, ct);
            (long Id, int Version)? text = said.Given ? await PublishText.InForce(connection, purpose, by, now, ct) : null;
            var done = await connection.Run("""
                insert into customers_consent (customer_id, purpose_id, channel, given, text_id, at, way, proof, created_at, created_by, form_key)
                values (@customer, @purpose, @channel, @given, @text, @at, @way, @proof, @now, @by, @key) on conflict do nothing
                """, ct, ("customer", customerId), ("purpose", purpose.Id), ("channel", said.Channel), ("given", said.Given), ("text", text?.Id), ("at", said.At), ("way", said.Way), ("proof", proof), ("now", now), ("by", by), ("key", key.Value));
            if (done == 0) { return null; }
            await permission.Run(connection, [customerId], ct);
            // The proof stays in the ledger alone, where it can go when its time is over.
            AuditChange[] changes = [AuditChange.Is("purpose", purpose.Name(texts)), AuditChange.Is("channel", CustomerFilter.Kebab(said.Channel)), .. text is { } shown ? [AuditChange.Is("version", shown.Version)] : (AuditChange[])[], AuditChange.Is("way", CustomerFilter.Kebab(said.Way))];
            return Audited.Customer(said.Given ? "consent.given" : "consent.withdrawn", customerId, changes);
        }, ct);
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
