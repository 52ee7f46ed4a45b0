using System.Data.Common;
using System.Globalization;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;

namespace Huike.Customers.Views;

/// <summary>Who uses a view.</summary>
internal enum ViewSharing
{
    /// <summary>Whose it is.</summary>
    Private = 0,

    /// <summary>A unit and all below it too.</summary>
    Unit = 1,

    /// <summary>Everybody who sees customers.</summary>
    All = 2,
}

/// <summary>视图: a list of customers that somebody keeps under a name. What it shows is up to who looks: each sees those customers that are his to see.</summary>
/// <param name="Id">Number.</param>
/// <param name="OwnerId">Whose it is; he alone changes it.</param>
/// <param name="Owner">Shown name.</param>
/// <param name="Name">1–60 characters.</param>
/// <param name="Sharing">Who uses it.</param>
/// <param name="UnitId">The unit that it is shared with; null: none.</param>
/// <param name="Query">Conditions, order, columns, groups and kind as in the list's address.</param>
/// <param name="Version">Rises with each change.</param>
internal sealed record SavedView(long Id, long OwnerId, string Owner, string Name, ViewSharing Sharing, long? UnitId, string Query, int Version)
{
    public const string Table = "customers_view";

    public const int LongestName = 60;

    /// <summary>What a user may see at all: his own, and at most so many others.</summary>
    public const int Most = 200;

    /// <summary>Name of the unit that it is shared with.</summary>
    public string? Unit { get; init; }

    public bool IsPinned { get; init; }

    /// <summary>The reader's list begins with it.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The list through it.</summary>
    public string Href => Of(Id);

    public static string Of(long id) => string.Create(CultureInfo.InvariantCulture, $"/customers?view={id}");

    private const string Select = """
        select v.id, v.owner_id, coalesce(nullif(p.display_name, ''), p.user_name, ''), v.name, v.sharing, v.unit_id, v.query, v.version, u.name, coalesce(m.is_pinned, @no), coalesce(m.is_default, @no)
        from customers_view v left join platform_user p on p.id = v.owner_id left join platform_unit u on u.id = v.unit_id left join customers_view_pin m on m.view_id = v.id and m.user_id = @reader
        """;

    /// <summary>Those that a user may use, pinned ones in their order first.</summary>
    public static Task<List<SavedView>> Seen(DbConnection connection, UserAccess access, CancellationToken ct) =>
        connection.Rows($"{Select} where {Sees(access)} order by case when m.is_pinned = @yes then 0 else 1 end, m.place, v.name, v.id limit {Most}", Map, ct, Parameters(access));

    /// <exception cref="RuleException"><c>views.view.unknown</c>: there is none, or it isn't shared with the user.</exception>
    public static async Task<SavedView> Find(DbConnection connection, UserAccess access, long id, CancellationToken ct) =>
        await connection.First($"{Select} where v.id = @id and {Sees(access)}", Map, ct, [("id", id), .. Parameters(access)]) ?? throw new RuleException("views.view.unknown");

    // Units are numbers of ours: nothing foreign gets into the text.
    private static string Sees(UserAccess access) => $"(v.owner_id = @reader or v.sharing = {(int)ViewSharing.All} or (v.sharing = {(int)ViewSharing.Unit} and v.unit_id in ({string.Join(',', access.Above.DefaultIfEmpty(-1))})))";

    private static (string, object?)[] Parameters(UserAccess access) => [("reader", access.UserId), ("no", false), ("yes", true)];

    private static SavedView Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), (ViewSharing)row.GetInt16(4), row.IsDBNull(5) ? null : row.GetInt64(5), row.GetString(6), row.GetInt32(7))
    {
        Unit = row.TextOrNull(8),
        IsPinned = row.GetBoolean(9),
        IsDefault = row.GetBoolean(10),
    };
}
