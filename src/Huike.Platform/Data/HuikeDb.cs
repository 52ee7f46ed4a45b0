using System.Reflection;
using Huike.Platform.Access;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Huike.Platform.Data;

/// <summary>The assemblies whose entities belong to the model and whose SQL files to the migration history.</summary>
public sealed record Modules(IReadOnlyList<Assembly> Assemblies);

/// <summary>The one model of the one database. Each module maps its own internal entities beside them.</summary>
public sealed class HuikeDb(DbContextOptions<HuikeDb> options, Modules modules, Database database) : IdentityUserContext<User, long>(options)
{
    /// <inheritdoc/>
    /// <remarks>On SQLite the save waits for its turn to write, unless the caller's transaction holds the turn already.</remarks>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (Database.CurrentTransaction is not null) { return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken); }
        using var turn = await database.WriteTurn(cancellationToken);
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<decimal>().HaveConversion<AmountConverter>();
        if (database.Kind == DatabaseKind.Sqlite) { configurationBuilder.Properties<DateTimeOffset>().HaveConversion<InstantConverter>(); }
        else { configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>(); }
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<User>().ToTable("platform_user");
        builder.Entity<Microsoft.AspNetCore.Identity.IdentityUserClaim<long>>().ToTable("platform_user_claim");
        builder.Entity<Microsoft.AspNetCore.Identity.IdentityUserLogin<long>>().ToTable("platform_user_login");
        builder.Entity<Microsoft.AspNetCore.Identity.IdentityUserToken<long>>().ToTable("platform_user_token");
        foreach (var assembly in modules.Assemblies) { builder.ApplyConfigurationsFromAssembly(assembly); }
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(SnakeCase(property.Name));
        }
    }

    internal static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

    private sealed class AmountConverter() : ValueConverter<decimal, long>(v => v.ToStored(), v => v.FromStored());

    private sealed class InstantConverter() : ValueConverter<DateTimeOffset, long>(v => v.ToUnixTimeMilliseconds(), v => DateTimeOffset.FromUnixTimeMilliseconds(v));

    private sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(v => v.ToUniversalTime(), v => v);
}
