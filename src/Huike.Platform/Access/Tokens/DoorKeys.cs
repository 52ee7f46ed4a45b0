using Huike.Platform.Access.Records;

namespace Huike.Platform.Access.Tokens;

/// <summary>Passwords of one's own for a <see cref="TokenDoor"/>: each for one device, shown once, ended at any time.</summary>
public interface IDoorKeys
{
    /// <summary>Those of a user that open the door, by number.</summary>
    Task<IReadOnlyList<Token>> Of(long userId, TokenDoor door, CancellationToken ct);

    /// <summary>Makes one, good for a year.</summary>
    /// <param name="access">For whom.</param>
    /// <param name="door">What it opens, and nothing else.</param>
    /// <param name="name">Of the device.</param>
    /// <param name="formKey">Names one showing of the form.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>The password, to be shown once.</returns>
    /// <exception cref="RuleException"><c>access.token.name</c>, <c>access.token.form</c>, <c>access.token.twice</c>, <c>access.token.scope.more</c>: the user may not.</exception>
    Task<string> Make(UserAccess access, TokenDoor door, string name, string formKey, CancellationToken ct);

    /// <summary>Ends one.</summary>
    /// <exception cref="RuleException"><c>access.token.unknown</c>.</exception>
    Task End(long userId, long id, CancellationToken ct);
}

/// <inheritdoc/>
internal sealed class DoorKeys(TokenRegister tokens) : IDoorKeys
{
    private const int MostPages = 10;

    public async Task<IReadOnlyList<Token>> Of(long userId, TokenDoor door, CancellationToken ct)
    {
        var found = new List<Token>();
        long after = 0;
        for (var page = 0; page < MostPages && await tokens.List(userId, after, ct) is { Count: > 0 } some; page++)
        {
            found.AddRange(some.Where(token => token.Id > after && token.Scope.Chosen.Contains(door.Permission)));
            after = some[^1].Id;
        }
        return found;
    }

    public async Task<string> Make(UserAccess access, TokenDoor door, string name, string formKey, CancellationToken ct)
    {
        var wish = new TokenWish(name.Trim(), TokenWish.MostDays, new(door.Permission)) { FormKey = formKey };
        wish.Demand(tokens.Offered(access));
        return await tokens.Add(access.UserId, wish, ct);
    }

    public Task End(long userId, long id, CancellationToken ct) => tokens.End(id, userId, ct);
}

/// <summary>A page of one's own account that a module offers, as a singleton.</summary>
/// <param name="Href">Where.</param>
/// <param name="TextKey">What it is called.</param>
/// <param name="Icon">Its picture.</param>
/// <param name="Permission">Who may have it.</param>
public sealed record AccountLink(string Href, string TextKey, string Icon, string Permission);
