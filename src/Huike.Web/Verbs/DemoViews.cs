using Huike.Platform.Data;

namespace Huike.Web.Verbs;

/// <summary>The demo firm's views: lists that a sales manager keeps, everybody's and pinned by the administrator.</summary>
internal static class DemoViews
{
    private static readonly (string Name, string Query)[] All =
    [
        ("quiet", "where=" + Uri.EscapeDataString("all(any(tier:is:platinum,tier:is:gold),any(contactedAt:empty,contactedAt:max:today-90),openSteps:is:0)") + "&sort=contribution&dir=desc"),
        ("board", "as=board&group=stage"),
        ("places", "as=places"),
        ("groups", "group=tier"),
    ];

    public static async Task Keep(IServiceProvider services, CancellationToken ct)
    {
        var (database, now) = (services.GetRequiredService<Database>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        foreach (var (place, (name, query)) in All.Index())
        {
            (string, object?)[] of = [("name", CommandLine.Texts["cli.demo.view." + name]), ("query", query), ("at", now), ("key", "demo-" + name), ("place", place), ("yes", true), ("no", false)];
            await connection.Run("insert into customers_view (owner_id, name, sharing, query, version, created_at, form_key) select min(id), @name, 2, @query, 1, @at, @key from platform_user where true on conflict (form_key) do nothing", ct, of[..4]);
            await connection.Run("""
                insert into customers_view_pin (user_id, view_id, place, is_pinned, is_default) select v.owner_id, v.id, @place, @yes, @no from customers_view v where v.form_key = @key on conflict (user_id, view_id) do nothing
                """, ct, of[3..]);
        }
        await transaction.CommitAsync(ct);
    }
}
