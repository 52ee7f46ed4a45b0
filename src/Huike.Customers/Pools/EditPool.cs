using System.Globalization;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Pools;

/// <summary>The form of a pool, before and after it was sent.</summary>
internal sealed class EditPool(Database database, SavePool save, PoolParts parts, Shown<PoolFormView> shown, Texts texts)
{
    public async Task<IResult> Show(HttpContext http, long id, PoolDraft? typed, string? error, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var pool = id == 0 ? null : await Pool.Find(connection, id, ct);
        var draft = typed ?? (pool is null ? new("", 0, true, new() { Returns = [new(Lack.Contact, 15)] }, [], [], []) : Draft(pool, await PoolMember.Of(connection, id, ct)));
        var flows = await connection.Rows("select id, name from platform_approval_flow where is_on = 1 order by name limit 100", row => (row.GetInt64(0), row.GetString(1)), ct);
        shown.Value = new(pool, draft, [.. (await parts.Organisation.Units(ct)).Where(placed => placed.Unit.ClosedAt is null)], flows, FormKey.New(), error);
        return Pages.Show<PoolFormPage>(http, texts[pool is null ? "pools.new.title" : "pools.settings.title"], status: error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    public Task<IResult> Save(HttpContext http, long id, IFormCollection form, CancellationToken ct) => Tried(http, id, form, async () =>
    {
        var version = int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : (int?)null;
        return TypedResults.LocalRedirect(PoolEndpoints.Of(await save.Run(id, version, PoolForm.Read(form), FormKey.Read(form[FormKey.Name]), ct)));
    }, ct);

    /// <summary>What is wrong stands on the form with what was typed.</summary>
    public async Task<IResult> Tried(HttpContext http, long id, IFormCollection form, Func<Task<IResult>> work, CancellationToken ct)
    {
        try
        {
            return await work();
        }
        catch (RuleException wrong) when (wrong.Code != "pools.pool.unknown" && wrong.Code != "access.record.refused" && wrong.Code != "customers.form.key")
        {
            return await Show(http, id, wrong.Code == "pools.rules.wrong" ? null : PoolForm.Read(form), texts[wrong.Code, [.. wrong.Args]], ct);
        }
    }

    private static PoolDraft Draft(Pool pool, IReadOnlyList<PoolMember> members) => new(pool.Name, pool.Position, pool.IsOpen, pool.Rules,
        [.. members.Where(member => member is { UserId: not null, IsAdministrator: false }).Select(member => member.Name)], [.. members.Where(member => member is { UserId: not null, IsAdministrator: true }).Select(member => member.Name)],
        [.. members.Select(member => member.UnitId).OfType<long>()]);
}
