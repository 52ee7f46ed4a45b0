using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers.Parts;

/// <summary>A part of a customer's file as programs read it.</summary>
internal interface IPartRecord
{
    /// <summary>Null: it stands in a field of the customer alone, and is changed there.</summary>
    long? Id { get; }

    int Version { get; }
}

/// <summary>Parts of one kind on customers' files, as programs read and write them.</summary>
internal interface IFileParts<in TNew, in TChange, TRecord> where TRecord : class, IPartRecord
{
    /// <summary>Code of the refusal where the customer has no such part.</summary>
    static abstract string Unknown { get; }

    /// <summary>All of a customer's, as this one may see them.</summary>
    static abstract Task<IReadOnlyList<TRecord>> Of(DbConnection connection, long customerId, Viewer viewer, CancellationToken ct);

    /// <returns>Number of the new one.</returns>
    Task<long> Add(FileWriter writer, TNew wanted, IReadOnlySet<string> given, CancellationToken ct);

    Task<long> Change(FileWriter writer, long id, TChange wanted, IReadOnlySet<string> given, CancellationToken ct);

    Task<long> Remove(FileWriter writer, long id, CancellationToken ct);
}

/// <summary>Routes by which programs read and write parts of customers' files.</summary>
internal static class FileParts
{
    /// <summary>A write on one row of a part that has no route of its own: the customer is held before it, as by everybody else.</summary>
    /// <param name="http">The request.</param>
    /// <param name="writes">Around the write.</param>
    /// <param name="table">With <c>id</c>, <c>customer_id</c> and <c>version</c>.</param>
    /// <param name="id">Whose.</param>
    /// <param name="part">Which.</param>
    /// <param name="work">The verb.</param>
    /// <param name="ct">Ends the write.</param>
    public static Task OnOne(HttpContext http, ApiWrites writes, string table, long id, long part, Func<ApiInput, Task<ApiAnswer>> work, CancellationToken ct) => writes.Change(http, async connection =>
    {
        await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", id));
        var version = await connection.Number($"select version from {table} where id = @part and customer_id = @id", ct, ("part", part), ("id", id));
        return version == 0 ? null : ApiVersion.Tag((int)version);
    }, work, ct);

    /// <summary>Maps the routes of parts of one kind.</summary>
    /// <param name="routes">Of the program.</param>
    /// <param name="path">Behind the customer.</param>
    /// <param name="names">As operations call one and several, <c>Address</c> and <c>Addresses</c>.</param>
    public static void MapFileParts<TParts, TNew, TChange, TRecord>(this IEndpointRouteBuilder routes, string path, (string One, string Several) names)
        where TParts : class, IFileParts<TNew, TChange, TRecord>
        where TNew : class
        where TChange : class
        where TRecord : class, IPartRecord
    {
        var parts = routes.MapApi($"customers/{{id:long}}/{path}");
        parts.MapGet("/", Routes<TParts, TNew, TChange, TRecord>.List).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("list" + names.Several).Produces<ApiList<TRecord>>();
        parts.MapPost("/", Routes<TParts, TNew, TChange, TRecord>.Add).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<TNew, TRecord>("add" + names.One, StatusCodes.Status201Created);
        parts.MapGet("/{part:long}", Routes<TParts, TNew, TChange, TRecord>.One).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("read" + names.One).Produces<TRecord>();
        parts.MapPatch("/{part:long}", Routes<TParts, TNew, TChange, TRecord>.Change).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<TChange, TRecord>("change" + names.One, matched: true);
        parts.MapDelete("/{part:long}", Routes<TParts, TNew, TChange, TRecord>.Remove).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes("remove" + names.One, matched: true);
    }

    private static class Routes<TParts, TNew, TChange, TRecord>
        where TParts : class, IFileParts<TNew, TChange, TRecord>
        where TNew : class
        where TChange : class
        where TRecord : class, IPartRecord
    {
        public static async Task<IResult> List(HttpContext http, Database database, long id, CancellationToken ct)
        {
            await using var connection = await database.Open(ct);
            return TypedResults.Json(new ApiList<TRecord>(await TParts.Of(connection, id, Viewer.Of(http), ct), null), ApiAnswer.Json);
        }

        public static async Task<IResult> One(HttpContext http, Database database, long id, long part, CancellationToken ct)
        {
            await using var connection = await database.Open(ct);
            var found = await Find(connection, http, id, part, ct) ?? throw Unknown();
            http.Response.Headers.ETag = ApiVersion.Tag(found.Version);
            return TypedResults.Json(found, ApiAnswer.Json);
        }

        public static Task Add(HttpContext http, ApiWrites writes, Database database, long id, CancellationToken ct) => writes.Run(http, async input =>
        {
            var (wanted, given) = input.As<TNew>();
            var part = await Verbs(http).Add(FileWriter.Of(http, id), wanted, given, ct);
            return await Answer(http, database, (id, part), StatusCodes.Status201Created, ct) with { Location = string.Create(CultureInfo.InvariantCulture, $"{http.Request.Path.Value!.TrimEnd('/')}/{part}") };
        }, ct);

        public static Task Change(HttpContext http, ApiWrites writes, Database database, long id, long part, CancellationToken ct) => writes.Change(http, Held(http, id, part, ct), async input =>
        {
            var (wanted, given) = input.As<TChange>();
            await Verbs(http).Change(FileWriter.Of(http, id), part, wanted, given, ct);
            return await Answer(http, database, (id, part), StatusCodes.Status200OK, ct);
        }, ct);

        public static Task Remove(HttpContext http, ApiWrites writes, long id, long part, CancellationToken ct) => writes.Change(http, Held(http, id, part, ct), async _ =>
        {
            await Verbs(http).Remove(FileWriter.Of(http, id), part, ct);
            return ApiAnswer.Nothing;
        }, ct);

        // Not a parameter: the compiler's analyzer of routes can't bear one of an open type.
        private static TParts Verbs(HttpContext http) => http.RequestServices.GetRequiredService<TParts>();

        // The customer is held before the part, as by everybody else.
        private static Func<DbConnection, Task<string?>> Held(HttpContext http, long id, long part, CancellationToken ct) => async connection =>
        {
            await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", id));
            return await Find(connection, http, id, part, ct) is { } found ? ApiVersion.Tag(found.Version) : null;
        };

        private static async Task<ApiAnswer> Answer(HttpContext http, Database database, (long Customer, long Part) of, int status, CancellationToken ct)
        {
            await using var connection = await database.Open(ct);
            var found = await Find(connection, http, of.Customer, of.Part, ct) ?? throw Unknown();
            return ApiAnswer.Of(found, status) with { Version = found.Version, About = new(CustomerPermissions.Records.Name, of.Customer) };
        }

        private static async Task<TRecord?> Find(DbConnection connection, HttpContext http, long id, long part, CancellationToken ct) =>
            (await TParts.Of(connection, id, Viewer.Of(http), ct)).FirstOrDefault(known => known.Id == part);

        private static RuleException Unknown() => new(TParts.Unknown) { Status = StatusCodes.Status404NotFound };
    }
}
