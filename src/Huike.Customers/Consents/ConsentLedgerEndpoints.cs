using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Exports;
using Huike.Customers.Processing;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Consents;

/// <summary>A page of the ledger.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Rows">One more than a page holds where there are more.</param>
/// <param name="Purposes">Purposes that rest on consent, and what exports can be for.</param>
/// <param name="Words">Language and zone.</param>
/// <param name="MayExport">Whether the visitor may take it away.</param>
internal sealed record LedgerView(LedgerQuery Query, IReadOnlyList<LedgerLine> Rows, IReadOnlyList<Purpose> Purposes, ListWording Words, bool MayExport);

/// <summary>A fact of the ledger as programs read it.</summary>
internal sealed record ConsentRecord(long Id, string Purpose, ContactChannel Channel, bool Given, int? TextVersion, string? TextChinese, string? TextEnglish, DateTimeOffset At, ConsentWay Way, string Proof, string CreatedBy);

/// <summary>What a customer agreed to, or took back.</summary>
/// <param name="Purpose">Code of a purpose that rests on consent.</param>
/// <param name="Channel">On which channel; null: on all.</param>
/// <param name="Given">False: taken back.</param>
/// <param name="Way">How it came; null: from another program.</param>
/// <param name="At">When; null: now.</param>
/// <param name="Proof">Number of a recording, name of a document, address of a page; at most 400 characters.</param>
internal sealed record ConsentInput(string? Purpose, ContactChannel? Channel = null, bool Given = true, ConsentWay? Way = null, DateTimeOffset? At = null, string? Proof = null);

/// <summary>Whether the firm may use a channel for a purpose.</summary>
internal sealed record ConsentAnswer(bool Allowed);

/// <summary>The ledger over all customers and of one, as pages, as a file and for programs.</summary>
internal static class ConsentLedgerEndpoints
{
    public const string Path = "/customers/consents";

    public static void MapConsentLedger(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (HttpContext http, Texts texts, ReadLedgerPage read, CancellationToken ct) => read.Run(http, texts, null, ct)).RequireAuthorization(CustomerPermissions.Read);
        routes.MapGet(Path + "/export", (HttpContext http, TakeExport take, CancellationToken ct) => take.Run(http, ExportedConsents.Name, ct)).RequireAuthorization(CustomerPermissions.Export);
        routes.MapGet("/customers/{id:long}/consents", (HttpContext http, Texts texts, ReadLedgerPage read, long id, CancellationToken ct) => read.Run(http, texts, id, ct)).RequireRecord(CustomerPermissions.Records, RecordAction.Read);
        var api = routes.MapApi("customers/{id:long}/consents");
        api.MapGet("/", List).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("listConsents").Produces<ApiList<ConsentRecord>>().Takes(new ApiParameter("before") { IsNumber = true });
        api.MapGet("/allowed", Allowed).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("readConsent").Produces<ConsentAnswer>().Takes(ApiParameter.Of<ContactChannel>("channel"), new("purpose"));
        api.MapPost("/", Add).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<ConsentInput, ConsentRecord>("addConsent", StatusCodes.Status201Created);
    }

    public static string Told(Texts texts, ContactChannel channel) => texts["customers.channel." + CustomerFilter.Kebab(channel)];

    public static string Told(Texts texts, ConsentWay way) => texts["customers.way." + CustomerFilter.Kebab(way)];

    private static async Task<IResult> List(HttpContext http, Database database, Register register, long id, CancellationToken ct, long before = long.MaxValue)
    {
        Viewer.Internal(http);
        await using var connection = await database.Open(ct);
        return TypedResults.Json(ApiList.Of(await Records(connection, register, "c.customer_id = @id and c.id < @before", ct, ("id", id), ("before", before)), one => one.Id), ApiAnswer.Json);
    }

    private static async Task<IResult> Allowed(HttpContext http, Database database, TimeProvider clock, long id, CancellationToken ct)
    {
        Viewer.Internal(http);
        var channel = http.Request.Query["channel"].ToString() is { Length: > 0 } typed ? TypedText.Chosen<ContactChannel>(typed, "privacy.consent.choice") : ContactChannel.All;
        await using var connection = await database.Open(ct);
        return TypedResults.Json(new ConsentAnswer(await ConsentLedger.Allows(connection, id, channel, http.Request.Query["purpose"].ToString() is { Length: > 0 } purpose ? purpose : "marketing", clock.GetUtcNow(), ct)), ApiAnswer.Json);
    }

    private static Task Add(HttpContext http, ApiWrites writes, Database database, Register register, RecordConsent record, TimeProvider clock, long id, CancellationToken ct) => writes.Run(http, async input =>
    {
        var (said, key) = (input.As<ConsentInput>().Value, FormKey.Read(FormKey.New()));
        await record.Run(id, new(said.Purpose, said.Channel ?? ContactChannel.All, said.Given, said.Way ?? ConsentWay.Import, said.At ?? clock.GetUtcNow(), said.Proof), FileEndpoints.By(http.User), key, ct);
        await using var connection = await database.Open(ct);
        var made = (await Records(connection, register, "c.form_key = @key", ct, ("key", key.Value)))[0];
        return ApiAnswer.Of(made, StatusCodes.Status201Created) with { Location = string.Create(CultureInfo.InvariantCulture, $"/api/customers/{id}/consents?before={made.Id + 1}"), About = new(CustomerPermissions.Records.Name, id) };
    }, ct);

    private static async Task<List<ConsentRecord>> Records(System.Data.Common.DbConnection connection, Register register, string test, CancellationToken ct, params (string, object?)[] parameters)
    {
        var purposes = (await register.All(ct)).ToDictionary(purpose => purpose.Id);
        return await connection.Rows($"""
            select c.id, c.purpose_id, c.channel, c.given, t.version, c.at, c.way, c.proof, c.created_by, t.chinese, t.english
            from customers_consent c left join customers_consent_text t on t.id = c.text_id where {test} order by c.id desc limit {ApiList.Most + 1}
            """, row => Consent.Map(row, purposes) is var fact ? new ConsentRecord(fact.Id, fact.Purpose.Code, fact.Channel, fact.Given, fact.TextVersion, row.TextOrNull(9), row.TextOrNull(10), fact.At, fact.Way, fact.Proof, fact.By) : null!, ct, parameters);
    }
}

/// <summary>Reads what a page of the ledger shows.</summary>
internal sealed class ReadLedgerPage(ConsentLedger ledger, Register register, SettingsStore settings, Shown<LedgerView> shown)
{
    public async Task<IResult> Run(HttpContext http, Texts texts, long? customerId, CancellationToken ct)
    {
        var (viewer, query, firm) = (customerId is null ? Viewer.InternalOrNobody(http) : Viewer.Internal(http), LedgerQuery.Read(http.Request.Query, customerId), await settings.Get<FirmSettings>(ct));
        shown.Value = new(query, await ledger.Page(query, viewer, ct), await register.All(ct), new(texts, firm.Currency, firm.Zone), customerId is null && http.User.Holds(CustomerPermissions.Export));
        return Pages.Show<ConsentLedgerPage>(http, texts["privacy.ledger.title"]);
    }
}
