using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Backup;

/// <summary>备份与恢复: one file of everything, and back again.</summary>
internal static class BackupModule
{
    /// <summary>What the audit tells of: a backup that was made, or restored.</summary>
    public static readonly AuditedKind Audited = new("backup", "backup.audit", null, "backup.field.");

    public static void AddBackup(this IServiceCollection services)
    {
        services.AddSingleton<StoredTables>().AddSingleton<RestoreFiles>().AddScoped<FillDatabase>().AddSingleton(Audited);
        // A node that ran then runs no more; a session that was ended since shall not begin again.
        services.AddSingleton(new LeftOut("platform_node")).AddSingleton(new LeftOut("platform_session")).AddSingleton(new KeptOnDisk("keys"));
        services.AddSingleton(all => new WriteBackup(all.GetRequiredService<Database>(), all.GetRequiredService<StoredTables>(), all.GetServices<KeptOnDisk>(), all.GetRequiredService<AuditLog>(), all.GetRequiredService<TimeProvider>()));
        services.AddScoped(all => new RestoreBackup(all.GetRequiredService<Database>(), all.GetRequiredService<Migrator>(), all.GetRequiredService<FillDatabase>(), all.GetRequiredService<RestoreFiles>(),
            all.GetRequiredService<AuditLog>(), all.GetRequiredService<TimeProvider>()));
    }
}
