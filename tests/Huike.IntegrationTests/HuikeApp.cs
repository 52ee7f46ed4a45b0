using System.Security.Claims;
using Huike.Platform.Access;
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

    /// <summary>Adds a user who may sign in with <see cref="Password"/>.</summary>
    public Task AddUser(string name, params string[] permissions) => In(async services =>
    {
        var manager = services.GetRequiredService<UserManager<User>>();
        var user = new User { UserName = name, DisplayName = name };
        Assert.True((await manager.CreateAsync(user, Password)).Succeeded);
        return await manager.AddClaimsAsync(user, permissions.Select(permission => new Claim(Permissions.Claim, permission)));
    });

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
