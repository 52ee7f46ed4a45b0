using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Merges;

/// <summary>A merge as programs read it.</summary>
/// <param name="Id">Number of the merge.</param>
/// <param name="Customer">Whose file holds it now.</param>
/// <param name="Absorbed">Id that the other customer had, and has again where it was undone.</param>
/// <param name="Number">Number of the other customer.</param>
/// <param name="At">When.</param>
/// <param name="By">Who did it.</param>
/// <param name="UndoneAt">When it was undone; null: it stands.</param>
/// <param name="MayBeUndone">Whether it can be undone.</param>
internal sealed record MergeRecord(long Id, long Customer, long Absorbed, string Number, DateTimeOffset At, string By, DateTimeOffset? UndoneAt, bool MayBeUndone)
{
    public static MergeRecord Of(CustomerMerge merge) => new(merge.Id, merge.CustomerId, merge.AbsorbedId, merge.Number, merge.At, merge.By, merge.UndoneAt, merge.MayBeUndone);
}

/// <summary>Another customer whose file goes into this one.</summary>
/// <param name="Absorbed">Its id.</param>
/// <param name="Take">Members of the customer whose values come from it, and <c>owner</c>, <c>reach</c> and the firm's own as <c>custom.name</c>; null: what this one lacks.</param>
/// <param name="Version">The other's version as it was read; null: whichever.</param>
internal sealed record MergeInput(long Absorbed, IReadOnlyList<string>? Take = null, int? Version = null);

/// <summary>Something that came after a merge and belongs to the one who comes back.</summary>
/// <param name="Kind"><c>notes</c>, <c>nextSteps</c>, <c>contactPoints</c>, <c>attachments</c>, <c>consents</c>, <c>requests</c>, or <c>transactions</c>: the whole document of the transaction.</param>
/// <param name="Id">Its number.</param>
internal sealed record GivenBack(string Kind, long Id);

/// <summary>What goes to the one who comes back, of all that came after the merge.</summary>
internal sealed record UndoMergeInput(IReadOnlyList<GivenBack>? Give = null);

/// <summary>Merging for programs.</summary>
internal static class MergeApi
{
    public static void MapMergeApi(this IEndpointRouteBuilder routes)
    {
        var merges = routes.MapApi("customers/{id:long}/merges");
        merges.MapGet("/", List).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("listMerges").Produces<ApiList<MergeRecord>>();
        merges.MapPost("/", Merge).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).RequireAuthorization(CustomerPermissions.Merge).Writes<MergeInput, MergeRecord>("mergeCustomers", StatusCodes.Status201Created, matched: true);
        merges.MapPost("/{merge:long}/undo", Undo).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).RequireAuthorization(CustomerPermissions.Merge).Writes<UndoMergeInput, CustomerRecord>("undoMerge");
    }

    /// <summary>Columns behind the members that are to be taken.</summary>
    public static IReadOnlyCollection<string>? Columns(IReadOnlyList<string>? take) => take?.Select(ChangeByProgram.Column).ToHashSet();

    private static async Task<IResult> List(Database database, long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return TypedResults.Json(new ApiList<MergeRecord>([.. (await CustomerMerge.Of(connection, id, ct)).Select(MergeRecord.Of)], null), ApiAnswer.Json);
    }

    private static Task Merge(HttpContext http, ApiWrites writes, Database database, ShowMerge show, MergeCustomers merge, long id, CancellationToken ct) => writes.Change(http, CustomerApi.Table, id, async (input, version) =>
    {
        var wish = input.As<MergeInput>().Value;
        var done = await Run(http, show, merge, new(id, wish.Absorbed, Columns(wish.Take)) { Versions = (version, wish.Version ?? 0) }, ct);
        await using var connection = await database.Open(ct);
        return ApiAnswer.Of(MergeRecord.Of(await CustomerMerge.Find(connection, id, done, ct)), StatusCodes.Status201Created) with { About = new(CustomerPermissions.Records.Name, id), Location = string.Create(CultureInfo.InvariantCulture, $"/api/customers/{id}/merges") };
    }, ct);

    /// <summary>A merge under the caller's own rights on both files.</summary>
    public static async Task<long> Run(HttpContext http, ShowMerge show, MergeCustomers merge, MergeWish wish, CancellationToken ct)
    {
        if (wish.Take?.Contains(CustomerMerge.Owner) == true) { http.User.Demand(CustomerPermissions.Assign); }
        if (await merge.Earlier(wish.Survivor, wish.Absorbed, ct) is { } done) { return done; }
        await show.Demand(http, wish.Absorbed, ct);
        return await merge.Run(wish, FileEndpoints.By(http.User), ct);
    }

    private static Task Undo(HttpContext http, ApiWrites writes, Database database, UndoMerge undo, long id, long merge, CancellationToken ct) => writes.Run(http, async input =>
    {
        var given = (input.As<UndoMergeInput>().Value.Give ?? []).Select(one => (one.Kind, one.Id)).ToList();
        return await CustomerApi.Answer(http, database, await undo.Run(id, merge, given, FileEndpoints.By(http.User), ct), StatusCodes.Status200OK, ct);
    }, ct);
}
