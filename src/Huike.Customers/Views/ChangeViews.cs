using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers.Views;

/// <summary>A view as somebody says it.</summary>
/// <param name="Name">1–60 characters.</param>
/// <param name="Sharing">Who uses it.</param>
/// <param name="UnitId">The unit that it is shared with; counts for <see cref="ViewSharing.Unit"/> alone.</param>
/// <param name="Query">As in the list's address, checked.</param>
internal sealed record ViewInput(string? Name, ViewSharing Sharing, long? UnitId, string Query);

/// <summary>Keeps, changes, copies and removes views, and pins them.</summary>
internal sealed class ChangeViews(Database database, AuditLog audit, TimeProvider clock)
{
    private const int MostOfOne = 100;

    /// <summary>As the audit knows views.</summary>
    public static readonly AuditedKind Audited = new("view", "views.audit.view", "/customers?view={0}", "views.field.", "views.");

    /// <param name="access">Whose it will be.</param>
    /// <param name="input">What it is.</param>
    /// <param name="key">Sent twice under one, it makes one view.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="RuleException"><c>views.name</c>, <c>views.many</c>, <c>views.unit</c>, <c>access.record.refused</c>: to share it the user needs <see cref="CustomerPermissions.ShareViews"/>.</exception>
    public async Task<long> Add(UserAccess access, ViewInput input, FormKey key, CancellationToken ct)
    {
        long id = 0;
        await audit.Change(async connection =>
        {
            var (name, unit) = await Checked(connection, access, input, null, ct);
            id = await connection.Number("select id from customers_view where form_key = @key and owner_id = @owner", ct, ("key", key.Value), ("owner", access.UserId));
            if (id > 0) { return null; }
            if (await connection.Number("select count(*) from customers_view where owner_id = @owner", ct, ("owner", access.UserId)) >= MostOfOne) { throw new RuleException("views.many", MostOfOne); }
            id = await connection.Number("insert into customers_view (owner_id, name, sharing, unit_id, query, version, created_at, form_key) values (@owner, @name, @sharing, @unit, @query, 1, @at, @key) returning id", ct,
                ("owner", access.UserId), ("name", name), ("sharing", input.Sharing), ("unit", unit), ("query", input.Query), ("at", clock.GetUtcNow()), ("key", key.Value));
            await Mark(connection, access, id, pinned: true, first: null, ct);
            return new AuditEntry("view.added") { Kind = Audited.Name, Record = id, Changes = [AuditChange.Is("name", name), AuditChange.Is("sharing", Written(input.Sharing)), AuditChange.Is("query", input.Query)] };
        }, ct);
        return id;
    }

    /// <param name="access">Whose it is.</param>
    /// <param name="id">Which.</param>
    /// <param name="change">From what it is to what it shall be.</param>
    /// <param name="version">As it was shown; null: any.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>views.view.unknown</c>, <c>views.foreign</c>: somebody else's; <c>views.stale</c>; those of <see cref="Add"/>.</exception>
    public Task Change(UserAccess access, long id, Func<SavedView, ViewInput> change, int? version, CancellationToken ct) => audit.Change(async connection =>
    {
        var old = await Own(connection, access, id, ct);
        if (version is { } shown && shown != old.Version) { throw new RuleException("views.stale"); }
        var input = change(old);
        var (name, unit) = await Checked(connection, access, input, old, ct);
        if (name == old.Name && input.Sharing == old.Sharing && unit == old.UnitId && input.Query == old.Query) { return null; }
        await connection.Run("update customers_view set name = @name, sharing = @sharing, unit_id = @unit, query = @query, version = version + 1 where id = @id", ct, ("name", name), ("sharing", input.Sharing), ("unit", unit), ("query", input.Query), ("id", id));
        return new AuditEntry("view.changed")
        {
            Kind = Audited.Name,
            Record = id,
            Changes = [.. new AuditChange[] { new("name", old.Name, name), new("sharing", Written(old.Sharing), Written(input.Sharing)), new("query", old.Query, input.Query) }.Where(one => one.Old != one.New)],
        };
    }, ct);

    /// <exception cref="RuleException"><c>views.view.unknown</c>, <c>views.foreign</c>.</exception>
    public Task Remove(UserAccess access, long id, CancellationToken ct) => audit.Change(async connection =>
    {
        var old = await Own(connection, access, id, ct);
        await connection.Run("delete from customers_view where id = @id", ct, ("id", id));
        return new AuditEntry("view.removed") { Kind = Audited.Name, Record = id, Changes = [new("name", old.Name, null)] };
    }, ct);

    /// <summary>Puts a view into the reader's own navigation or takes it out, lets it come one place earlier, or lets his list begin with it.</summary>
    /// <exception cref="RuleException"><c>views.view.unknown</c>, <c>views.mark.wrong</c>.</exception>
    public async Task Mark(UserAccess access, long id, string how, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var view = await SavedView.Find(connection, access, id, ct);
        switch (how)
        {
            case "pin": await Mark(connection, access, id, pinned: true, first: null, ct); break;
            case "unpin": await Mark(connection, access, id, pinned: false, first: null, ct); break;
            case "first": await Mark(connection, access, id, pinned: view.IsPinned, first: true, ct); break;
            case "not-first": await Mark(connection, access, id, pinned: view.IsPinned, first: false, ct); break;
            case "up": await Up(connection, access, id, ct); break;
            default: throw new RuleException("views.mark.wrong");
        }
        await transaction.CommitAsync(ct);
    }

    /// <summary>Number of the view that somebody's list begins with; 0: none.</summary>
    public static Task<long> First(DbConnection connection, long userId, CancellationToken ct) => connection.Number("select view_id from customers_view_pin where user_id = @user and is_default = @yes", ct, ("user", userId), ("yes", true));

    private static async Task Mark(DbConnection connection, UserAccess access, long id, bool pinned, bool? first, CancellationToken ct)
    {
        (string, object?)[] of = [("user", access.UserId), ("view", id), ("pinned", pinned), ("first", first == true), ("no", false)];
        if (first == true) { await connection.Run("update customers_view_pin set is_default = @no where user_id = @user", ct, ("user", access.UserId), ("no", false)); }
        await connection.Run($"""
            insert into customers_view_pin (user_id, view_id, place, is_pinned, is_default) select @user, @view, coalesce(max(place), 0) + 1, @pinned, @first from customers_view_pin where user_id = @user
            on conflict (user_id, view_id) do update set is_pinned = excluded.is_pinned{(first is null ? "" : ", is_default = excluded.is_default")}
            """, ct, of);
    }

    /// <summary>Changes places with the pinned one before it.</summary>
    private static async Task Up(DbConnection connection, UserAccess access, long id, CancellationToken ct)
    {
        var pins = await connection.Rows("select view_id, place from customers_view_pin where user_id = @user and is_pinned = @yes order by place, view_id", row => (View: row.GetInt64(0), Place: row.GetInt32(1)), ct, ("user", access.UserId), ("yes", true));
        var at = pins.FindIndex(pin => pin.View == id);
        if (at <= 0) { return; }
        foreach (var (view, place) in new[] { (id, pins[at - 1].Place), (pins[at - 1].View, pins[at].Place) })
        {
            await connection.Run("update customers_view_pin set place = @place where user_id = @user and view_id = @view", ct, ("place", place), ("user", access.UserId), ("view", view));
        }
    }

    private static async Task<SavedView> Own(DbConnection connection, UserAccess access, long id, CancellationToken ct)
    {
        await connection.Run("update customers_view set version = version where id = @id", ct, ("id", id));
        var view = await SavedView.Find(connection, access, id, ct);
        return view.OwnerId == access.UserId ? view : throw new RuleException("views.foreign");
    }

    private static async Task<(string Name, long? Unit)> Checked(DbConnection connection, UserAccess access, ViewInput input, SavedView? old, CancellationToken ct)
    {
        var name = TypedText.Clean(input.Name).ReplaceLineEndings(" ");
        if (name.Length is 0 or > SavedView.LongestName) { throw new RuleException("views.name", SavedView.LongestName); }
        if (!Enum.IsDefined(input.Sharing)) { throw new RuleException("views.sharing.wrong"); }
        var unit = input.Sharing == ViewSharing.Unit ? input.UnitId : null;
        // What is shared already stays so, whatever its owner may by now.
        if (input.Sharing == ViewSharing.Private || (old is not null && input.Sharing == old.Sharing && unit == old.UnitId)) { return (name, unit); }
        if (access.Widest(CustomerPermissions.ShareViews) == RecordScope.None) { throw new RuleException("access.record.refused"); }
        if (input.Sharing == ViewSharing.Unit && (unit is null || await connection.Number("select count(*) from platform_unit where id = @id and closed_at is null", ct, ("id", unit)) == 0)) { throw new RuleException("views.unit"); }
        return (name, unit);
    }

    private static string Written(ViewSharing sharing) => CustomerFilter.Kebab(sharing);
}
