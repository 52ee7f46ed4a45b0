using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.PermissionStages;
using Huike.Customers.Stages;
using Huike.Customers.Views;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers;

/// <summary>Customers for programs.</summary>
internal static class CustomerApi
{
    public const string Table = "customers_customer";

    private static readonly ApiParameter[] Filters =
    [
        new("q"), ApiParameter.Of<Tier>("tier"), ApiParameter.Of<BuyingStage>("stage"), ApiParameter.Of<PermissionStage>("permission"), ApiParameter.Of<CustomerKind>("kind"), new("place"), new("category"), new("tag"), ApiParameter.Of<Relationships.RelationshipType>("relationship"), new("rfm"), new("cohort"), new("step"), new("unknown"), new("contribution", ["negative"]), new("top"), new("where"), new(AskedList.Name) { IsNumber = true },
        new("sort", [.. CustomerSort.All.Select(sort => sort.Name)]), new("dir", ["asc", "desc"]), new("limit") { IsNumber = true },
    ];

    public static void MapCustomerApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapApi("customers");
        api.MapGet("/", Page).RequireAuthorization(CustomerPermissions.Read).WithName("listCustomers").Produces<CustomerRecords>().Takes([.. Filters, .. ApiParameter.Cursors, ApiParameter.Fields]);
        api.MapPost("/", Add).RequireAuthorization(CustomerPermissions.Create).Writes<NewCustomerInput, CustomerRecord>("addCustomer", StatusCodes.Status201Created);
        api.MapPost("/bulk", Bulk).RequireAuthorization(CustomerPermissions.Read).Writes<BulkInput, BulkAnswer>("changeCustomers");
        var one = api.MapGroup("/{id:long}");
        one.MapGet("/", One).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("readCustomer").Produces<CustomerRecord>().Takes(ApiParameter.Fields);
        one.MapPatch("/", Change).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<CustomerInput, CustomerRecord>("changeCustomer", matched: true);
        one.MapDelete("/", Remove).RequireRecord(CustomerPermissions.Records, RecordAction.Delete).Writes("removeCustomer", matched: true);
        one.MapPut("/owner", Assign).RequireRecord(CustomerPermissions.Records, RecordAction.Assign).Writes<OwnerInput, CustomerRecord>("assignCustomer", matched: true);
        one.MapPut("/permission-pin", (HttpContext http, ApiWrites writes, Database database, PinStage pin, long id, CancellationToken ct) => OnOne(http, writes, database, id, (input, _) =>
            Pin(http, pin, id, StageMachine.Permission, input.As<PermissionPinInput>().Value is var wanted ? (CustomerFilter.Kebab(wanted.Stage), wanted.Reason, wanted.Until) : default, ct), ct))
            .RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<PermissionPinInput, CustomerRecord>("pinPermission", matched: true);
        one.MapDelete("/permission-pin", (HttpContext http, ApiWrites writes, PinStage pin, long id, CancellationToken ct) => Unpin(http, writes, pin, id, StageMachine.Permission, ct))
            .RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes("unpinPermission", matched: true);
        one.MapPut("/stage-pin", (HttpContext http, ApiWrites writes, Database database, PinStage pin, long id, CancellationToken ct) => OnOne(http, writes, database, id, (input, _) =>
            Pin(http, pin, id, StageMachine.Buying, input.As<StagePinInput>().Value is var wanted ? (CustomerFilter.Kebab(wanted.Stage), wanted.Reason, wanted.Until) : default, ct), ct)).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<StagePinInput, CustomerRecord>("pinStage", matched: true);
        one.MapDelete("/stage-pin", (HttpContext http, ApiWrites writes, PinStage pin, long id, CancellationToken ct) => Unpin(http, writes, pin, id, StageMachine.Buying, ct)).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes("unpinStage", matched: true);
    }

    /// <summary>The customer as it is now, inside a batch or out of it.</summary>
    public static async Task<ApiAnswer> Answer(HttpContext http, Database database, long id, int status, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var facts = await CustomerFacts.Find(connection, id, ct) ?? throw new RuleException("customers.customer.unknown", id);
        var viewer = Viewer.Of(http);
        return ApiAnswer.Of(to => CustomerJson.Write(to, viewer.Veil(facts), viewer), status) with
        {
            Version = facts.Version,
            About = new(CustomerPermissions.Records.Name, id),
            Location = status == StatusCodes.Status201Created ? string.Create(CultureInfo.InvariantCulture, $"/api/customers/{id}") : null,
        };
    }

    private static async Task Page(HttpContext http, CustomerList list, CancellationToken ct)
    {
        var fields = FieldSelection.Read<CustomerRecord>(http.Request);
        var viewer = Viewer.Of(http);
        var page = await list.Page(CustomerQuery.Read((await AskedList.Read(http, ct)).Query, viewer), ct);
        Begin(http);
        if (fields is null) { CustomerJson.Write(http.Response.BodyWriter, page, viewer); }
        else { fields.Write(ApiAnswer.Of(to => CustomerJson.Write(to, page, viewer)).Body, "rows", http.Response.BodyWriter); }
        await http.Response.BodyWriter.FlushAsync(ct);
    }

    private static async Task One(HttpContext http, Database database, long id, CancellationToken ct)
    {
        var fields = FieldSelection.Read<CustomerRecord>(http.Request);
        await using var connection = await database.OpenForShort(ct);
        var facts = await CustomerFacts.Find(connection, id, ct) ?? throw new RuleException("customers.customer.unknown", id);
        var viewer = Viewer.Of(http);
        http.Response.Headers.ETag = ApiVersion.Tag(facts.Version);
        Begin(http);
        if (fields is null) { CustomerJson.Write(http.Response.BodyWriter, viewer.Veil(facts), viewer); }
        else { fields.Write(ApiAnswer.Of(to => CustomerJson.Write(to, viewer.Veil(facts), viewer)).Body, null, http.Response.BodyWriter); }
        await http.Response.BodyWriter.FlushAsync(ct);
    }

    private static Task Add(HttpContext http, ApiWrites writes, Database database, ChangeByProgram change, CancellationToken ct) => writes.Run(http, async input =>
    {
        var (customer, _) = input.As<NewCustomerInput>();
        return await Answer(http, database, await change.Add(http, customer, ct), StatusCodes.Status201Created, ct);
    }, ct);

    private static Task Change(HttpContext http, ApiWrites writes, Database database, ChangeByProgram change, long id, CancellationToken ct) => OnOne(http, writes, database, id, (input, version) =>
    {
        var (customer, given) = input.As<CustomerInput>();
        return change.Edit(http, id, customer, given, version, ct);
    }, ct);

    private static Task Assign(HttpContext http, ApiWrites writes, Database database, AssignCustomer assign, long id, CancellationToken ct) =>
        OnOne(http, writes, database, id, (input, _) => assign.Run(id, input.As<OwnerInput>().Value.Owner?.Trim() ?? "", ct), ct);

    private static Task Pin(HttpContext http, PinStage pin, long id, StageMachine machine, (string Stage, string Reason, DateOnly Until) wanted, CancellationToken ct) =>
        pin.Run(id, machine, (wanted.Stage, wanted.Reason, wanted.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), FileEndpoints.By(http.User), ct);

    private static Task Unpin(HttpContext http, ApiWrites writes, PinStage pin, long id, StageMachine machine, CancellationToken ct) =>
        writes.Change(http, Table, id, (_, _) => Nothing(pin.Remove(id, machine, FileEndpoints.By(http.User), ct)), ct);

    private static Task Remove(HttpContext http, ApiWrites writes, RemoveCustomer remove, long id, CancellationToken ct) => writes.Change(http, Table, id, (_, _) => Nothing(remove.Run(id, FileEndpoints.By(http.User), ct)), ct);

    private static Task Bulk(HttpContext http, ApiWrites writes, ChangeMany many, CancellationToken ct) =>
        writes.Run(http, async input => ApiAnswer.Of(await many.Run(http, input.As<BulkInput>().Value, ct)), ct);

    /// <summary>A write that answers the customer as it is then.</summary>
    private static Task OnOne(HttpContext http, ApiWrites writes, Database database, long id, Func<ApiInput, int, Task> work, CancellationToken ct) => writes.Change(http, Table, id, async (input, version) =>
    {
        await work(input, version);
        return await Answer(http, database, id, StatusCodes.Status200OK, ct);
    }, ct);

    private static async Task<ApiAnswer> Nothing(Task work)
    {
        await work;
        return ApiAnswer.Nothing;
    }

    private static void Begin(HttpContext http)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
    }
}
