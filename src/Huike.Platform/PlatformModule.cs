using Huike.Platform.Access;
using Huike.Platform.Api;
using Huike.Platform.Approvals;
using Huike.Platform.Audit;
using Huike.Platform.Backup;
using Huike.Platform.Calendar;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Platform.Events;
using Huike.Platform.Fields;
using Huike.Platform.Files;
using Huike.Platform.Health;
using Huike.Platform.Jobs;
using Huike.Platform.Live;
using Huike.Platform.Mail;
using Huike.Platform.Notifications;
using Huike.Platform.Numbering;
using Huike.Platform.Retention;
using Huike.Platform.Rules;
using Huike.Platform.Settings;
using Huike.Platform.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform;

/// <summary>What every module stands on: the database, access, audit, settings and jobs.</summary>
public static class PlatformModule
{
    /// <summary>Adds the platform for one database, the modules that live in it, and the way out for mail.</summary>
    public static IServiceCollection AddPlatform(this IServiceCollection services, Database database, Modules modules, MailOptions mail)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => database);
        services.AddSingleton(modules);
        services.AddDbContext<HuikeDb>(options =>
        {
            // Not every module has entities.
            options.ConfigureWarnings(warnings => warnings.Ignore(Microsoft.EntityFrameworkCore.Diagnostics.CoreEventId.NoEntityTypeConfigurationsWarning));
            if (database.Postgres is { } postgres) { options.UseNpgsql(postgres); }
            else { options.UseSqlite(database.ConnectionString); }
        });
        services.AddSingleton<Migrator>();
        services.AddSettingsPages();
        services.AddSingleton<ApiWrites>().AddSingleton<ApiLimits>();
        services.AddEvents();
        services.AddLive();
        services.AddJobs();
        services.AddWebhooks();
        services.AddNotifications();
        services.AddApprovals();
        services.AddSingleton<IOutgoingMail>(new SmtpMail(mail));
        services.AddAudit();
        services.AddRetention();
        services.AddCalendar();
        services.AddFiles();
        services.AddFields();
        services.AddNumbering();
        services.AddRules();
        services.AddBackup();
        services.AddSystemHealth();
        services.AddAccess(database);
        return services;
    }
}
