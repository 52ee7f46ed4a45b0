using System.Data.Common;
using System.Globalization;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Access.Records;

/// <summary>What the policy says of one record.</summary>
/// <param name="Exists">Whether there is such a record.</param>
/// <param name="By">The reason for which it may be had; null: it may not.</param>
public readonly record struct Verdict(bool Exists, Arm? By);

/// <summary>The one that decides who may have which record: the filter of lists is <see cref="UserAccess.Scope"/>, and one record is asked by the very same conditions (H18).</summary>
public sealed class RecordPolicy(Database database, CurrentActor actor, TimeProvider clock)
{
    /// <summary>Whether a user may do something with a record, and why.</summary>
    public async Task<Verdict> Check(DbConnection connection, UserAccess access, RecordKind kind, RecordAction action, long id, CancellationToken ct)
    {
        var scope = access.Scope(kind, action, clock.GetUtcNow());
        var found = await connection.Rows($"select {scope.SqlOfReason("r")} from {kind.Table} r where r.id = @id", row => Convert.ToInt32(row.GetValue(0), CultureInfo.InvariantCulture), ct, [("id", id), .. scope.Parameters]);
        return found is [var reason] ? new(true, reason == 0 ? null : scope.Arms[reason - 1]) : new(false, null);
    }

    /// <summary>Ends what a user may not do with a record. One that the user may not even see is as unknown as one that isn't there.</summary>
    /// <exception cref="RuleException">The kind's code of the unknown; <c>access.record.refused</c>.</exception>
    public async Task Demand(UserAccess access, RecordKind kind, RecordAction action, long id, CancellationToken ct)
    {
        var (seen, wanted) = (access.Scope(kind, RecordAction.Read, clock.GetUtcNow()), access.Scope(kind, action, clock.GetUtcNow()));
        // Who may have all learns from the read itself that there is none.
        if (seen.Arms is [{ Kind: ArmKind.Everything, Subject.IsSelf: true }] && wanted.Arms is [{ Kind: ArmKind.Everything, Subject.IsSelf: true }]) { return; }
        await using var connection = await database.Open(ct);
        if ((await Check(connection, access, kind, RecordAction.Read, id, ct)).By is not { } read) { throw new RuleException(kind.Unknown, id); }
        var by = action == RecordAction.Read ? read : (await Check(connection, access, kind, action, id, ct)).By;
        ActFor(by ?? throw new RuleException("access.record.refused"));
    }

    /// <summary>What <see cref="Demand"/> would let pass with a record that may be seen; for buttons. One statement.</summary>
    public async Task<IReadOnlySet<RecordAction>> Allowed(DbConnection connection, UserAccess access, RecordKind kind, long id, CancellationToken ct)
    {
        var scopes = kind.Actions.Where(action => action != RecordAction.Create).Select(action => (Action: action, Scope: access.Scope(kind, action, clock.GetUtcNow()))).ToList();
        if (scopes.TrueForAll(one => one.Scope.IsEverything || one.Scope.Arms.Count == 0)) { return scopes.Where(one => one.Scope.IsEverything).Select(one => one.Action).ToHashSet(); }
        var tests = string.Join(", ", scopes.Select(one => $"case when {one.Scope.Sql("r")} then 1 else 0 end"));
        var parameters = scopes.SelectMany(one => one.Scope.Parameters).Take(1);
        var found = await connection.First($"select {tests} from {kind.Table} r where r.id = @id", row => scopes.Where((_, i) => row.GetInt32(i) == 1).Select(one => one.Action).ToHashSet(), ct, [("id", id), .. parameters]);
        return found ?? [];
    }

    private void ActFor(Arm by)
    {
        if (!by.Subject.IsSelf) { actor.ActFor(by.Subject.Name); }
    }
}

/// <summary>Which record a route is about.</summary>
/// <param name="Kind">Of which kind.</param>
/// <param name="Action">What the route does with it.</param>
public sealed record RecordRoute(RecordKind Kind, RecordAction Action);

/// <summary>Knows where a record went that is no more: into another one of its kind. Offered as a singleton.</summary>
public interface IFollowRecords
{
    /// <summary>Name of the <see cref="RecordKind"/>.</summary>
    string Kind { get; }

    /// <summary>Which record holds what this one held; null: none.</summary>
    Task<long?> Successor(DbConnection connection, long id, CancellationToken ct);

    /// <summary>The page that tells one who may know it where the record is instead, or what he may see of it there, and what programs are told; null: there is none.</summary>
    Task<(string Path, RuleException? Told)?> Elsewhere(DbConnection connection, UserAccess access, long id, CancellationToken ct);
}

/// <summary>Puts routes of one record under the policy.</summary>
public static class RecordRoutes
{
    /// <summary>Asks for the permission, and for the record's scope: the record's number stands in the route as <c>id</c>. A route without one, such as a list, is asked for the permission alone.</summary>
    public static TBuilder RequireRecord<TBuilder>(this TBuilder routes, RecordKind kind, RecordAction action) where TBuilder : IEndpointConventionBuilder
    {
        routes.RequireAuthorization(kind.Permission(action)).WithMetadata(new RecordRoute(kind, action));
        return routes.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            if (http.Request.RouteValues.TryGetValue("id", out var text))
            {
                // Read as routing reads it: "+2" and " 2" are record 2 too.
                var id = long.Parse((string)text!, NumberStyles.Integer, CultureInfo.InvariantCulture);
                try
                {
                    await http.RequestServices.GetRequiredService<RecordPolicy>().Demand(http.User.Access(), kind, action, id, http.RequestAborted);
                    return await next(context);
                }
                catch (RuleException unknown) when (unknown.Code == kind.Unknown && unknown.Args is [long missing] && missing == id)
                {
                    if (await Follow(http, kind, id) is { } way) { return way; }
                    throw;
                }
            }
            return await next(context);
        });
    }

    /// <summary>The way to the record that holds what this one held, with all that was sent: a form that was open meanwhile is not lost. A program is told where it is.</summary>
    private static async Task<IResult?> Follow(HttpContext http, RecordKind kind, long id)
    {
        if (http.RequestServices.GetServices<IFollowRecords>().FirstOrDefault(one => one.Kind == kind.Name) is not { } follow) { return null; }
        var isProgram = http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
        await using var connection = await http.RequestServices.GetRequiredService<Database>().Open(http.RequestAborted);
        if (await follow.Elsewhere(connection, http.User.Access(), id, http.RequestAborted) is { } elsewhere)
        {
            if (isProgram) { return elsewhere.Told is { } told ? throw told : null; }
            return elsewhere.Told is not null || HttpMethods.IsGet(http.Request.Method) ? TypedResults.LocalRedirect(elsewhere.Path) : null;
        }
        if (await follow.Successor(connection, id, http.RequestAborted) is not { } successor) { return null; }
        if ((await http.RequestServices.GetRequiredService<RecordPolicy>().Check(connection, http.User.Access(), kind, RecordAction.Read, successor, http.RequestAborted)).By is null) { return null; }
        var (text, path) = (string.Create(CultureInfo.InvariantCulture, $"{successor}"), http.Request.Path.Value!.Split('/'));
        if (isProgram) { throw new RuleException("access.record.merged", id, successor) { Status = StatusCodes.Status410Gone }; }
        if (Array.IndexOf(path, (string)http.Request.RouteValues["id"]!) is not (>= 0 and var at)) { return null; }
        path[at] = text;
        // Written anew: what was asked may hold letters that no header takes.
        return TypedResults.LocalRedirect(new PathString(string.Join('/', path)).ToUriComponent() + QueryString.Create(http.Request.Query).ToUriComponent(), permanent: false, preserveMethod: !HttpMethods.IsGet(http.Request.Method));
    }
}
