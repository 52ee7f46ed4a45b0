using System.Data.Common;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Users;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access.Organisation;

/// <summary>Somebody to come into the organisation.</summary>
/// <param name="Name">Sign-in name.</param>
/// <param name="DisplayName">Shown to colleagues.</param>
/// <param name="Unit">Names of units from the top down; those that don't exist are made.</param>
/// <param name="Roles">Names of roles.</param>
public sealed record NewPerson(string Name, string DisplayName, IReadOnlyList<(string Name, UnitKind Kind)> Unit, IReadOnlyList<string> Roles)
{
    /// <summary>Leads the unit.</summary>
    public bool IsLeader { get; init; }

    /// <summary>Staff or partner.</summary>
    public UserKind Kind { get; init; }
}

/// <summary>Brings many people and their units into the organisation at once; who is there already stays as he is.</summary>
public sealed class LoadPeople
{
    private readonly Database database;
    private readonly UserManager<User> users;
    private readonly AccessMemory memory;
    private readonly AuditLog audit;
    private readonly AddUnit addUnit;

    internal LoadPeople(Database database, UserManager<User> users, AccessMemory memory, AuditLog audit, AddUnit addUnit) =>
        (this.database, this.users, this.memory, this.audit, this.addUnit) = (database, users, memory, audit, addUnit);

    /// <summary>Adds who isn't there. Without a password nobody comes in before choosing one by a link.</summary>
    /// <param name="people">In any order.</param>
    /// <param name="password">Everybody's first password; null: none.</param>
    /// <param name="ct">Ends the load.</param>
    /// <returns>How many were added.</returns>
    /// <exception cref="RuleException">With the code of what is wrong with a name or the password.</exception>
    public async Task<int> Run(IReadOnlyList<NewPerson> people, string? password, CancellationToken ct)
    {
        var added = 0;
        foreach (var person in people)
        {
            if (await users.FindByNameAsync(person.Name) is not null) { continue; }
            var unit = await UnitOf(person.Unit, ct);
            var user = new User { UserName = person.Name, DisplayName = person.DisplayName, UnitId = unit, Kind = person.Kind };
            UserChange.Demand(await (password is null ? users.CreateAsync(user) : users.CreateAsync(user, password)));
            await audit.Change(async connection =>
            {
                foreach (var role in person.Roles) { await connection.Run("insert into platform_user_role (user_id, role) values (@user, @role)", ct, ("user", user.Id), ("role", role)); }
                if (person.IsLeader) { await connection.Run("update platform_unit set leader_id = @user, version = version + 1 where id = @unit", ct, ("user", user.Id), ("unit", unit)); }
                return UserChange.Entry("added", user.Id, AuditChange.Is("name", user.UserName), AuditChange.Is("displayName", user.DisplayName), AuditChange.Is("role", string.Join(", ", person.Roles)));
            }, ct);
            added++;
        }
        memory.Forget();
        return added;
    }

    private async Task<long> UnitOf(IReadOnlyList<(string Name, UnitKind Kind)> path, CancellationToken ct)
    {
        var at = Unit.Firm;
        foreach (var (name, kind) in path)
        {
            var parent = at;
            await using (var connection = await database.Open(ct)) { at = await connection.Number("select id from platform_unit where parent_id = @parent and name = @name and closed_at is null", ct, ("parent", parent), ("name", name)); }
            if (at == 0) { at = await addUnit.Run(new(name, kind, parent, "", 0), ct); }
        }
        return at;
    }
}
