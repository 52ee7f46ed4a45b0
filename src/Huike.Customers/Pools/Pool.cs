using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Pools;

/// <summary>What somebody is to a pool.</summary>
internal enum PoolRole
{
    /// <summary>Nothing: it is as unknown as one that isn't there.</summary>
    None = 0,

    /// <summary>成员: sees what the pool shows, and claims.</summary>
    Member = 1,

    /// <summary>管理员: sees all that his roles show, assigns, puts in and takes out.</summary>
    Administrator = 2,
}

/// <summary>公海: customers whom nobody looks after, and who may claim them.</summary>
/// <param name="Id">Number of the pool.</param>
/// <param name="Name">As the firm calls it.</param>
/// <param name="Position">Pools stand in this order; whoever is a member of several returns customers into the first.</param>
/// <param name="IsOpen">False: nobody claims from it, and nobody returns.</param>
/// <param name="Rules">What holds in it.</param>
/// <param name="RulesOn">The day on which the rules of return were changed last: nobody returns by them unwarned.</param>
/// <param name="Version">Rises with each change.</param>
internal sealed record Pool(long Id, string Name, int Position, bool IsOpen, PoolRules Rules, DateOnly RulesOn, int Version)
{
    public const int LongestName = 100;
    public const int Most = 100;

    private const string Columns = "p.id, p.name, p.position, p.is_open, p.rules, p.rules_on, p.version";

    /// <summary>What the request's user is to it.</summary>
    public PoolRole Role { get; init; }

    public string Href => string.Create(CultureInfo.InvariantCulture, $"{PoolEndpoints.Path}/{Id}");

    public bool MayClaim => IsOpen && Role != PoolRole.None;

    /// <summary>All pools, in their order.</summary>
    public static Task<List<Pool>> All(DbConnection connection, CancellationToken ct) => connection.Rows($"select {Columns}, 0 from customers_pool p order by p.position, p.id limit {Most}", Map, ct);

    /// <summary>Those that somebody belongs to or manages, in their order.</summary>
    public static async Task<List<Pool>> Of(DbConnection connection, UserAccess access, CancellationToken ct)
    {
        if (access.Widest(PoolPermissions.Use) == RecordScope.None && access.Widest(PoolPermissions.Manage) == RecordScope.None) { return []; }
        var manages = access.Widest(PoolPermissions.Manage) > RecordScope.None;
        return await connection.Rows($"select * from (select {Columns}, {(manages ? "2" : RoleOf(access))} as role from customers_pool p) p where p.role > 0 order by p.position, p.id limit {Most}", Map, ct);
    }

    /// <summary>One of those.</summary>
    /// <exception cref="RuleException"><c>pools.pool.unknown</c>; <c>access.record.refused</c>: he is less to it than is asked for.</exception>
    public static async Task<Pool> Demand(DbConnection connection, UserAccess access, long id, PoolRole least, CancellationToken ct)
    {
        var found = (await Of(connection, access, ct)).Find(pool => pool.Id == id) ?? throw new RuleException("pools.pool.unknown", id);
        return found.Role >= least ? found : throw new RuleException("access.record.refused");
    }

    /// <exception cref="RuleException"><c>pools.pool.unknown</c>.</exception>
    public static async Task<Pool> Find(DbConnection connection, long id, CancellationToken ct) =>
        await connection.First($"select {Columns}, 0 from customers_pool p where p.id = @id", Map, ct, ("id", id)) ?? throw new RuleException("pools.pool.unknown", id);

    /// <summary>Who looks at what waits in it: the pool's customers alone, and of a member's fields no more than the pool shows.</summary>
    public Viewer Viewer(HttpContext http)
    {
        var viewer = Huike.Customers.Viewer.Of(http);
        var held = new Scope(CustomerPermissions.Records, [new(ArmKind.Pool, [Id], new(http.User.Access().UserId, "", [], [], IsSelf: true), null)], default);
        var clear = Role == PoolRole.Administrator ? viewer.Fields.Clear : Math.Min(viewer.Fields.Clear, Rules.Shown);
        return new([held], viewer.Fields with { Clear = clear }) { Own = [.. viewer.Own.Where(field => field.Level <= Math.Max(1, clear))] };
    }

    /// <summary>Whoever belongs to a unit belongs to those above it.</summary>
    private static string RoleOf(UserAccess access) => string.Create(CultureInfo.InvariantCulture,
        $"coalesce((select max(case when m.is_admin then 2 else 1 end) from customers_pool_member m where m.pool_id = p.id and (m.user_id = {access.UserId} or m.unit_id in ({string.Join(',', access.Above.DefaultIfEmpty(-1))}))), 0)");

    private static Pool Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt32(2), row.GetBoolean(3), PoolRules.Parse(row.GetString(4)), DateOnly.ParseExact(row.GetString(5), "yyyy-MM-dd", CultureInfo.InvariantCulture), row.GetInt32(6)) { Role = (PoolRole)Convert.ToInt32(row.GetValue(7), CultureInfo.InvariantCulture) };
}
