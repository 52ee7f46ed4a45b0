using System.Globalization;
using Huike.Customers.Consents;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Calendar;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.SubjectRequests;

/// <summary>Takes in a request; its clock runs from the day on which it came.</summary>
internal sealed class OpenRequest(Database database, SettingsStore settings, Calendars calendars, AuditLog audit, TimeProvider clock)
{
    /// <summary>Code of the refusal of a choice that isn't one.</summary>
    public const string WrongChoice = "privacy.request.choice";

    private const int LongestDetails = 2_000;

    /// <param name="form"><c>customer</c> (id, or the firm's number), <c>kind</c>, <c>channel</c>, <c>received</c> (a day; today where empty), <c>identity</c>, <c>details</c>, and the form's key: sent twice, it makes one request.</param>
    /// <param name="by">Who takes it in.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="RuleException"><c>privacy.request.customer</c>, <c>privacy.request.choice</c>, <c>privacy.request.details</c>, <c>privacy.consent.day</c>, <c>privacy.erased</c>, <c>calendar.count.none</c>.</exception>
    public async Task<long> Run(IFormCollection form, string by, CancellationToken ct)
    {
        var key = FormKey.Read(form[FormKey.Name]).Value;
        var (kind, channel, identity) = (TypedText.Chosen<RequestKind>(form["kind"], WrongChoice), TypedText.Chosen<ContactChannel>(form["channel"], WrongChoice), TypedText.Chosen<IdentityCheck>(form["identity"], WrongChoice));
        var details = TypedText.Clean(form["details"]);
        if (details.Length > LongestDetails) { throw new RuleException("privacy.request.details", LongestDetails); }
        var (zone, now) = ((await settings.Get<FirmSettings>(ct)).Zone, clock.GetUtcNow());
        var receivedAt = Received(form["received"], zone, now);
        var dueAt = (await settings.Get<RequestRules>(ct)).DueAt(receivedAt, zone, (await calendars.Usual(ct)).Time);
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var number = TypedText.Clean(form["customer"]);
        var customer = await connection.Number("select id from customers_customer where number = @number", ct, ("number", number));
        if (customer == 0) { throw new RuleException("privacy.request.customer"); }
        await CustomerRules.DemandPerson(connection, customer, ct);
        var id = await connection.Number("""
            insert into customers_subject_request (customer_id, kind, channel, details, received_at, due_at, identity, state, answer, answered_by, created_by, form_key)
            values (@customer, @kind, @channel, @details, @received, @due, @identity, 0, '', '', @by, @key) on conflict do nothing returning id
            """, ct, ("customer", customer), ("kind", kind), ("channel", channel), ("details", details), ("received", receivedAt), ("due", dueAt), ("identity", identity), ("by", by), ("key", key));
        if (id == 0) { return await connection.Number("select id from customers_subject_request where form_key = @key", ct, ("key", key)); }
        // What was asked in words stays with the request: it goes when the person does.
        AuditChange[] changes = [AuditChange.Is("customer", customer), AuditChange.Is("kind", CustomerFilter.Kebab(kind)), AuditChange.Is("identity", CustomerFilter.Kebab(identity))];
        await audit.Write(connection, Audited.Request("request.received", id, changes), ct);
        await transaction.CommitAsync(ct);
        return id;
    }

    private static DateTimeOffset Received(string? day, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (day is not { Length: > 0 }) { return now; }
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        return DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) && on.Year >= 2000 && on <= today
            ? on == today ? now : LocalDay.Begin(on, zone) : throw new RuleException("privacy.consent.day");
    }
}
