using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huike.IntegrationTests;

/// <summary>The whole application, served on a free port of this machine, on a real database of its own.</summary>
internal sealed class HuikeApp : IAsyncDisposable
{
    /// <summary>Every test user's password.</summary>
    public const string Password = "correct horse battery";

    private readonly WebApplication app;
    private readonly TestDatabase database;
    private readonly bool ownsDatabase;
    private readonly KeptLog log;
    private int users;

    private HuikeApp(WebApplication app, TestDatabase database, bool ownsDatabase, MovableClock clock, KeptLog log)
    {
        (this.app, this.database, this.ownsDatabase, this.log) = (app, database, ownsDatabase, log);
        Clock = clock;
    }

    public MovableClock Clock { get; }

    public IServiceProvider Services => app.Services;

    public Database Database => app.Services.GetRequiredService<Database>();

    public Uri Address => new(app.Urls.First());

    /// <summary>What the application logged as errors since it started.</summary>
    public IReadOnlyCollection<string> Errors => log.Errors;

    /// <summary>Starts on a fresh database, which goes with it.</summary>
    /// <param name="kind">Which database.</param>
    /// <param name="adjust">Changes services.</param>
    /// <param name="map">Adds routes of the test's own.</param>
    public static async Task<HuikeApp> Start(DatabaseKind kind, Action<WebApplicationBuilder>? adjust = null, Action<WebApplication>? map = null) =>
        await Start(await TestDatabase.Migrated(kind), ownsDatabase: true, adjust, map);

    /// <summary>Starts on a database that outlives it.</summary>
    public static Task<HuikeApp> On(TestDatabase database, Action<WebApplicationBuilder>? adjust = null) => Start(database, ownsDatabase: false, adjust, map: null);

    /// <summary>No log, and passwords hashed quickly.</summary>
    public static void Quiet(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
    }

    /// <summary>Someone who has not signed in.</summary>
    /// <param name="language">What the browser asks for: <c>en</c> or <c>zh-CN</c>.</param>
    public Visitor Anonymous(string language = "en") => new(this, language);

    /// <summary>The administrator, signed in; the first call makes the account.</summary>
    public Task<Visitor> Administrator(string language = "en") => SignedIn(Permissions.All, language);

    /// <summary>A new user with these permissions and no others, signed in.</summary>
    public async Task<Visitor> UserWith(params string[] permissions)
    {
        var name = $"user{Interlocked.Increment(ref users)}";
        await AddUser(name, permissions);
        var visitor = Anonymous();
        await visitor.SignIn(name);
        return visitor;
    }

    /// <summary>Adds a user who may sign in with <see cref="Password"/>, by a role of its own that permits this on everyone's records and shows every field.</summary>
    /// <returns>The user's number.</returns>
    public Task<long> AddUser(string name, params string[] permissions) => permissions is [Permissions.All]
        ? AddUserWithRoles(name, 1, RoleBook.Administrator)
        : AddUserWith(name, 1, new(permissions.ToDictionary(permission => permission, _ => RecordScope.All), new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));

    /// <summary>Adds a user of a unit with a role of its own.</summary>
    public async Task<long> AddUserWith(string name, long unit, RoleDefinition definition)
    {
        var role = "test-" + name;
        await using (var connection = await Database.Open(TestContext.Current.CancellationToken))
        {
            await connection.Run("insert into platform_role (name, title, overrides) values (@role, @role, @overrides)", TestContext.Current.CancellationToken, ("role", role), ("overrides", definition.Write()));
        }
        return await AddUserWithRoles(name, unit, role);
    }

    /// <summary>Adds a user of a unit with these roles.</summary>
    public Task<long> AddUserWithRoles(string name, long unit, params string[] roles) => In(async services =>
    {
        var manager = services.GetRequiredService<UserManager<User>>();
        var user = new User { UserName = name, DisplayName = name, UnitId = unit };
        Assert.True((await manager.CreateAsync(user, Password)).Succeeded);
        await using var connection = await Database.Open(TestContext.Current.CancellationToken);
        foreach (var role in roles) { await connection.Run("insert into platform_user_role (user_id, role) values (@user, @role)", TestContext.Current.CancellationToken, ("user", user.Id), ("role", role)); }
        services.GetRequiredService<AccessMemory>().Forget();
        return user.Id;
    });

    /// <summary>Adds a unit.</summary>
    public Task<long> AddUnit(string name, long parent = Unit.Firm) => Number($"insert into platform_unit (parent_id, kind, name, created_at) values ({parent}, 4, '{name}', {(Database.Kind == DatabaseKind.Sqlite ? "0" : "now()")}) returning id");

    /// <summary>Somebody who was added before, signed in.</summary>
    public async Task<Visitor> As(string name, string language = "en")
    {
        var visitor = Anonymous(language);
        await visitor.SignIn(name);
        return visitor;
    }

    /// <summary>Does something with the application's own services, in a scope as a request has it.</summary>
    public async Task<T> In<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    /// <summary>A number that the database says: <c>select count(*) from …</c>.</summary>
    public async Task<long> Number(string sql)
    {
        await using var connection = await Database.Open(TestContext.Current.CancellationToken);
        return await connection.Number(sql, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        if (ownsDatabase) { await database.DisposeAsync(); }
    }

    private static async Task<HuikeApp> Start(TestDatabase database, bool ownsDatabase, Action<WebApplicationBuilder>? adjust, Action<WebApplication>? map)
    {
        var clock = new MovableClock();
        var kept = new KeptLog();
        var program = HuikeHost.Build(database.Arguments, builder =>
        {
            Quiet(builder);
            builder.Logging.AddProvider(kept);
            builder.Services.AddSingleton<TimeProvider>(clock);
            adjust?.Invoke(builder);
        });
        map?.Invoke(program);
        await program.Services.GetRequiredService<Migrator>().Run(TestContext.Current.CancellationToken);
        await program.StartAsync(TestContext.Current.CancellationToken);
        return new(program, database, ownsDatabase, clock, kept);
    }

    private async Task<Visitor> SignedIn(string permission, string language)
    {
        await In(async services =>
        {
            var setUp = services.GetRequiredService<SetUpFirm>();
            if (await setUp.IsOpen(TestContext.Current.CancellationToken)) { await setUp.Run("admin", Password, TestContext.Current.CancellationToken); }
            return permission;
        });
        var visitor = Anonymous(language);
        await visitor.SignIn("admin");
        return visitor;
    }
}
