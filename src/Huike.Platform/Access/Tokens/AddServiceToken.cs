using System.Globalization;
using System.Security.Claims;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Users;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Tokens;

/// <summary>A token for a service account, and the account where it is new.</summary>
/// <param name="AccountId">The account; null: a new one.</param>
/// <param name="Account">Name of the new one.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="UnitId">Its unit; null: the whole firm.</param>
/// <param name="Token">The token.</param>
public sealed record ServiceTokenInput(long? AccountId, string Account, IReadOnlyList<string> Roles, long? UnitId, TokenWish Token)
{
    internal static ServiceTokenInput Read(IFormCollection form) => new(Number(form["id"]), form["account"].ToString().Trim(),
        [.. form["role"].OfType<string>().Where(role => role.Length > 0).Distinct(StringComparer.Ordinal)], Number(form["unit"]), TokenWish.Read(form));

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}

/// <summary>Makes a token that belongs to no person: it stays when people go. Its service account never signs in.</summary>
internal sealed class AddServiceToken(HuikeDb db, AddUser add, UserChange change, PlacePerson place, TokenRegister tokens)
{
    /// <returns>The account, and the token itself, to be shown once.</returns>
    /// <exception cref="RuleException">What is wrong with the token; those of <see cref="AddUser"/>; <c>access.user.more</c>: the account may do more than who makes the token; <c>access.user.unknown</c>, <c>access.user.disabled</c>.</exception>
    public async Task<(long AccountId, string Token)> Run(ClaimsPrincipal actor, ServiceTokenInput input, CancellationToken ct)
    {
        input.Token.Demand(tokens.Offered(actor.Access()));
        await tokens.DemandFirst(input.Token, ct);
        if (input.AccountId is { } known) { await DemandOwn(actor, known, ct); }
        var id = input.AccountId ?? await add.Run(actor, new(input.Account, "", "", input.Roles, UserKind.Service), ct);
        if (input.AccountId is null && input.UnitId is { } unit and not Unit.Firm && actor.Holds(Permissions.Organisation)) { await place.Run(id, new(unit, [], "", "", 0), ct); }
        return (id, await tokens.Add(id, input.Token, ct));
    }

    /// <summary>Whoever has the token acts as the account.</summary>
    private async Task DemandOwn(ClaimsPrincipal actor, long id, CancellationToken ct)
    {
        var account = await db.Users.AsNoTracking().FirstOrDefaultAsync(user => user.Id == id && user.Kind == UserKind.Service, ct) ?? throw new RuleException("access.user.unknown");
        if (account.DisabledAt is not null) { throw new RuleException("access.user.disabled"); }
        await change.DemandCovers(actor.Access(), await change.Roles(id, ct), ct);
    }
}
