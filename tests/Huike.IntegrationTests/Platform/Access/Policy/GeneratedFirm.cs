using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Access.Policy;

/// <summary>A firm made of chance: a tree, roles, people, deputies, shares and customers; and what each may do, by counting out, without a word of SQL.</summary>
internal sealed class GeneratedFirm(int seed)
{
    private const int Units = 9;
    private const int Roles = 4;
    private const int Users = 7;
    private const int Customers = 24;

#pragma warning disable CA5394 // Chance of a test: it must come again.
    private readonly Random chance = new(seed);

    private readonly List<(long Id, int Parent)> units = [(1, -1)];
    private readonly List<Dictionary<string, RecordScope>> roles = [];
    private readonly List<(long User, long Deputy, bool Active)> deputies = [];
    private readonly List<(long Customer, long? User, long? Unit, bool Edit, bool Active)> shares = [];

    public List<GeneratedUser> People { get; } = [];

    public List<(long Id, string Name, long? Owner, long? Unit)> Files { get; } = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task Make(HuikeApp app)
    {
        await MakeUnits(app);
        await MakePeople(app);
        await MakeCustomers(app);
        await using var connection = await app.Database.Open(Ct);
        var now = app.Clock.GetUtcNow();
        for (var i = 0; i < 6; i++)
        {
            var (user, deputy, active) = (Any(People).Id, Any(People).Id, Maybe(0.7));
            if (user == deputy) { continue; }
            deputies.Add((user, deputy, active));
            await connection.Run("insert into platform_deputy (user_id, deputy_id, from_at, until_at, reason, created_at, created_by) values (@user, @deputy, @from, @until, '', @from, '')", Ct,
                ("user", user), ("deputy", deputy), ("from", now.AddDays(-2)), ("until", now.AddDays(active ? 2 : -1)));
        }
        for (var i = 0; i < 14; i++) { await Share(connection, now); }
        app.Services.GetRequiredService<AccessMemory>().Forget();
    }

    /// <summary>Whether somebody may do something with a customer, counted out.</summary>
    public bool May(GeneratedUser user, RecordAction action, (long Id, string Name, long? Owner, long? Unit) file) =>
        Grants(user, action, file) && (action == RecordAction.Read || Grants(user, RecordAction.Read, file));

    /// <summary>Whether somebody has the permission at all, on whosesoever customers.</summary>
    public bool Holds(GeneratedUser user, RecordAction action) => Subjects(user).Any(subject => Scopes(subject, action).Any(scope => scope > RecordScope.None));

    private bool Grants(GeneratedUser user, RecordAction action, (long Id, string Name, long? Owner, long? Unit) file)
    {
        foreach (var subject in Subjects(user))
        {
            foreach (var scope in Scopes(subject, action))
            {
                var own = file.Owner == subject.Id;
                if (scope == RecordScope.All || (scope > RecordScope.None && own)) { return true; }
                if (scope >= RecordScope.Team && file.Unit is { } unit && (scope == RecordScope.Team ? subject.Units.Contains(unit) : Lineage(unit).Any(subject.Units.Contains))) { return true; }
            }
        }
        if (!Scopes(user, action).Any(scope => scope > RecordScope.None)) { return false; }
        if (user.Customer == file.Id) { return true; }
        return action is RecordAction.Read or RecordAction.Edit or RecordAction.Export && shares.Exists(share => share.Customer == file.Id && share.Active && (action != RecordAction.Edit || share.Edit)
            && (share.User == user.Id || (share.Unit is { } unit && user.Units.Any(own => Lineage(own).Contains(unit)))));
    }

    private IEnumerable<GeneratedUser> Subjects(GeneratedUser user) =>
        deputies.Where(deputy => deputy.Deputy == user.Id && deputy.Active).Select(deputy => People.Single(person => person.Id == deputy.User)).Prepend(user);

    private IEnumerable<RecordScope> Scopes(GeneratedUser user, RecordAction action) => user.Roles.Select(role => roles[role].GetValueOrDefault("customers." + action.ToString().ToLowerInvariant()));

    /// <summary>A unit and all above it.</summary>
    private IEnumerable<long> Lineage(long unit)
    {
        for (var at = units.FindIndex(known => known.Id == unit); at >= 0; at = units[at].Parent) { yield return units[at].Id; }
    }

    private async Task MakeUnits(HuikeApp app)
    {
        for (var i = 1; i < Units; i++)
        {
            var parent = chance.Next(units.Count);
            units.Add((await app.AddUnit($"U{i}", units[parent].Id), parent));
        }
    }

    private async Task MakePeople(HuikeApp app)
    {
        await using var connection = await app.Database.Open(Ct);
        for (var i = 0; i < Roles; i++)
        {
            var scopes = new[] { RecordAction.Read, RecordAction.Edit, RecordAction.Export }.ToDictionary(action => "customers." + action.ToString().ToLowerInvariant(), _ => (RecordScope)chance.Next(i == 0 ? 5 : 4));
            if (i > 1 && scopes["customers.read"] == RecordScope.None) { scopes["customers.read"] = RecordScope.Own; }
            roles.Add(scopes);
            await connection.Run("insert into platform_role (name, title, overrides) values (@name, @name, @overrides)", Ct, ("name", $"chance{i}"),
                ("overrides", new RoleDefinition(scopes, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }).Write()));
        }
        for (var i = 0; i < Users; i++)
        {
            var given = Enumerable.Range(0, Roles).Where(_ => Maybe(0.35)).DefaultIfEmpty(chance.Next(Roles)).ToList();
            var main = Any(units).Id;
            var id = await app.AddUserWithRoles($"person{i}", main, [.. given.Select(role => $"chance{role}")]);
            var further = Maybe(0.4) ? Any(units).Id : main;
            if (further != main) { await connection.Run("insert into platform_user_unit (user_id, unit_id) values (@user, @unit)", Ct, ("user", id), ("unit", further)); }
            People.Add(new(id, $"person{i}", new HashSet<long> { main, further }, given));
        }
    }

    private async Task MakeCustomers(HuikeApp app)
    {
        await Given.Customers(app, "number,name\n" + string.Concat(Enumerable.Range(1, Customers).Select(i => $"K{i:D3},Wanda {i:D3}\n")));
        await using var connection = await app.Database.Open(Ct);
        for (var i = 1; i <= Customers; i++)
        {
            var id = await connection.Number("select id from customers_customer where number = @number", Ct, ("number", $"K{i:D3}"));
            var (owner, unit) = (Maybe(0.6) ? Any(People).Id : (long?)null, Maybe(0.6) ? Any(units).Id : (long?)null);
            await connection.Run("update customers_customer set owner_id = @owner, unit_id = @unit where id = @id", Ct, ("id", id), ("owner", owner), ("unit", unit));
            Files.Add((id, $"Wanda {i:D3}", owner, unit));
        }
        if (!Maybe(0.5)) { return; }
        var customer = Any(Files).Id;
        await connection.Run("update platform_user set customer_id = @customer, kind = 2 where id = @user", Ct, ("customer", customer), ("user", People[0].Id));
        People[0] = People[0] with { Customer = customer };
    }

    private async Task Share(System.Data.Common.DbConnection connection, DateTimeOffset now)
    {
        var person = Maybe(0.5) ? Any(People).Id : (long?)null;
        var (customer, unit, edit, active) = (Any(Files).Id, person is null ? Any(units).Id : (long?)null, Maybe(0.4), Maybe(0.7));
        var added = await connection.Run("""
            insert into platform_share (record_kind, record_id, user_id, unit_id, may_edit, until_at, purpose, reason, created_at, created_by) values ('customers', @customer, @person, @unit, @edit, @until, '', 'x', @now, '') on conflict do nothing
            """, Ct, ("customer", customer), ("person", person), ("unit", unit), ("edit", edit), ("until", active ? Maybe(0.5) ? null : now.AddDays(1) : now.AddDays(-1)), ("now", now));
        if (added > 0) { shares.Add((customer, person, unit, edit, active)); }
    }

    private bool Maybe(double share) => chance.NextDouble() < share;

    private T Any<T>(List<T> of) => of[chance.Next(of.Count)];
#pragma warning restore CA5394
}

/// <summary>Somebody of the generated firm.</summary>
internal sealed record GeneratedUser(long Id, string Name, IReadOnlySet<long> Units, IReadOnlyList<int> Roles)
{
    public long? Customer { get; init; }
}
