using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Platform.Access;

/// <summary>归属人: somebody who can own records.</summary>
/// <param name="Id">Number of the user.</param>
/// <param name="Name">Sign-in name.</param>
/// <param name="UnitId">Main unit.</param>
/// <param name="Kind">Staff or partner.</param>
public sealed record Owner(long Id, string Name, long UnitId, UserKind Kind)
{
    /// <summary>Who has the sign-in name.</summary>
    /// <param name="connection">Reads.</param>
    /// <param name="name">Sign-in name, in any case.</param>
    /// <param name="ct">Ends the read.</param>
    /// <exception cref="RuleException"><c>access.user.nameUnknown</c>: nobody, a customer's account, or one who may not come in.</exception>
    public static async Task<Owner> Find(DbConnection connection, string name, CancellationToken ct) =>
        await connection.First($"{Query} where normalized_user_name = @name and disabled_at is null and kind < 2", Map, ct, ("name", name.ToUpperInvariant())) ?? throw new RuleException("access.user.nameUnknown", name);

    /// <summary>The number behind a sign-in name, where one is named.</summary>
    /// <exception cref="RuleException"><c>access.user.nameUnknown</c>.</exception>
    internal static async Task<long?> FindOrNone(DbConnection connection, string name, CancellationToken ct) => name.Length == 0 ? null : (await Find(connection, name, ct)).Id;

    /// <summary>Who has the number; null: nobody.</summary>
    public static Task<Owner?> Find(DbConnection connection, long id, CancellationToken ct) => connection.First($"{Query} where id = @id", Map, ct, ("id", id));

    private const string Query = "select id, user_name, unit_id, kind from platform_user";

    private static Owner Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), (UserKind)row.GetInt16(3));
}
